import type { AgentStatus } from '@aws-sdk/client-datasync';
import type { ExecutionQueue } from './queue';
import type { Clock } from '../clock';
import { ServiceError } from '../errors';
import type { Agent } from '../model/agent';
import { idOf } from '../model/arns';
import type { Location } from '../model/location';
import type { Store } from '../model/store';
import type { Task } from '../model/task';
import { agentsOf } from '../model/task';
import type { TaskUnavailability } from '../model/task-availability';
import { shown } from '../text/shown';

/** What depends on the status of agents. */
export interface AgentStatusHost {
  readonly agents: Store<Agent>;
  readonly locations: Store<Location>;
  readonly tasks: Store<Task>;
  /** Agents that are offline. An agent that locations name but nobody created can be one of them. */
  readonly offlineAgents: Set<string>;
  readonly queue: Pick<ExecutionQueue, 'agentChanged'>;
  readonly clock: Clock;
  publishAgentStatus(arn: string, status: AgentStatus): void;
  publishTaskStatus(task: Task): void;
}

/** The ARNs of all agents: those that were created, that locations name and that were switched off. */
export function knownAgents({ agents, locations, offlineAgents }: Pick<AgentStatusHost, 'agents' | 'locations' | 'offlineAgents'>): string[] {
  return [...new Set([...[...agents].map(({ arn }) => arn), ...[...locations].flatMap(({ agentArns }) => agentArns), ...offlineAgents])];
}

/**
 * Switches an agent on or off, and tells about the agent and about each task that uses it; what such a task runs has to cope.
 *
 * @param agent ARN or id of an agent that was created, or that a location names
 * @returns the ARNs of that agent: it can be known to several accounts and Regions
 * @throws ServiceError when there is none, or no such status
 */
export function setAgentStatus(host: AgentStatusHost, agent: string, status: unknown): string[] {
  if (status !== 'ONLINE' && status !== 'OFFLINE') {
    throw new ServiceError('BadRequest', `"status" must be "ONLINE" or "OFFLINE", got ${shown(status)}`);
  }
  const arns = knownAgents(host).filter(arn => arn === agent || idOf(arn) === agent);
  if (arns.length === 0) throw new ServiceError('NotFound', `There is no agent '${agent.slice(0, 100)}', and no location names one`, 404);
  arns.forEach(arn => switchAgent(host, arn, status));
  return arns;
}

function switchAgent(host: AgentStatusHost, arn: string, status: AgentStatus): void {
  const { offlineAgents } = host;
  if (offlineAgents.has(arn) === (status === 'OFFLINE')) return;
  if (status === 'OFFLINE') offlineAgents.add(arn);
  else offlineAgents.delete(arn);
  for (const agent of host.agents) {
    if (agent.arn === arn) agent.lastConnectionTime = host.clock.now();
  }
  host.publishAgentStatus(arn, status);
  for (const task of host.tasks) {
    if (agentsOf(task).includes(arn)) host.publishTaskStatus(task);
  }
  host.queue.agentChanged(arn);
}

/** All agents of a task have to be online: one that is not makes the task unavailable. */
export function unavailabilityByAgents(agentArns: readonly string[], offlineAgents: ReadonlySet<string>): Required<TaskUnavailability> | undefined {
  const offline = agentArns.filter(arn => offlineAgents.has(arn));
  if (offline.length === 0) return undefined;
  return { status: 'UNAVAILABLE', errorCode: 'AgentOffline', errorDetail: `Agent ${offline.map(idOf).join(', ')} of the task is offline.` };
}
