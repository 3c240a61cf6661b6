/**
 * The page's script, as it runs in the browser. Whatever comes from tasks (names, URIs, texts of errors) becomes text of a node,
 * never markup.
 */
export const SCRIPT = String.raw`
'use strict';
const LIVE = 500, IDLE = 2000;

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.map(child => child instanceof Node ? child : document.createTextNode(child)));
  return node;
}

function bytes(count) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) { count /= 1024; unit++; }
  return (unit === 0 ? count : count.toFixed(1)) + ' ' + units[unit];
}

function seconds(ms) {
  return ms < 10000 ? (ms / 1000).toFixed(1) + ' s' : Math.round(ms / 1000) + ' s';
}

function number(count, noun) {
  return count.toLocaleString('en') + ' ' + noun;
}

function last(arn) {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function phaseOf(execution, phase) {
  const now = execution.status === phase.name;
  const done = phase.durationMs > 0 || phase.status !== 'PENDING';
  const item = element('li', now ? 'now' : phase.status, phase.name.toLowerCase() + (done && phase.durationMs > 0 ? ' ' + seconds(phase.durationMs) : ''));
  if (now) item.setAttribute('aria-current', 'step');
  return item;
}

function executionOf(execution) {
  const p = execution.progress;
  const ended = execution.endTime !== undefined;
  const node = element('article', '',
    element('div', '',
      element('span', '', element('b', '', execution.taskName || last(execution.taskArn)), ' ', element('code', 'soft', last(execution.arn))),
      element('span', 'status ' + execution.status, execution.status)),
    element('ol', '', ...execution.phases.map(phase => phaseOf(execution, phase))));
  if (!ended && execution.status !== 'QUEUED') {
    const bar = element('progress', '');
    bar.max = 1;
    if (execution.status === 'TRANSFERRING' || execution.status === 'VERIFYING') bar.value = p.fraction;
    bar.setAttribute('aria-label', 'progress of the transfer');
    node.append(bar);
  }
  node.append(element('div', 'soft',
    element('span', '', [
      number(p.itemsTransferred, 'transferred') + (ended ? '' : ' of ' + number(p.itemsPlanned, 'planned')),
      number(p.itemsSkipped, 'skipped'), number(p.itemsDeleted, 'deleted'), number(p.itemsVerified, 'verified'),
      bytes(p.bytesWritten) + (ended ? '' : ' of ' + bytes(p.bytesPlanned)),
    ].join(' · ')),
    element('span', '', bytes(execution.bytesPerSecond) + '/s · ' + number(execution.itemsPerSecond, 'items/s') + ' · ' + seconds(execution.durationMs))));
  if (execution.errorDetail) node.append(element('div', 'error', execution.errorCode + ': ' + execution.errorDetail));
  return node;
}

function tableOf(tasks) {
  const head = element('tr', '');
  for (const [name, className] of [['Task'], ['Status'], ['From'], ['To'], ['Mode'], ['Executions', 'number']]) {
    const cell = element('th', className || '', name);
    cell.scope = 'col';
    head.append(cell);
  }
  const rows = tasks.map(task => element('tr', '',
    element('td', '', element('b', '', task.name || ''), ' ', element('code', 'soft', last(task.arn))),
    element('td', 'status ' + task.status, task.status),
    element('td', '', task.source), element('td', '', task.destination),
    element('td', '', task.mode), element('td', 'number', String(task.executions))));
  return element('table', '', element('thead', '', head), element('tbody', '', ...rows));
}

function show(id, nodes, nothing, omitted) {
  const shown = nodes.length > 0 ? nodes : [element('p', 'soft', nothing)];
  if (omitted > 0) shown.push(element('p', 'soft', 'and ' + omitted + ' more'));
  document.getElementById(id).replaceChildren(...shown);
}

const connection = document.getElementById('connection');
let before = '';

async function refresh() {
  let wait = IDLE;
  try {
    const answer = await fetch('/_emulator/status', { cache: 'no-store' });
    if (!answer.ok) throw new Error((await answer.json()).message);
    const text = await answer.text();
    const status = JSON.parse(text);
    if (text !== before) {
      show('executions', status.executions.map(executionOf), 'None yet. StartTaskExecution starts one.', status.omitted.executions);
      show('tasks', status.tasks.length > 0 ? [tableOf(status.tasks)] : [], 'None yet. CreateTask makes one.', status.omitted.tasks);
      before = text;
    }
    if (status.executions.some(execution => execution.endTime === undefined)) wait = LIVE;
    connection.textContent = location.origin;
    connection.className = '';
  } catch (error) {
    connection.textContent = 'the emulator does not answer: ' + error.message;
    connection.className = 'lost';
  }
  setTimeout(refresh, wait);
}

refresh();
`;
