import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import type { AgentBase } from '../agent/agent-base';
import { resourceBehind } from '../private/l1-fields';
import { TaskMode } from '../task-mode';
import { checkCount, checkEnvironment, checkText, isKnownLater, requireKind } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** Rules that servers outside of AWS have in common. */

/** A location may have so many of each mode. */
const AGENTS_PER_MODE = 4;

/** As CloudFormation has it for NFS: other than the API, it takes no colon, and with it no IPv6 address. */
const HOSTNAME = /^(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9])$/;
const HOSTNAME_OR_IPV6 = /^(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9\-:]*[A-Za-z0-9])$/;

export function checkHostname(problems: Problems, property: string, hostname: string, { ipv6 = false } = {}): void {
  checkText(problems, property, hostname, {
    required: true,
    max: 255,
    pattern: ipv6 ? HOSTNAME_OR_IPV6 : HOSTNAME,
    says: 'must be a host name of ASCII letters, digits, hyphens and dots, '
      + (ipv6 ? 'or an IPv4 or IPv6 address' : 'or an IPv4 address (CloudFormation takes no IPv6 address)'),
    remedy: 'give the name of the server alone, without protocol, port or path',
  });
}

export function checkPort(problems: Problems, property: string, port: number | undefined, example: number): void {
  if (port === undefined || isKnownLater(port) || Number.isInteger(port) && port >= 1 && port <= 65536) return;
  problems.add(`${property} ${port}`, 'must be a port, a whole number from 1 to 65536', `give the one that the server listens on, such as ${example}`);
}

/** @param agents undefined of what is reached without agents */
export function checkAgents(problems: Problems, scope: IConstruct, agents: aws_datasync.IAgentRef[] | undefined): void {
  checkCount(problems, 'agents', agents, 1, 8, 'agents');
  agents?.forEach((agent, index) => {
    requireKind(scope, `agents[${index}]`, agent, 'agentRef', 'give an agent, such as Agent.fromAgentArn()');
    checkEnvironment(problems, scope, `agents[${index}]`, agent);
  });
  checkTogether(problems, (agents ?? []) as ReadonlyArray<Partial<AgentBase>>);
}

/** What is known of agents that one location has together. */
function checkTogether(problems: Problems, agents: ReadonlyArray<Partial<AgentBase>>): void {
  for (const mode of Object.values(TaskMode)) {
    const given = agents.filter(({ _taskMode }) => _taskMode === mode).length;
    if (given > AGENTS_PER_MODE) {
      problems.add(`agents of mode ${mode} (${given} given)`, `a location may have at most ${AGENTS_PER_MODE} of a mode`, 'remove some');
    }
  }
  const [first, ...others] = agents.flatMap(({ _link }) => _link ?? []);
  if (others.some(other => differ(first.vpcEndpointId, other.vpcEndpointId) || differ(first.subnetId, other.subnetId))) {
    problems.add(`agents (${agents.length} given)`, 'must all have the same VPC endpoint and the same subnet',
      'give their AgentEndpoint.privateLink() the same endpoint and subnet, or leave out the agents of another');
  }
}

/** Whether two ids are certainly not the same: what only the deployment tells may be. */
function differ(one: string, other: string): boolean {
  if (!isKnownLater(one) && !isKnownLater(other)) return one !== other;
  const [resource, otherResource] = [resourceBehind(one), resourceBehind(other)];
  return resource !== undefined && otherResource !== undefined && resource !== otherResource;
}

export function arnsOf(agents: aws_datasync.IAgentRef[]): string[] {
  return agents.map(agent => agent.agentRef.agentArn);
}
