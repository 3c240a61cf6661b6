import { State } from './api/context';
import { ServiceError } from './errors';
import { setAgentStatus } from './lifecycle/agent-status';
import { idOf } from './model/arns';
import type { OwnRoute } from './own-api';

/** Switches agents off and on: `POST /_emulator/agents/agent-0123456789abcdef0` with `{"status": "OFFLINE"}`. */
export const agentRoutes: readonly OwnRoute[] = [{
  method: 'POST',
  path: /^\/_emulator\/agents\/([^/]+)$/,
  answer: (state, body, id) => {
    const { status } = Object(body) as { status?: unknown };
    if (status !== 'ONLINE' && status !== 'OFFLINE') {
      throw new ServiceError('BadRequest', `"status" must be "ONLINE" or "OFFLINE", got ${String(JSON.stringify(status)).slice(0, 100)}`);
    }
    const arns = agentsNamed(state, id);
    if (arns.length === 0) throw new ServiceError('NotFound', `There is no agent '${id.slice(0, 100)}', and no location names one`, 404);
    arns.forEach(arn => setAgentStatus(state, arn, status));
    return { json: arns.map(arn => ({ AgentArn: arn, Status: status })) };
  },
}];

/** Agents of that id, whether they were created or are only named by locations. */
function agentsNamed({ agents, locations }: State, id: string): string[] {
  const known = [...[...agents].map(({ arn }) => arn), ...[...locations].flatMap(({ agentArns }) => agentArns)];
  return [...new Set(known)].filter(arn => idOf(arn) === id);
}
