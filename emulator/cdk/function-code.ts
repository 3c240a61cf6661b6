/**
 * The code of the inline function that stands in for `AWS::DataSync::*` on a CloudFormation emulator.
 *
 * It is text because a template carries it, at most 4096 characters of it, and it uses nothing but Node.js because the
 * Lambda runtime of an emulator may come without an SDK. What it needs to know about a type is in the properties
 * that `localize` writes: `Api`, `Kind`, `InPlace`, `Attributes`, and in `Properties` those of the original resource.
 *
 * - CloudFormation makes strings of numbers, whose names are the same in all types.
 * - A physical id that is not an ARN belongs to a create that failed: there is nothing to delete.
 * - A refused delete counts as done if there is nothing to describe either, whatever the text of the refusal.
 * - An UpdateTask leaves what it does not mention in place, so what can be removed and is gone is sent in the form that removes it.
 * - Account and Region of what is created are those of the stack, so they stand where a signature would have them.
 */
export const FUNCTION_CODE = `const endpoint = process.env.AWS_ENDPOINT_URL_DATASYNC;
const same = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = v => Array.isArray(v) ? v.map(sorted)
  : v && typeof v === 'object' ? Object.keys(v).sort().map(k => [k, sorted(v[k])]) : v;
const restore = v => JSON.parse(JSON.stringify(v || {}, (k, x) => numeric.test(k) ? Number(x) : x));
const numeric = /^(BytesPerSecond|BlockSize|ReplicationFactor|(Server)?Port)$/;

const removals = {
  Excludes: [], Includes: [], ManifestConfig: {}, Schedule: { ScheduleExpression: '' }, TaskReportConfig: {},
};

exports.handler = async event => {
  const answer = {
    Status: 'SUCCESS',
    PhysicalResourceId: event.PhysicalResourceId || event.LogicalResourceId + '-not-created',
    StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId,
  };
  try {
    await serve(event, answer);
  } catch (error) {
    answer.Status = 'FAILED';
    answer.Reason = error.message;
  }
  const body = JSON.stringify(answer);
  await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
};

async function serve(event, answer) {
  const { Api, Kind, InPlace = [], Attributes, Properties } = event.ResourceProperties;
  const next = restore(Properties);
  const before = restore((event.OldResourceProperties || {}).Properties);
  const [, , , region, account] = event.StackId.split(':');
  const call = caller(account, region);
  const arn = Kind + 'Arn';
  const self = () => ({ [arn]: answer.PhysicalResourceId });
  const changed = k => !same(next[k], before[k]);

  if (event.RequestType === 'Delete') {
    if (!answer.PhysicalResourceId.startsWith('arn:')) return;
    try {
      await call('Delete' + Kind, self());
    } catch (refusal) {
      const there = await call('Describe' + Api, self()).catch(e => { if (!e.refused) throw e; });
      if (there) throw refusal;
    }
    return;
  }

  const changes = Object.keys({ ...before, ...next }).filter(changed);
  if (event.RequestType === 'Create' || changes.some(k => k !== 'Tags' && !InPlace.includes(k))) {
    answer.PhysicalResourceId = (await call('Create' + Api, next))[arn];
  } else {
    if (changes.some(k => k !== 'Tags')) {
      const update = self();
      for (const k of InPlace) {
        if (next[k] !== undefined) update[k === 'AgentName' ? 'Name' : k] = next[k];
        else if (before[k]) update[k] = removals[k];
      }
      await call('Update' + Api, update);
    }
    if (changed('Tags')) await retag(call, answer.PhysicalResourceId, before.Tags || [], next.Tags || []);
  }
  const described = await call('Describe' + Api, self());
  answer.Data = {};
  for (const k of Attributes) {
    const value = k.split('.').reduce((v, part) => v && v[part], described);
    if (value !== undefined) answer.Data[k] = value;
  }
}

async function retag(call, ResourceArn, before, next) {
  const Keys = before.map(t => t.Key).filter(k => !next.some(t => t.Key === k));
  if (Keys.length) await call('UntagResource', { ResourceArn, Keys });
  if (next.length) await call('TagResource', { ResourceArn, Tags: next });
}

const caller = (account, region) => async (operation, input) => {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'FmrsService.' + operation,
    'authorization': 'AWS4-HMAC-SHA256 Credential=' + account + '/20180809/' + region
      + '/datasync/aws4_request, SignedHeaders=host, Signature=0',
  };
  let reply, text;
  try {
    const signal = AbortSignal.timeout(30000);
    reply = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input), signal });
    text = await reply.text();
  } catch (e) {
    throw new Error(operation + ': no answer from ' + endpoint + ': ' + (e.cause || e).message);
  }
  let body;
  try { body = JSON.parse(text); } catch { body = {}; }
  if (reply.ok) return body;
  const error = new Error(operation + ': ' + (body.message || text) + ' (' + (body.__type || reply.status) + ')');
  throw Object.assign(error, { refused: reply.status === 400 });
};
`;
