import type { ControlRoute } from './route';
import { setAgentStatus } from '../lifecycle/agent-status';

/** Switches agents off and on: `POST /_emulator/agents/agent-0123456789abcdef0` with `{"status": "OFFLINE"}`. */
export const agentRoutes: readonly ControlRoute[] = [{
  method: 'POST',
  path: /^\/_emulator\/agents\/([^/]+)$/,
  answer: async (state, body, id) => {
    const { status } = Object(body) as { status?: unknown };
    const arns = await state.durably(() => setAgentStatus(state, id, status));
    return { json: arns.map(arn => ({ AgentArn: arn, Status: status })) };
  },
}];
