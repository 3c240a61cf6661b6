import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { checkCount, checkEnvironment, checkText, isKnownLater, requireKind } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** Rules that servers outside of AWS have in common. */

/** As CloudFormation has it for NFS: other than the API, it takes no colon, and with it no IPv6 address. */
const HOSTNAME = /^(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9-]*[A-Za-z0-9])$/;
const HOSTNAME_OR_IPV6 = /^(([a-zA-Z0-9-]*[a-zA-Z0-9])\.)*([A-Za-z0-9\-:]*[A-Za-z0-9])$/;

export function checkHostname(problems: Problems, property: string, hostname: string, { ipv6 = false } = {}): void {
  checkText(problems, property, hostname, {
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
}

export function arnsOf(agents: aws_datasync.IAgentRef[]): string[] {
  return agents.map(agent => agent.agentRef.agentArn);
}
