import type {
  ListTagsForResourceRequest, ListTagsForResourceResponse, TagResourceRequest, TagResourceResponse, UntagResourceRequest, UntagResourceResponse,
} from '@aws-sdk/client-datasync';
import type { Context, Handlers } from './context';
import { TAGS_MAX } from '../../src/task-execution/contract';
import { InvalidRequestError, NotEmulatedError } from '../errors';
import { page } from '../model/pagination';
import type { Resource } from '../model/store';

export const tags: Handlers = {
  TagResource: (context, { ResourceArn, Tags }: TagResourceRequest): TagResourceResponse => {
    const { arn, tags: current } = resourceOf(context, ResourceArn!);
    const merged = new Map([...current, ...Tags!.map(({ Key, Value }) => [Key!, Value] as const)]);
    if (merged.size > TAGS_MAX) throw new InvalidRequestError(`Resource ${arn} would have ${merged.size} tags, ${TAGS_MAX} are allowed.`);
    merged.forEach((value, key) => current.set(key, value));
    return {};
  },

  UntagResource: (context, { ResourceArn, Keys }: UntagResourceRequest): UntagResourceResponse => {
    const { tags: current } = resourceOf(context, ResourceArn!);
    Keys!.forEach(key => current.delete(key));
    return {};
  },

  ListTagsForResource: (context, input: ListTagsForResourceRequest): ListTagsForResourceResponse => {
    const { items, nextToken } = page(`tags of ${input.ResourceArn}`, [...resourceOf(context, input.ResourceArn!).tags], ([key]) => key, input);
    return { Tags: items.map(([Key, Value]) => ({ Key, Value })), NextToken: nextToken };
  },
};

function resourceOf(context: Context, arn: string): Resource {
  if (arn.includes('/execution/')) return context.executions.get(arn, context.caller);
  if (arn.includes(':task/')) return context.tasks.get(arn, context.caller);
  if (arn.includes(':agent/')) return context.agents.get(arn, context.caller);
  if (arn.includes(':location/')) return context.locations.get(arn, context.caller);
  throw new NotEmulatedError(`Tagging ${arn}`);
}
