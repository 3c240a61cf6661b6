import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSyncClient } from '@aws-sdk/client-datasync';
import {
  DescribeAgentCommand, DescribeLocationHdfsCommand, DescribeLocationNfsCommand, DescribeTaskCommand, ListLocationsCommand,
  ListTagsForResourceCommand, ListTaskExecutionsCommand,
} from '@aws-sdk/client-datasync';
import { functionCode } from '../../../emulator/cdk/function-code';
import { RESOURCE_TYPES } from '../../../emulator/cdk/resource-types';
import { OPERATIONS, shape } from '../../../emulator/model/api';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, startTestEmulator } from '../../support/emulator';

interface Answer {
  readonly Status: string;
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Record<string, unknown>;
}

const STACK_ID = 'arn:aws:cloudformation:eu-central-1:000000000000:stack/Stack/1';
const NFS = { ServerHostname: 'fileserver.example.com', Subdirectory: '/export', OnPremConfig: { AgentArns: [AGENT_ARN.replace('us-east-1', 'eu-central-1')] } };

let emulator: TestEmulator;
let client: DataSyncClient;
let receiver: Server;
let answers: any[];

beforeAll(async () => {
  emulator = await startTestEmulator();
  client = emulator.clientOf({ region: 'eu-central-1' });
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => { body += chunk; }).on('end', () => {
      answers.push({ ...JSON.parse(body), contentType: request.headers['content-type'] });
      response.end();
    });
  });
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => { answers = []; });
afterAll(async () => {
  receiver.close();
  receiver.closeAllConnections();
  await emulator.close();
});

/** What CloudFormation makes of properties: strings of all numbers and booleans. */
function wire(value: any): any {
  if (Array.isArray(value)) return value.map(wire);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, wire(each)]));
  return String(value);
}

/** Sends one event through the function, as CloudFormation would, and returns its one answer. */
async function send(
  requestType: string, type: string, event: { properties: object; old?: object; id?: string }, endpoint = emulator.url,
): Promise<Answer> {
  const { api, kind, inPlace, attributes } = RESOURCE_TYPES[`AWS::DataSync::${type}`];
  const properties = (own: object) => ({ ServiceToken: 'arn', Api: api, Kind: kind, InPlace: inPlace, Attributes: attributes, Properties: own });
  return deliver(requestType, { id: event.id, properties: properties(event.properties), old: event.old && properties(event.old) }, endpoint);
}

/** Sends an event with exactly these properties. */
async function deliver(
  requestType: string, event: { properties: object; old?: object; id?: string; logicalId?: string }, endpoint = emulator.url,
): Promise<Answer> {
  const module = { exports: {} as { handler(event: object): Promise<void> } };
  new Function('module', 'require', 'process', functionCode())(module, require, { env: { AWS_ENDPOINT_URL_DATASYNC: endpoint } });
  await module.exports.handler({
    RequestType: requestType,
    RequestId: 'request',
    StackId: STACK_ID,
    LogicalResourceId: event.logicalId ?? 'It',
    ResponseURL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/answer?signature`,
    PhysicalResourceId: event.id,
    ResourceProperties: wire(event.properties),
    OldResourceProperties: event.old && wire(event.old),
  });
  expect(answers).toHaveLength(1);
  const [{ contentType, ...answer }] = answers.splice(0);
  expect(contentType).toBe(''); // a signed URL of CloudFormation allows no other
  expect(answer).toMatchObject({ RequestId: 'request', StackId: STACK_ID, LogicalResourceId: event.logicalId ?? 'It' });
  return answer;
}

async function create(type: string, properties: object): Promise<string> {
  const answer = await send('Create', type, { properties });
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  return answer.PhysicalResourceId;
}

async function createTask(more: object = {}): Promise<{ id: string; properties: Record<string, unknown> }> {
  const efs = {
    EfsFilesystemArn: 'arn:aws:elasticfilesystem:eu-central-1:000000000000:file-system/fs-0123456789abcdef0',
    Ec2Config: {
      SubnetArn: 'arn:aws:ec2:eu-central-1:000000000000:subnet/subnet-0123456789abcdef0',
      SecurityGroupArns: ['arn:aws:ec2:eu-central-1:000000000000:security-group/sg-0123456789abcdef0'],
    },
  };
  const properties = { SourceLocationArn: await create('LocationNFS', NFS), DestinationLocationArn: await create('LocationEFS', efs), ...more };
  return { id: await create('Task', properties), properties };
}

const describeTask = (TaskArn: string) => client.send(new DescribeTaskCommand({ TaskArn }));
const tagsOf = async (ResourceArn: string) => (await client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;

test('a location is made in the account and Region of the stack, and answers with its attributes', async () => {
  const answer = await send('Create', 'LocationNFS', { properties: NFS });
  expect(answer.PhysicalResourceId).toMatch(/^arn:aws:datasync:eu-central-1:000000000000:location\/loc-[0-9a-f]{17}$/);
  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    Data: { LocationArn: answer.PhysicalResourceId, LocationUri: expect.stringContaining('nfs://fileserver.example.com/export') },
  });
});

test('a task gets its numbers back', async () => {
  const { id } = await createTask({ Options: { BytesPerSecond: 1048576, VerifyMode: 'NONE' }, Name: '12' });
  expect(await describeTask(id)).toMatchObject({ Options: { BytesPerSecond: 1048576, VerifyMode: 'NONE' }, Name: '12', Status: 'AVAILABLE' });
});

test('numbers have a few names in all types', () => {
  const numbers = new Set<string>();
  const collect = (shapeName: string, member: string) => {
    const { type, members, member: element } = shape(shapeName);
    if (['integer', 'long'].includes(type)) numbers.add(member);
    for (const [name, of] of Object.entries(members ?? {})) collect(of, name);
    if (element) collect(element, member);
  };
  for (const { api } of Object.values(RESOURCE_TYPES)) collect(OPERATIONS[`Create${api}`].input, '');
  expect([...numbers].sort()).toEqual(['BlockSize', 'BytesPerSecond', 'Port', 'ReplicationFactor', 'ServerPort']);
});

test('an agent, and the numbers and attributes of a location that uses it', async () => {
  const agent = { ActivationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', AgentName: 'before' };
  const made = await send('Create', 'Agent', { properties: agent });
  expect(made).toMatchObject({ Status: 'SUCCESS', Data: { AgentArn: made.PhysicalResourceId, EndpointType: 'PUBLIC' } });
  const id = made.PhysicalResourceId;
  expect(await send('Update', 'Agent', { id, old: agent, properties: { ...agent, AgentName: 'after' } })).toMatchObject({ PhysicalResourceId: id });
  expect((await client.send(new DescribeAgentCommand({ AgentArn: id }))).Name).toBe('after');

  const hdfs = {
    NameNodes: [{ Hostname: 'h', Port: 80 }], AgentArns: [id], AuthenticationType: 'SIMPLE', SimpleUser: 'u', BlockSize: 1048576, ReplicationFactor: 2,
  };
  const location = await create('LocationHDFS', hdfs);
  const update = { id: location, old: hdfs, properties: { ...hdfs, ReplicationFactor: 1 } };
  expect(await send('Update', 'LocationHDFS', update)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: location });
  expect(await client.send(new DescribeLocationHdfsCommand({ LocationArn: location }))).toMatchObject({ BlockSize: 1048576, ReplicationFactor: 1 });

  const KmsKeyArn = 'arn:aws:kms:eu-central-1:000000000000:key/1';
  const smb = { ServerHostname: 'h', Subdirectory: '/s', AgentArns: [id], User: 'u', Password: 'p', CmkSecretConfig: { KmsKeyArn } };
  expect((await send('Create', 'LocationSMB', { properties: smb })).Data).toMatchObject({
    'CmkSecretConfig.SecretArn': expect.stringContaining(':secret:aws-datasync!loc-'),
  });
});

test('every type has an operation to create, describe and delete it, and one to update what changes in place', () => {
  for (const { api, kind, inPlace } of Object.values(RESOURCE_TYPES)) {
    for (const operation of [`Create${api}`, `Describe${api}`, `Delete${kind}`]) expect(Object.keys(OPERATIONS)).toContain(operation);
    const members = inPlace.length ? Object.keys(shape(OPERATIONS[`Update${api}`].input).members!) : [];
    expect(inPlace.filter(member => !members.includes(member === 'AgentName' ? 'Name' : member))).toEqual([]);
  }
});

describe('an update', () => {
  test('changes options in place and takes away filters', async () => {
    const filter = [{ FilterType: 'SIMPLE_PATTERN', Value: '/a' }];
    const { id, properties: old } = await createTask({ Includes: filter, Excludes: filter });
    const { Includes: _, ...properties } = { ...old, Options: { VerifyMode: 'NONE' } } as Record<string, unknown>;
    expect(await send('Update', 'Task', { id, old, properties })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id, Data: { TaskArn: id } });
    const task = await describeTask(id);
    expect(task.Options?.VerifyMode).toBe('NONE');
    expect(task.Includes ?? []).toEqual([]);
    expect(task.Excludes).toEqual(filter);
  });

  test('changes a schedule and takes it away', async () => {
    const { id, properties: old } = await createTask({ Schedule: { ScheduleExpression: 'rate(1 hour)', Status: 'DISABLED' } });
    const { Schedule: _, ...properties } = old as Record<string, unknown>;
    const changed = { ...properties, Schedule: { ScheduleExpression: 'cron(0 3 * * ? *)', Status: 'ENABLED' } };
    expect(await send('Update', 'Task', { properties: changed, old, id })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect((await describeTask(id)).Schedule).toEqual(changed.Schedule);
    await send('Update', 'Task', { properties, old: changed, id });
    expect((await describeTask(id)).Schedule).toBeUndefined();
  });

  test('makes a new resource when a property cannot change, and leaves the old one to CloudFormation', async () => {
    const id = await create('LocationNFS', NFS);
    const answer = await send('Update', 'LocationNFS', { id, old: NFS, properties: { ...NFS, ServerHostname: 'other.example.com' } });
    expect(answer).toMatchObject({ Status: 'SUCCESS', Data: { LocationUri: expect.stringContaining('nfs://other.example.com/export') } });
    expect(answer.PhysicalResourceId).not.toBe(id);
    await client.send(new DescribeLocationNfsCommand({ LocationArn: id }));
  });

  test('adds, changes and takes away tags', async () => {
    const tags = (...pairs: string[]) => pairs.map(pair => ({ Key: pair.split('=')[0], Value: pair.split('=')[1] }));
    const old = { ...NFS, Tags: tags('keep=1', 'change=1', 'remove=1') };
    const id = await create('LocationNFS', old);
    const properties = { ...NFS, Tags: tags('keep=1', 'change=2', 'add=1') };
    expect(await send('Update', 'LocationNFS', { id, old, properties })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    expect(await tagsOf(id)).toEqual(expect.arrayContaining(properties.Tags));
    expect(await tagsOf(id)).toHaveLength(3);
    await send('Update', 'LocationNFS', { id, old: properties, properties: NFS });
    expect(await tagsOf(id)).toEqual([]);
  });

  test('of nothing but the order of members changes nothing', async () => {
    const id = await create('LocationNFS', NFS);
    const properties = Object.fromEntries(Object.entries(NFS).reverse());
    expect(await send('Update', 'LocationNFS', { id, old: NFS, properties })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
  });
});

describe('a delete', () => {
  test('takes the resource away, and succeeds when it is gone already', async () => {
    const id = await create('LocationNFS', NFS);
    for (let time = 0; time < 2; time++) {
      expect(await send('Delete', 'LocationNFS', { id, properties: NFS })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: id });
    }
    await expect(client.send(new DescribeLocationNfsCommand({ LocationArn: id }))).rejects.toThrow('not found');
  });

  test('of what was never made calls nothing', async () => {
    const answer = await send('Delete', 'Task', { id: 'It-not-created', properties: {} }, 'http://127.0.0.1:2');
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'It-not-created' });
  });

  test('that the service refuses fails with its text', async () => {
    const { properties } = await createTask();
    const id = properties.SourceLocationArn as string;
    const answer = await send('Delete', 'LocationNFS', { id, properties: NFS });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: id });
    expect(answer.Reason).toMatch(/^DeleteLocation: .*in use.* \(InvalidRequestException\)$/);
  });
});

describe('what goes wrong reaches CloudFormation', () => {
  test('with the text of the service, and leaves nothing behind', async () => {
    const before = (await client.send(new ListLocationsCommand({}))).Locations;
    const answer = await send('Create', 'LocationNFS', { properties: { ...NFS, ServerHostname: 'not a host' } });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'It-not-created' });
    expect(answer.Reason).toMatch(/^CreateLocationNfs: .*not a host.* \(InvalidRequestException\)$/);
    expect((await client.send(new ListLocationsCommand({}))).Locations).toEqual(before);
  });

  test.each(['Create', 'Update', 'Delete'])('%s without an emulator names the URL', async requestType => {
    const id = 'arn:aws:datasync:eu-central-1:000000000000:location/loc-0123456789abcdef0';
    const old = { ...NFS, Subdirectory: '/old' };
    const answer = await send(requestType, 'LocationNFS', { id, old, properties: NFS }, 'http://127.0.0.1:2');
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toMatch(/LocationN?f?s?: no answer from http:\/\/127\.0\.0\.1:2: /);
  });
});

describe('a stand-in', () => {
  const StandIn = { PhysicalId: 'nat-{id}', Attributes: { Arn: 'arn:{partition}:x:{region}:{account}:{short}', Addresses: ['10.0.0.{byte}'] } };

  test('has values of the right form', async () => {
    const answer = await deliver('Create', { properties: { StandIn } });
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: expect.stringMatching(/^nat-[0-9a-f]{17}$/),
      Data: {
        Arn: expect.stringMatching(/^arn:aws:x:eu-central-1:000000000000:[0-9a-f]{10}$/),
        Addresses: [expect.stringMatching(/^10\.0\.0\.\d{1,3}$/)],
      },
    });
  });

  test('is the same after an update, and another one under another logical id', async () => {
    const [first, updated, other] = [
      await deliver('Create', { properties: { StandIn } }),
      await deliver('Update', { properties: { StandIn }, id: 'nat-1' }),
      await deliver('Create', { properties: { StandIn }, logicalId: 'Other' }),
    ];
    expect(updated.PhysicalResourceId).toBe(first.PhysicalResourceId);
    expect(other.PhysicalResourceId).not.toBe(first.PhysicalResourceId);
  });

  test('is deleted without a word', async () => {
    expect(await deliver('Delete', { properties: { StandIn }, id: 'nat-1' })).toMatchObject({ Status: 'SUCCESS' });
  });
});

test.each([
  ['LocationEFS', {
    EfsFilesystemArn: 'arn:aws:elasticfilesystem:eu-central-1:000000000000:file-system/fs-0123456789abcdef0',
    Subdirectory: '/not/there/yet',
    Ec2Config: {
      SubnetArn: 'arn:aws:ec2:eu-central-1:000000000000:subnet/subnet-0123456789abcdef0',
      SecurityGroupArns: ['arn:aws:ec2:eu-central-1:000000000000:security-group/sg-0123456789abcdef0'],
    },
  }, ['efs/fs-0123456789abcdef0']],
  ['LocationFSxOpenZFS', {
    FsxFilesystemArn: 'arn:aws:fsx:eu-central-1:000000000000:file-system/fs-0123456789abcdef0',
    Protocol: { NFS: { MountOptions: {} } },
    SecurityGroupArns: ['arn:aws:ec2:eu-central-1:000000000000:security-group/sg-0123456789abcdef0'],
    Subdirectory: '/fsx/not/there/yet',
  }, ['fsxz/fs-0123456789abcdef0/fsx']],
  ['LocationFSxONTAP', {
    StorageVirtualMachineArn: 'arn:aws:fsx:eu-central-1:000000000000:storage-virtual-machine/fs-0123456789abcdef0/svm-0123456789abcdef0',
    Protocol: { NFS: { MountOptions: {} } },
    SecurityGroupArns: ['arn:aws:ec2:eu-central-1:000000000000:security-group/sg-0123456789abcdef0'],
    Subdirectory: '/volume/not/there/yet',
  }, ['fsxn/fs-0123456789abcdef0/svm-0123456789abcdef0/volume']],
])('the file system of a %s that the app makes is a folder with what it comes with', async (type, properties, folders) => {
  const root = mkdtempSync(join(tmpdir(), 'caller-'));
  const { api, kind, inPlace, attributes } = RESOURCE_TYPES[`AWS::DataSync::${type}`];
  const answer = await deliver('Create', { properties: { Api: api, Kind: kind, InPlace: inPlace, Attributes: attributes, Properties: properties, Root: root } });
  const made = (readdirSync(root, { recursive: true }) as string[]).filter(path => readdirSync(join(root, path)).length === 0);
  rmSync(root, { recursive: true });
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  expect(made).toEqual(folders);
});

test('a schedule that calls it starts the task, in the account and the Region of the function', async () => {
  const { id } = await createTask();
  const module = { exports: {} as { handler(event: object, context: object): Promise<void> } };
  new Function('module', 'require', 'process', functionCode())(module, require, { env: { AWS_ENDPOINT_URL_DATASYNC: emulator.url } });
  const context = { invokedFunctionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:It' };
  await module.exports.handler({ Operation: 'StartTaskExecution', Input: { TaskArn: id } }, context);
  expect((await client.send(new ListTaskExecutionsCommand({ TaskArn: id }))).TaskExecutions).toHaveLength(1);
  await expect(module.exports.handler({ Operation: 'StartTaskExecution', Input: { TaskArn: `${id.slice(0, -1)}x` } }, context)).rejects.toThrow('StartTaskExecution: ');
});
