import { element } from './dom';
import { idOf, time, until } from './format';
import type { ScheduleSummary } from '../status';

/** When a task starts next by its schedule. */
export function scheduleItem({ taskArn, taskName, expression, status, nextTime, disabledReason }: ScheduleSummary, now: number): HTMLElement {
  const next = nextTime === undefined
    ? [status === 'ENABLED' ? 'never again' : 'disabled']
    : [element('time', { datetime: new Date(nextTime).toISOString() }, time(nextTime)), ` (in ${until(nextTime - now)})`];
  return element('li', { 'data-key': taskArn },
    element('div', { class: 'row' }, element('b', {}, taskName ?? idOf(taskArn)), element('code', { class: 'soft' }, expression)),
    element('div', { class: nextTime === undefined ? 'soft' : '' }, ...next),
    disabledReason !== undefined && element('div', { class: 'bad' }, disabledReason));
}
