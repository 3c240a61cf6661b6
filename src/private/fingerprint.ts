import { createHash } from 'node:crypto';
import { CfnResource, Lazy, Stack } from 'aws-cdk-lib';

/**
 * A hash of what the resources look like in the template, known when the template is made: it also changes with what an
 * escape hatch or an aspect does to them.
 */
export function fingerprintOf(resources: CfnResource[]): string {
  // Not before the template is rendered for good: whoever looks earlier must not freeze it.
  return Lazy.uncachedString({ produce: ({ preparing }) => preparing ? '' : hash(resources.map(rendered)) });
}

/**
 * Type and properties. Not the tags: they do not change what a task does, and tags that carry, say, a commit on all resources would
 * start all tasks at every deployment.
 */
function rendered(resource: CfnResource): unknown {
  // Public at run time, and the only way to see what overrides do; the declaration is stripped from the types.
  const { Resources } = Stack.of(resource).resolve((resource as unknown as { _toCloudFormation(): object })._toCloudFormation());
  return Object.values<{ Type: string; Properties?: object }>(Resources)
    .map(({ Type, Properties }) => ({ Type, Properties: { ...Properties, Tags: undefined } }));
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortKeys)).digest('hex').slice(0, 32);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
