/**
 * The function behind the custom resources that `localize` puts in place of `AWS::DataSync::*`, and of what a CloudFormation emulator does not have.
 * A template carries its bundle, at most 4,096 characters of it, and it uses nothing but Node.js because the Lambda runtime of an emulator may
 * come without an SDK.
 *
 * What it needs to know of a type is in the properties that `localize` writes: `Api`, `Kind`, `InPlace`, `Attributes`, and in `Properties`
 * those of the original resource; of a stand-in only `StandIn`.
 *
 * - CloudFormation makes strings of numbers, whose names are the same in all types.
 * - A physical id that is not an ARN belongs to a create that failed: there is nothing to delete.
 * - A refused delete counts as done if there is nothing to describe either, whatever the text of the refusal.
 * - An UpdateTask leaves what it does not mention in place, so what can be removed and is gone is sent in the form that removes it.
 * - Account and Region of what is created are those of the stack, so they stand where a signature would have them.
 *
 * It is also the target of schedules of EventBridge Scheduler that would call DataSync themselves: `{ Operation, Input }` is all that such an
 * event has.
 */
import { mkdirSync } from 'node:fs';
import type { Call, Values } from './call';
import { callOf } from './call';
import { attributesOf, withNumbers } from './resource-values';
import { standInValues } from './stand-in-values';

const endpoint = process.env.AWS_ENDPOINT_URL_DATASYNC!;
const REMOVALS: Values = { Excludes: [], Includes: [], ManifestConfig: {}, Schedule: { ScheduleExpression: '' }, TaskReportConfig: {} };

export async function handler(event: Values, context?: { readonly invokedFunctionArn: string }): Promise<void> {
  if (event.Operation) {
    const [, , , region, account] = context!.invokedFunctionArn.split(':');
    await callOf(endpoint, account, region)(event.Operation, event.Input);
    return;
  }
  const answer: Values = {
    Status: 'SUCCESS',
    PhysicalResourceId: event.PhysicalResourceId || `${event.LogicalResourceId}-not-created`,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
  try {
    const { StandIn } = event.ResourceProperties;
    if (StandIn) {
      const { ref, attributes } = standInValues(StandIn, event.StackId, event.LogicalResourceId);
      Object.assign(answer, { PhysicalResourceId: ref, Data: attributes });
    } else {
      await serve(event, answer);
    }
  } catch (error) {
    answer.Status = 'FAILED';
    answer.Reason = (error as Error).message;
  }
  await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
}

async function serve(event: Values, answer: Values): Promise<void> {
  const { Api, Kind, InPlace = [], Attributes, Properties, Root } = event.ResourceProperties;
  const next = withNumbers(Properties);
  const before = withNumbers((event.OldResourceProperties || {}).Properties);
  const [, , , region, account] = event.StackId.split(':');
  const call = callOf(endpoint, account, region);
  const arn = `${Kind}Arn`;
  const self = () => ({ [arn]: answer.PhysicalResourceId }) as Values;
  const changed = (name: string) => !same(next[name], before[name]);

  if (event.RequestType === 'Delete') {
    if (answer.PhysicalResourceId.startsWith('arn:')) await remove(call, Api, Kind, self());
    return;
  }
  const changes = Object.keys({ ...before, ...next }).filter(changed);
  if (event.RequestType === 'Create' || changes.some(name => name !== 'Tags' && !InPlace.includes(name))) {
    answer.PhysicalResourceId = (await call(`Create${Api}`, next))[arn];
  } else {
    if (changes.some(name => name !== 'Tags')) {
      const update = self();
      for (const name of InPlace) {
        if (next[name] !== undefined) update[name === 'AgentName' ? 'Name' : name] = next[name];
        else if (before[name]) update[name] = REMOVALS[name];
      }
      await call(`Update${Api}`, update);
    }
    if (changed('Tags')) await retag(call, answer.PhysicalResourceId, before.Tags || [], next.Tags || []);
  }
  const described = await call(`Describe${Api}`, self());
  if (Root) makeFolder(Root, described.LocationUri);
  answer.Data = attributesOf(described, Attributes);
}

async function remove(call: Call, api: string, kind: string, self: Values): Promise<void> {
  try {
    await call(`Delete${kind}`, self);
  } catch (refusal) {
    const there = await call(`Describe${api}`, self).catch(error => {
      if (!error.refused) throw error;
    });
    if (there) throw refusal;
  }
}

async function retag(call: Call, ResourceArn: string, before: Values[], next: Values[]): Promise<void> {
  const Keys = before.map(tag => tag.Key).filter(key => !next.some(tag => tag.Key === key));
  if (Keys.length) await call('UntagResource', { ResourceArn, Keys });
  if (next.length) await call('TagResource', { ResourceArn, Tags: next });
}

/**
 * A file system that the app itself makes is an empty folder, `efs://us-east-1.fs-1/a` the one `efs/fs-1`. Those of FSx, but for Lustre,
 * come with what the first name in the path stands for: a share, a root volume, a volume.
 */
function makeFolder(root: string, uri: string): void {
  const [, kind, host, first] = /^(\w+)[^:]*:\/\/[^.]+\.([^/]+)(\/[^/]*)?/.exec(uri)!;
  // eslint-disable-next-line no-restricted-syntax -- the root is there, and a template has no room for more code
  mkdirSync(`${root}/${kind}/${host.replace('.', '/')}${/^fsx[^l]/.test(kind) ? first || '' : ''}`, { recursive: true });
}

const same = (one: unknown, other: unknown) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
const sorted = (value: any): any => {
  if (Array.isArray(value)) return value.map(sorted);
  return value && typeof value === 'object' ? Object.keys(value).sort().map(key => [key, sorted(value[key])]) : value;
};
