import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { FakeEndpoint } from './fake-endpoint';
import { startFakeEndpoint } from './fake-endpoint';
import { stateChangeEvent } from '../../../emulator/model/events';
import { EventBus } from '../../../emulator/observe/event-bus';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask } from '../../support/tasks';

const PUT_EVENTS = 'AWSEvents.PutEvents';
const taskArn = (account: string, region = 'us-east-1') => `arn:aws:datasync:${region}:${account}:task/task-0123456789abcdef0`;
const event = (state: string, account = '000000000000', region?: string) =>
  stateChangeEvent('DataSync Task State Change', taskArn(account, region), state, new Date());

let endpoint: FakeEndpoint;
let log: jest.SpyInstance;
beforeEach(async () => {
  endpoint = await startFakeEndpoint();
  log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  log.mockRestore();
  await endpoint.close();
});

/** Sends the states in one go, and gives the states of each call that arrived. */
async function send(bus: EventBus, ...states: string[]): Promise<void> {
  states.forEach(state => bus.send(event(state)));
  await bus.close();
}

const arrived = () => endpoint.inputs(PUT_EVENTS).map(({ Entries }) => Entries.map(({ Detail }: { Detail: string }) => JSON.parse(Detail).State).join(' '));

test('the bus gets each state change of everything that has states', async () => {
  const emulator = await startTestEmulator({ eventsEndpoint: endpoint.url });
  const { task, source, destination } = await createNfsToEfsTask(emulator);
  const { TaskExecutionArn: execution } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  await finished(emulator.client, execution);
  await emulator.close();
  const entries = endpoint.inputs(PUT_EVENTS).flatMap(({ Entries }) => Entries);
  expect(entries.map(({ DetailType, Resources: [arn], Detail }) => [arn, DetailType, JSON.parse(Detail).State]))
    .toEqual(emulator.events.map(({ 'resources': [arn], 'detail-type': type, detail }) => [arn, type, detail.State]));
  expect(entries.slice(0, 4).map(({ Resources: [arn], Detail }) => [arn, Detail])).toEqual([
    [source, '{"State":"ADDING"}'], [source, '{"State":"AVAILABLE"}'], [destination, '{"State":"ADDING"}'], [destination, '{"State":"AVAILABLE"}'],
  ]);
  expect(entries.at(-2)).toEqual({
    Source: 'local.datasync', DetailType: 'DataSync Task Execution State Change', Detail: '{"State":"SUCCESS"}', Resources: [execution], Time: expect.any(Number),
  });
  expect(Math.abs(entries.at(-2).Time - Date.now() / 1000)).toBeLessThan(3600);
});

test('events come in their order, ten at a time', async () => {
  const states = Array.from({ length: 23 }, (_, number) => `S${number}`);
  await send(new EventBus({ endpoint: endpoint.url }), ...states);
  expect(arrived()).toEqual([states.slice(0, 10).join(' '), states.slice(10, 20).join(' '), states.slice(20).join(' ')]);
});

test('each account and Region gets its own', async () => {
  const bus = new EventBus({ endpoint: endpoint.url, source: 'mine' });
  for (const [state, account, region] of [['a', '111111111111'], ['b', '111111111111'], ['c', '222222222222'], ['d', '222222222222', 'eu-west-1']]) {
    bus.send(event(state, account, region));
  }
  await bus.close();
  expect(arrived()).toEqual(['a b', 'c', 'd']);
  expect(endpoint.calls.map(({ headers }) => /Credential=([^,]+)\/events/.exec(headers.authorization!)![1].replace(/\/\d{8}\//, '/')))
    .toEqual(['111111111111/us-east-1', '222222222222/us-east-1', '222222222222/eu-west-1']);
  expect(endpoint.inputs(PUT_EVENTS)[0].Entries[0].Source).toBe('mine');
});

test('a dead bus harms nothing, and one line tells of it', async () => {
  const { url, close } = await startFakeEndpoint();
  await close();
  const emulator = await startTestEmulator({ eventsEndpoint: url });
  const { task } = await createNfsToEfsTask(emulator);
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  expect((await finished(emulator.client, TaskExecutionArn)).Status).toBe('SUCCESS');
  await emulator.close();
  expect(log).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith(expect.stringContaining(`Events are lost, ${url} does not take them: fetch failed: connect ECONNREFUSED`));
});

test('a bus that answers nothing holds nobody up for longer than one call', async () => {
  await endpoint.close();
  endpoint = await startFakeEndpoint(() => 'nothing');
  await send(new EventBus({ endpoint: endpoint.url }), ...Array.from({ length: 1_500 }, (_, number) => `S${number}`));
  expect(endpoint.calls).toHaveLength(1);
  expect(log).toHaveBeenCalledWith(`Events are lost, ${endpoint.url} does not take them: no answer within 5 seconds`);
});

test('a bus that takes no events of aws.datasync is told of once, with what to do', async () => {
  await endpoint.close();
  endpoint = await startFakeEndpoint(({ input }) => ({
    body: {
      FailedEntryCount: input.Entries.length,
      Entries: input.Entries.map(() => ({ ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' })),
    },
  }));
  await send(new EventBus({ endpoint: endpoint.url, source: 'aws.datasync' }), ...Array.from({ length: 15 }, () => 'A'));
  expect(endpoint.calls).toHaveLength(2);
  expect(log.mock.calls).toEqual([[
    `Events are lost, ${endpoint.url} does not take them: NotAuthorizedForSourceException: Not authorized for the source.; `
    + 'give --events-source a name that does not start with aws.',
  ]]);
});
