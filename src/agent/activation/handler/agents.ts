import {
  DeleteAgentCommand, DescribeAgentCommand, ListAgentsCommand, ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand,
  UpdateAgentCommand,
} from '@aws-sdk/client-datasync';
import type { DescribeAgentCommandOutput, ListAgentsCommandOutput, ListTagsForResourceCommandOutput } from '@aws-sdk/client-datasync';
import type { ActivationInvocation } from './services';
import { unlessNotFound } from '../../../custom-resource/errors';
import { retrying } from '../../../custom-resource/retry';
import { ARN_PATTERNS, TAG_OWNER, TAG_REQUEST } from '../../../task-execution/contract';
import type { WireTag } from '../../../task-execution/contract';
import { TAG_INSTANCE } from '../contract';

/** An agent of a resource, by the tags that it was made with. */
export interface OwnAgent {
  readonly arn: string;
  readonly request?: string;
}

export function isAgentArn(id: string): boolean {
  return ARN_PATTERNS.agent.test(id);
}

/** The agents that a resource has made of an instance, in a fixed order. The service's list may lag behind what was made a moment ago. */
export async function findAgents(run: ActivationInvocation, owner: string, instanceId: string): Promise<OwnAgent[]> {
  run.step = `looking for the agent of ${instanceId}`;
  const arns: string[] = [];
  let NextToken: string | undefined;
  do {
    const command = new ListAgentsCommand({ MaxResults: 100, NextToken });
    const page: ListAgentsCommandOutput = await retrying(run, 'datasync:ListAgents', 'the account', abortSignal =>
      run.services.datasync.send(command, { abortSignal }));
    arns.push(...(page.Agents ?? []).map(agent => agent.AgentArn!));
    NextToken = page.NextToken;
  } while (NextToken);
  const found: OwnAgent[] = [];
  for (const arn of arns.sort()) {
    const tags = await tagsOf(run, arn);
    if (tags.get(TAG_OWNER) === owner && tags.get(TAG_INSTANCE) === instanceId) found.push({ arn, request: tags.get(TAG_REQUEST) });
  }
  return found;
}

async function tagsOf(run: ActivationInvocation, arn: string): Promise<Map<string, string | undefined>> {
  const answer = await retrying(run, 'datasync:ListTagsForResource', arn, abortSignal => unlessNotFound<ListTagsForResourceCommandOutput>(
    run.services.datasync.send(new ListTagsForResourceCommand({ ResourceArn: arn, MaxResults: 100 }), { abortSignal })));
  return new Map((answer?.Tags ?? []).map(({ Key, Value }) => [Key!, Value]));
}

/** Undefined if there is no such agent any more. */
export async function agentStatus(run: ActivationInvocation, arn: string): Promise<string | undefined> {
  const agent = await retrying(run, 'datasync:DescribeAgent', arn, abortSignal => unlessNotFound<DescribeAgentCommandOutput>(
    run.services.datasync.send(new DescribeAgentCommand({ AgentArn: arn }), { abortSignal })));
  return agent?.Status;
}

/** One that is gone already is deleted. */
export async function deleteAgent(run: ActivationInvocation, arn: string): Promise<void> {
  run.step = `deleting ${arn}`;
  await retrying(run, 'datasync:DeleteAgent', arn, async abortSignal => {
    await unlessNotFound(run.services.datasync.send(new DeleteAgentCommand({ AgentArn: arn }), { abortSignal }));
  });
  run.log.info('the agent was deleted', { agent: arn });
}

export async function renameAgent(run: ActivationInvocation, arn: string, Name: string): Promise<void> {
  run.step = `changing the name of ${arn}`;
  await retrying(run, 'datasync:UpdateAgent', arn, abortSignal => run.services.datasync.send(new UpdateAgentCommand({ AgentArn: arn, Name }), { abortSignal }));
}

export async function tagAgent(run: ActivationInvocation, arn: string, Tags: WireTag[]): Promise<void> {
  run.step = `changing the tags of ${arn}`;
  await retrying(run, 'datasync:TagResource', arn, abortSignal => run.services.datasync.send(new TagResourceCommand({ ResourceArn: arn, Tags }), { abortSignal }));
}

export async function untagAgent(run: ActivationInvocation, arn: string, Keys: string[]): Promise<void> {
  run.step = `changing the tags of ${arn}`;
  await retrying(run, 'datasync:UntagResource', arn, abortSignal => run.services.datasync.send(new UntagResourceCommand({ ResourceArn: arn, Keys }), { abortSignal }));
}
