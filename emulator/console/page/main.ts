/// <reference lib="dom" />
/**
 * The page's script, as it runs in the browser: asks for the status again and again, and shows it. Whatever comes from tasks becomes text of a
 * node, never markup.
 */
import { listen } from './actions';
import { agentItem } from './agents';
import { element, update } from './dom';
import { executionCard } from './executions';
import { idOf } from './format';
import { scheduleItem } from './schedules';
import { taskCard } from './tasks';
import { ViewState } from './view-state';
import type { ExecutionSummary, Status } from '../status';

/** How long to wait, in ms, before it looks again: while something runs, and else. */
const LIVE = 500;
const IDLE = 2_000;

const state = new ViewState();
let last: Status | undefined;
let timer: number | undefined;
let asking: Promise<void> | undefined;

function render(): void {
  if (!last) return;
  const { executions, tasks, schedules, agents, omitted, time } = last;
  const card = (execution: ExecutionSummary) => executionCard(execution, state);
  const ended = executions.filter(({ endTime }) => endTime !== undefined);
  const queued = executions.filter(({ queue }) => queue);
  const running = executions.filter(execution => !ended.includes(execution) && !queued.includes(execution));
  const focused = document.activeElement;
  const home = focused?.closest('article')?.id;
  show('running', running.map(card), 'Nothing runs.');
  show('queue', queued.map(card), 'Nothing waits.');
  show('ended', ended.map(card), 'None yet.', omitted.executions);
  show('tasks', tasks.map(taskCard), 'None yet. CreateTask makes one.', omitted.tasks);
  show('schedules', listOf(schedules.map(schedule => scheduleItem(schedule, time))), 'No task has one.', omitted.schedules);
  show('agents', listOf(agents.map(agentItem)), 'No location names one.', omitted.agents);
  // What had the focus may have moved to another list or be gone: then what it was part of has it.
  if (focused && !focused.isConnected) (document.getElementById(focused.id) ?? document.getElementById(home ?? ''))?.focus();
}

function listOf(items: readonly HTMLElement[]): HTMLElement[] {
  return items.length > 0 ? [element('ul', {}, ...items)] : [];
}

function show(id: string, nodes: readonly HTMLElement[], nothing: string, omitted = 0): void {
  const shown = nodes.length > 0 ? [...nodes] : [element('p', { class: 'soft' }, nothing)];
  if (omitted > 0) shown.push(element('p', { class: 'soft' }, `and ${omitted.toLocaleString('en')} more`));
  update(document.getElementById(id)!, shown);
}

/** Says what has ended since the last look, to those who listen to the page. */
function announce(executions: readonly ExecutionSummary[]): void {
  const before = new Map(last?.executions.map(({ arn, status }) => [arn, status]));
  const news = executions.filter(({ arn, status, endTime }) => endTime !== undefined && before.has(arn) && before.get(arn) !== status);
  if (news.length === 0) return;
  document.getElementById('announcements')!.textContent = news.map(({ arn, taskName, status }) => `${idOf(arn)} of ${taskName ?? 'its task'}: ${status}`).join('. ');
}

async function look(): Promise<void> {
  const connection = document.getElementById('connection')!;
  let wait = IDLE;
  try {
    const response = await fetch('/_emulator/status', { cache: 'no-store' });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    const status: Status = answer;
    announce(status.executions);
    state.note(status.executions);
    last = status;
    render();
    if (status.executions.some(({ endTime }) => endTime === undefined)) wait = LIVE;
    update(connection, [document.createTextNode(location.origin)]);
    connection.className = '';
  } catch (error) {
    update(connection, [document.createTextNode(`the emulator does not answer: ${(error as Error).message}`)]);
    connection.className = 'lost';
  }
  timer = setTimeout(refresh, wait) as unknown as number;
}

async function refresh(): Promise<void> {
  clearTimeout(timer);
  await asking; // what it tells may be older than what was just done
  clearTimeout(timer);
  asking = look();
  await asking;
}

function tell(text: string, isBad = false): void {
  const notice = document.getElementById('notice')!;
  notice.textContent = text;
  notice.className = isBad ? 'bad' : '';
}

listen({ state, render, refresh, tell });
void refresh();
