import { element } from './dom';
import { count, idOf } from './format';
import type { TaskSummary } from '../status';

/** One task, with a button that starts it. */
export function taskCard({ arn, name, status, errorDetail, source, destination, mode, executions }: TaskSummary): HTMLElement {
  const id = idOf(arn);
  return element('article', { 'id': id, 'data-key': arn, 'tabindex': -1, 'aria-label': `${name ?? id}, ${status}` },
    element('div', { class: 'row' },
      element('h3', {}, ...name === undefined ? [] : [name, ' '], element('code', { class: 'soft' }, id)),
      element('span', { class: `status ${status}` }, status)),
    element('dl', {},
      element('dt', {}, 'from'), element('dd', {}, source),
      element('dt', {}, 'to'), element('dd', {}, destination)),
    errorDetail !== undefined && element('p', { class: 'bad' }, errorDetail),
    element('div', { class: 'row' },
      element('span', { class: 'soft' }, `${mode.toLowerCase()} mode · ${count(executions, executions === 1 ? 'execution' : 'executions')}`),
      element('button', { 'type': 'button', 'id': `start-${id}`, 'data-action': 'start', 'data-arn': arn, 'aria-label': `Start ${name ?? id}` }, 'Start')));
}
