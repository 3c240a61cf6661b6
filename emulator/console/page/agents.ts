import { element } from './dom';
import { count, idOf } from './format';
import type { AgentSummary } from '../status';

/** One agent, with a button that switches it off or on. */
export function agentItem({ arn, name, status, tasks }: AgentSummary): HTMLElement {
  const id = idOf(arn);
  const isOnline = status === 'ONLINE';
  const text = isOnline ? 'Switch off' : 'Switch on';
  return element('li', { 'data-key': arn },
    element('div', { class: 'row' },
      element('span', {}, ...name === undefined ? [] : [element('b', {}, name), ' '], element('code', {}, id)),
      element('span', { class: `status ${status}` }, status)),
    element('div', { class: 'row' },
      element('span', { class: 'soft' }, `used by ${count(tasks, tasks === 1 ? 'task' : 'tasks')}`),
      element('button', {
        'type': 'button', 'id': `agent-${id}`, 'data-action': 'switch', 'data-arn': arn, 'data-value': isOnline ? 'OFFLINE' : 'ONLINE', 'aria-label': `${text} ${name ?? id}`,
      }, text)));
}
