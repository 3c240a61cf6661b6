import type { TagListEntry } from '@aws-sdk/client-datasync';
import {
  CreateLocationNfsCommand, ListTagsForResourceCommand, paginateListTagsForResource, StartTaskExecutionCommand, TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask } from '../../support/tasks';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());

const tagsOf = async (ResourceArn: string) => (await emulator.client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;

async function newResource(kind: string): Promise<string> {
  const { task, source } = await createNfsToEfsTask(emulator);
  if (kind === 'location') return source;
  if (kind === 'task') return task;
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  await finished(emulator.client, TaskExecutionArn);
  return TaskExecutionArn!;
}

test.each(['location', 'task', 'execution'])('tags of a %s come and go', async kind => {
  const ResourceArn = await newResource(kind);
  expect(await tagsOf(ResourceArn)).toEqual([]);
  await emulator.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '1' }, { Key: 'a', Value: '2' }] }));
  await emulator.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'b', Value: '3' }] }));
  expect(await tagsOf(ResourceArn)).toEqual([{ Key: 'a', Value: '2' }, { Key: 'b', Value: '3' }]);
  await emulator.client.send(new UntagResourceCommand({ ResourceArn, Keys: ['b', 'never-there'] }));
  expect(await tagsOf(ResourceArn)).toEqual([{ Key: 'a', Value: '2' }]);
});

test('a tag without a value has none', async () => {
  const ResourceArn = await newResource('task');
  await emulator.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'a' } as TagListEntry] }));
  expect(await tagsOf(ResourceArn)).toEqual([{ Key: 'a' }]);
});

test('tags given on creation are there', async () => {
  const { LocationArn } = await emulator.client.send(new CreateLocationNfsCommand({
    ServerHostname: 'h', Subdirectory: '/', OnPremConfig: { AgentArns: [AGENT_ARN] }, Tags: [{ Key: 'cdk-datasync:owner', Value: 'stack/id' }],
  }));
  expect(await tagsOf(LocationArn!)).toEqual([{ Key: 'cdk-datasync:owner', Value: 'stack/id' }]);
});

test('50 tags, and no more; what is refused changes nothing', async () => {
  const ResourceArn = await newResource('task');
  const Tags: TagListEntry[] = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: 'v' })) as TagListEntry[];
  await emulator.client.send(new TagResourceCommand({ ResourceArn, Tags }));
  await emulator.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'key-0', Value: 'w' }] }));
  await expect(emulator.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'key-1', Value: 'w' }, { Key: 'one-more', Value: 'v' }] })))
    .rejects.toThrow(`Resource ${ResourceArn} would have 51 tags, 50 are allowed.`);
  const seen: TagListEntry[] = [];
  for await (const { Tags: some } of paginateListTagsForResource({ client: emulator.client, pageSize: 20 }, { ResourceArn })) {
    seen.push(...some! as TagListEntry[]);
  }
  expect(seen).toHaveLength(50);
  expect(seen.find(({ Key }) => Key === 'key-0')!.Value).toBe('w');
  expect(seen.find(({ Key }) => Key === 'key-1')!.Value).toBe('v');
});

test.each([
  ['location/loc-0123456789abcdef0', 'Location arn:aws:datasync:us-east-1:000000000000:location/loc-0123456789abcdef0 is not found.'],
  ['task/task-0123456789abcdef0', 'Sync task arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0 is not found.'],
  ['task/task-0123456789abcdef0/execution/exec-0123456789abcdef0', 'is not found.'],
  ['agent/agent-0123456789abcdef0', 'Agent arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0 does not exist.'],
  ['task/nonsense', "at 'ResourceArn' failed to satisfy constraint"],
])('tags of %s are not found', async (resource, message) => {
  await expect(tagsOf(`arn:aws:datasync:us-east-1:000000000000:${resource}`)).rejects.toThrow(message);
});

test.each([
  [{ Key: '' }, "at 'Tags[0].Key' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  [{ Key: 'a@b' }, "at 'Tags[0].Key' failed to satisfy constraint: Member must satisfy regular expression pattern"],
  [{ Key: 'a', Value: 'x'.repeat(257) }, "at 'Tags[0].Value' failed to satisfy constraint: Member must have length less than or equal to 256"],
])('%j is no tag', async (tag, message) => {
  const { task } = await createNfsToEfsTask(emulator);
  await expect(emulator.client.send(new TagResourceCommand({ ResourceArn: task, Tags: [tag] }))).rejects.toThrow(message);
});
