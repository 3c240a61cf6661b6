/**
 * The function that stands in for `AWS::DataSync::*`, and for what a CloudFormation emulator does not have. A template carries its bundle,
 * at most 4,096 characters of it, and it uses nothing but Node.js because the Lambda runtime of an emulator may come without an SDK.
 *
 * What it needs to know of a type is in the properties that `localize` writes: `Api`, `Kind`, `InPlace`, `Attributes`, and in `Properties`
 * those of the original resource; of a stand-in only `StandIn`.
 *
 * - CloudFormation makes strings of numbers, whose names are the same in all types.
 * - A physical id that is not an ARN belongs to a create that failed: there is nothing to delete.
 * - A refused delete counts as done if there is nothing to describe either, whatever the text of the refusal.
 * - An UpdateTask leaves what it does not mention in place, so what can be removed and is gone is sent in the form that removes it.
 * - Account and Region of what is created are those of the stack, so they stand where a signature would have them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';

type Values = Record<string, any>;
type Call = (operation: string, input: object) => Promise<Values>;

const endpoint = process.env.AWS_ENDPOINT_URL_DATASYNC!;
const NUMERIC = /^(BytesPerSecond|BlockSize|ReplicationFactor|(Server)?Port)$/;
const REMOVALS: Values = { Excludes: [], Includes: [], ManifestConfig: {}, Schedule: { ScheduleExpression: '' }, TaskReportConfig: {} };

export async function handler(event: Values): Promise<void> {
  const answer: Values = {
    Status: 'SUCCESS',
    PhysicalResourceId: event.PhysicalResourceId || `${event.LogicalResourceId}-not-created`,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  };
  try {
    const { StandIn } = event.ResourceProperties;
    if (StandIn) standIn(StandIn, event, answer);
    else await serve(event, answer);
  } catch (error) {
    answer.Status = 'FAILED';
    answer.Reason = (error as Error).message;
  }
  await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
}

/** Answers with values of the right form, which are the same as long as the resource is. */
function standIn({ PhysicalId, Attributes }: Values, { StackId, LogicalResourceId }: Values, answer: Values): void {
  const [, partition, , region, account] = StackId.split(':');
  const id = createHash('sha256').update(StackId + LogicalResourceId).digest('hex').slice(0, 17);
  const known: Values = { partition, region, account, id, short: id.slice(0, 10), byte: parseInt(id.slice(0, 2), 16) };
  const filled = (form: any): any => Array.isArray(form) ? form.map(filled) : form.replace(/\{(\w+)\}/g, (_: string, name: string) => known[name]);
  answer.PhysicalResourceId = filled(PhysicalId);
  answer.Data = Object.fromEntries(Object.entries(Attributes || {}).map(([name, form]) => [name, filled(form)]));
}

async function serve(event: Values, answer: Values): Promise<void> {
  const { Api, Kind, InPlace = [], Attributes, Properties, Root } = event.ResourceProperties;
  const next = restore(Properties);
  const before = restore((event.OldResourceProperties || {}).Properties);
  const [, , , region, account] = event.StackId.split(':');
  const call = caller(account, region);
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
  answer.Data = {};
  for (const name of Attributes) {
    const value = name.split('.').reduce((values: Values | undefined, part: string) => values && values[part], described);
    if (value !== undefined) answer.Data[name] = value;
  }
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
  mkdirSync(`${root}/${kind}/${host.replace('.', '/')}${/^fsx[^l]/.test(kind) ? first || '' : ''}`, { recursive: true });
}

const same = (one: unknown, other: unknown) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
const sorted = (value: any): any => {
  if (Array.isArray(value)) return value.map(sorted);
  return value && typeof value === 'object' ? Object.keys(value).sort().map(key => [key, sorted(value[key])]) : value;
};
const restore = (values: unknown): Values => JSON.parse(JSON.stringify(values || {}, (key, value) => NUMERIC.test(key) ? Number(value) : value));

const caller = (account: string, region: string): Call => async (operation, input) => {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `FmrsService.${operation}`,
    'authorization': `AWS4-HMAC-SHA256 Credential=${account}/20180809/${region}/datasync/aws4_request, SignedHeaders=host, Signature=0`,
  };
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input), signal: AbortSignal.timeout(30_000) });
    text = await reply.text();
  } catch (error: any) {
    throw new Error(`${operation}: no answer from ${endpoint}: ${(error.cause || error).message}`);
  }
  let body: Values;
  try {
    body = JSON.parse(text);
  } catch {
    body = {};
  }
  if (reply.ok) return body;
  throw Object.assign(new Error(`${operation}: ${body.message || text} (${body.__type || reply.status})`), { refused: reply.status === 400 });
};
