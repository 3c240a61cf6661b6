import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { callAws } from '../../emulator/local-services/aws-call';
import type { TestEmulator } from '../support/emulator';
import { finished, startTestEmulator } from '../support/emulator';
import { eventually } from '../support/eventually';
import type { MiniStack } from '../support/ministack';
import { startMiniStack } from '../support/ministack';
import { createNfsToEfsTask, SOURCE_FOLDER } from '../support/tasks';

const SCOPE = { account: '000000000000', region: 'us-east-1' };

let cloud: MiniStack;
let emulator: TestEmulator;
beforeAll(async () => { cloud = await startMiniStack(); }, 300_000);
afterEach(() => emulator.close());
afterAll(() => cloud.close());

const events = (operation: string, input: object) => callAws(cloud.url, { service: 'events', target: `AWSEvents.${operation}` }, SCOPE, input);
const logs = (operation: string, input: object) => callAws(cloud.url, { service: 'logs', target: `Logs_20140328.${operation}` }, SCOPE, input);
const sqs = (operation: string, input: object) => callAws(cloud.url, { service: 'sqs', target: `AmazonSQS.${operation}` }, SCOPE, input);

async function runTask(input = {}): Promise<string> {
  emulator.write(`${SOURCE_FOLDER}/file`, 'content');
  const { task } = await createNfsToEfsTask(emulator, input);
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  await finished(emulator.client, TaskExecutionArn);
  return TaskExecutionArn!;
}

const lines = async (logGroupName: string, logStreamName: string) => {
  const { events: found } = await logs('GetLogEvents', { logGroupName, logStreamName });
  return (found as Array<{ message: string }>).map(({ message }) => message);
};

test('a rule of the event bus gets the state changes that it asks for', async () => {
  emulator = await startTestEmulator({ eventsEndpoint: cloud.url });
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: 'ended' });
  await events('PutRule', {
    Name: 'ended',
    EventPattern: JSON.stringify({ 'source': ['local.datasync'], 'detail-type': ['DataSync Task Execution State Change'], 'detail': { State: ['SUCCESS', 'ERROR'] } }),
  });
  await events('PutTargets', { Rule: 'ended', Targets: [{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:000000000000:ended' }] });
  const execution = await runTask();
  const messages = await eventually(async () => (await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 })).Messages as Array<{ Body: string }>);
  const [event, ...others] = messages.map(({ Body }) => JSON.parse(Body));
  expect(event).toMatchObject({
    'detail-type': 'DataSync Task Execution State Change', 'resources': [execution], 'detail': { State: 'SUCCESS' }, 'region': 'us-east-1', 'account': '000000000000',
  });
  expect(others).toEqual([]);
});

test.each(['BASIC', 'ENHANCED'] as const)('the log of an execution in mode %s is there', async TaskMode => {
  emulator = await startTestEmulator({ logsEndpoint: cloud.url });
  const group = TaskMode === 'BASIC' ? '/my/tasks' : '/aws/datasync';
  if (TaskMode === 'BASIC') await logs('CreateLogGroup', { logGroupName: group });
  const execution = await runTask({
    TaskMode, Options: { LogLevel: 'TRANSFER' }, ...(TaskMode === 'BASIC' && { CloudWatchLogGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:${group}:*` }),
  });
  const [, task, , id] = execution.split('/');
  const found = await eventually(async () => {
    const all = await lines(group, `${task}-${id}`).catch(() => []);
    return all.length > 0 && all;
  });
  if (TaskMode === 'BASIC') expect(found).toContain('[INFO] Transferred file /file, 7 bytes');
  else expect(found.map(line => JSON.parse(line))).toContainEqual(expect.objectContaining({ Action: 'VERIFY', Source: expect.objectContaining({ RelativePath: 'file' }) }));
});
