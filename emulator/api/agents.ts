import type {
  AgentStatus, CreateAgentRequest, CreateAgentResponse, DeleteAgentRequest, DeleteAgentResponse, DescribeAgentRequest, DescribeAgentResponse,
  ListAgentsRequest, ListAgentsResponse, UpdateAgentRequest, UpdateAgentResponse,
} from '@aws-sdk/client-datasync';
import type { Context, Handlers } from './context';
import { InvalidRequestError } from '../errors';
import type { Agent } from '../model/agent';
import { newAgentArn } from '../model/arns';
import { page } from '../model/pagination';
import { newResource } from '../model/store';

/** An agent inside of a VPC has all three of them. */
const PRIVATE_LINK = ['VpcEndpointId', 'SubnetArns', 'SecurityGroupArns'] as const;

export const agents: Handlers = {
  CreateAgent: (context, input: CreateAgentRequest): CreateAgentResponse => {
    const missing = PRIVATE_LINK.filter(member => input[member] === undefined);
    if (missing.length > 0 && missing.length < PRIVATE_LINK.length) {
      throw new InvalidRequestError(`Invalid parameter: ${PRIVATE_LINK.join(', ')} go together, ${missing.join(' and ')} is missing.`);
    }
    const { VpcEndpointId, SubnetArns, SecurityGroupArns } = input;
    const told = context.activation.redeem(input.ActivationKey!, context.caller);
    const resource = newResource(context, newAgentArn(context.caller), input.Tags);
    const agent = context.agents.add({
      ...resource,
      name: input.AgentName,
      lastConnectionTime: resource.creationTime,
      endpointType: told?.endpointType ?? (VpcEndpointId ? 'PRIVATE_LINK' : 'PUBLIC'),
      privateLink: VpcEndpointId
        ? { VpcEndpointId, SubnetArns, SecurityGroupArns, ...told?.privateLinkEndpoint && { PrivateLinkEndpoint: told.privateLinkEndpoint } }
        : undefined,
    });
    context.publishAgentStatus(agent.arn, 'ONLINE');
    return { AgentArn: agent.arn };
  },

  DescribeAgent: (context, { AgentArn }: DescribeAgentRequest): DescribeAgentResponse => {
    const agent = context.agents.get(AgentArn!, context.caller);
    return {
      AgentArn: agent.arn,
      Name: agent.name,
      Status: agentStatus(context, agent),
      LastConnectionTime: agentStatus(context, agent) === 'ONLINE' ? context.clock.now() : agent.lastConnectionTime,
      CreationTime: agent.creationTime,
      EndpointType: agent.endpointType,
      PrivateLinkConfig: agent.privateLink,
    };
  },

  UpdateAgent: (context, { AgentArn, Name }: UpdateAgentRequest): UpdateAgentResponse => {
    const agent = context.agents.get(AgentArn!, context.caller);
    agent.name = Name ?? agent.name;
    return {};
  },

  DeleteAgent: (context, { AgentArn }: DeleteAgentRequest): DeleteAgentResponse => {
    const agent = context.agents.get(AgentArn!, context.caller);
    const users = [...context.locations].filter(({ agentArns }) => agentArns.includes(agent.arn)).map(({ arn }) => arn);
    if (users.length > 0) {
      throw new InvalidRequestError(`Agent ${agent.arn} is in-use by these location(s): ${users.join(', ')}. Delete the locations first.`);
    }
    context.agents.delete(agent);
    context.offlineAgents.delete(agent.arn);
    return {};
  },

  ListAgents: (context, input: ListAgentsRequest): ListAgentsResponse => {
    const { items, nextToken } = page('agents', context.agents.visibleTo(context.caller), ({ arn }) => arn, input);
    return { Agents: items.map(agent => ({ AgentArn: agent.arn, Name: agent.name, Status: agentStatus(context, agent) })), NextToken: nextToken };
  },
};

function agentStatus({ offlineAgents }: Context, { arn }: Agent): AgentStatus {
  return offlineAgents.has(arn) ? 'OFFLINE' : 'ONLINE';
}
