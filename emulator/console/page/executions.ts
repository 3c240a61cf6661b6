import type { Child } from './dom';
import { element } from './dom';
import { bytes, count, duration, idOf } from './format';
import { plotOf } from './plot';
import type { ViewState } from './view-state';
import type { ExecutionSummary } from '../status';

const MIB = 1024 * 1024;

/** One execution: how far it is, how fast, what failed, and what can be done about it. */
export function executionCard(execution: ExecutionSummary, state: ViewState): HTMLElement {
  const { arn, status, taskArn, taskName, errorCode, errorDetail, reportError, queue } = execution;
  const id = idOf(arn);
  return element('article', { 'id': id, 'data-key': arn, 'tabindex': -1, 'aria-label': `${id} of ${taskName ?? idOf(taskArn)}, ${status}` },
    element('div', { class: 'row' },
      element('h3', {}, taskName ?? idOf(taskArn), ' ', element('code', { class: 'soft' }, id)),
      element('span', { class: `status ${status}` }, status)),
    ...queue ? [waitOf(queue)] : progressOf(execution),
    plotOf(state.throughputOf(arn)?.rates ?? [], execution.bytesPerSecondLimit),
    errorCode !== undefined && element('p', { class: 'bad' }, `${errorCode}: ${errorDetail}`),
    reportError !== undefined && element('p', { class: 'bad' }, `no task report: ${reportError}`),
    failuresOf(execution),
    controlsOf(execution, state));
}

function waitOf({ position, behind }: NonNullable<ExecutionSummary['queue']>): HTMLElement {
  const links = behind.flatMap(arn => [' and ', element('a', { href: `#${idOf(arn)}` }, idOf(arn))]).slice(1);
  return element('p', {}, `Number ${position} in the queue, waits `, ...links.length > 0 ? ['behind ', ...links] : ['until fewer executions run in Enhanced mode']);
}

function progressOf({ status, phases, progress: p, endTime, ...execution }: ExecutionSummary): HTMLElement[] {
  const ended = endTime !== undefined;
  const limit = execution.bytesPerSecondLimit;
  const isCounted = status === 'TRANSFERRING' || status === 'VERIFYING';
  return [
    element('ol', { class: 'phases' }, ...phases.map(phase => phaseItem(phase, status === phase.name))),
    ...ended ? [] : [element('progress', { 'max': 1, 'value': isCounted ? p.fraction : undefined, 'aria-label': 'progress of the transfer' })],
    element('div', { class: 'row soft' },
      element('span', {}, [
        count(p.itemsTransferred, 'transferred') + (ended ? '' : ` of ${count(p.itemsPlanned, 'planned')}`),
        count(p.itemsSkipped, 'skipped'), count(p.itemsDeleted, 'deleted'), count(p.itemsVerified, 'verified'),
        bytes(p.bytesWritten) + (ended ? '' : ` of ${bytes(p.bytesPlanned)}`),
      ].join(' · ')),
      element('span', {}, [
        `${bytes(execution.bytesPerSecond)}/s${limit === undefined ? '' : ` (limit ${bytes(limit)}/s)`}`,
        count(execution.itemsPerSecond, 'items/s'), duration(execution.durationMs),
      ].join(' · '))),
  ];
}

function phaseItem({ name, status, durationMs }: ExecutionSummary['phases'][number], isNow: boolean): HTMLElement {
  const text = name.toLowerCase() + (durationMs > 0 ? ` ${duration(durationMs)}` : '');
  return element('li', { 'class': isNow ? 'now' : status, 'aria-current': isNow && 'step' }, text, !isNow && status !== 'PENDING' && hidden(` ${status}`));
}

/** For those who do not see colours. */
function hidden(text: string): HTMLElement {
  return element('span', { class: 'hidden' }, text);
}

function failuresOf({ itemsFailed, failedItems }: ExecutionSummary): Child {
  if (itemsFailed === 0) return undefined;
  const title = count(itemsFailed, itemsFailed === 1 ? 'failure' : 'failures');
  if (failedItems.length === 0) return element('p', { class: 'bad' }, `${title} of items; the log and the task report tell which`);
  const more = itemsFailed - failedItems.length;
  return element('details', { 'data-key': 'failures' },
    element('summary', { class: 'bad' }, title),
    element('ul', {},
      ...failedItems.map(({ path, step, code, message }) => element('li', {},
        element('code', {}, path), ` ${step.toLowerCase()}: ${message}${code === undefined || message.includes(code) ? '' : ` (${code})`}`)),
      more > 0 && element('li', { class: 'soft' }, `and ${more.toLocaleString('en')} more; the log and the task report have all of them`)));
}

function controlsOf({ arn, endTime, status, bytesPerSecondLimit: limit }: ExecutionSummary, { panels }: ViewState): Child {
  if (endTime !== undefined || status === 'CANCELLING') return undefined;
  const id = idOf(arn);
  const button = (action: string, text: string, attributes = {}) =>
    element('button', { 'type': 'button', 'id': `${action}-${id}`, 'data-action': action, 'data-arn': arn, 'aria-label': `${text} ${id}`, ...attributes }, text);
  switch (panels.get(arn)) {
    case 'cancel':
      return element('div', { 'class': 'controls', 'data-key': 'cancel', 'role': 'group', 'aria-labelledby': `question-${id}` },
        element('span', { id: `question-${id}` }, 'Cancel it? What has been copied stays.'),
        button('keep', 'No, keep it'), button('cancel', 'Yes, cancel it', { class: 'danger' }));
    case 'limit':
      return element('form', { 'class': 'controls', 'data-key': 'limit', 'data-action': 'limit', 'data-arn': arn, 'aria-label': `Limit of ${id}` },
        element('label', { for: `limit-${id}` }, 'Limit in MiB/s'),
        element('input', {
          id: `limit-${id}`, name: 'limit', inputmode: 'decimal', autocomplete: 'off', placeholder: 'none', value: limit === undefined ? '' : Number((limit / MIB).toPrecision(4)),
        }),
        element('button', { type: 'submit', id: `apply-${id}` }, 'Apply'), button('close', 'Close'));
    default:
      return element('div', { 'class': 'controls', 'data-key': 'controls' },
        button('ask-limit', 'Limit'), button('ask-cancel', 'Cancel'));
  }
}
