/** What hears of a task: EventBridge, SQS and CloudWatch are MiniStack's, and the emulator runs the task and sends its events. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { callAws } from '../../emulator/local-services/aws-call';
import type { ITask } from '../../src';
import { Agent, NfsLocation, S3Location, Task, TaskAlarms, TaskDashboard, TaskExecution } from '../../src';
import { eventually } from '../support/eventually';
import { TestLocalStack } from '../support/local-stack';

const MINUTE = 60_000;
const SCOPE = { account: '000000000000', region: 'us-east-1' };
const AGENT_ARN = 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0';
let local: TestLocalStack;

beforeAll(async () => { local = await TestLocalStack.start(); }, 5 * MINUTE);
afterAll(() => local?.close(), MINUTE);

/** Two tasks of which one cannot succeed, each with queues for what is heard of it, and alarms and a dashboard for both. */
function assembly(): string {
  const app = new App({ outdir: join(local.folder, 'Monitored') });
  const stack = new Stack(app, 'Monitored');
  const agent = Agent.fromAgentArn(stack, 'Agent', AGENT_ARN);
  const queue = (id: string): SqsQueue => {
    const made = new Queue(stack, id);
    new CfnOutput(stack, `${id}Url`, { value: made.queueUrl });
    return new SqsQueue(made);
  };
  const task = (id: string): ITask => new Task(stack, id, {
    source: new NfsLocation(stack, `${id}Share`, { serverHostname: 'fileserver.example.com', subdirectory: `/${id}`, agents: [agent] }),
    destination: new S3Location(stack, `${id}Copies`, { bucket: new Bucket(stack, `${id}Bucket`) }),
  });
  const tasks = ['Good', 'Bad'].map(id => {
    const made = task(id);
    made.onExecutionSucceeded('Succeeded', { target: queue(`${id}Succeeded`) });
    made.onExecutionFailed('Failed', { target: queue(`${id}Failed`) });
    made.onTaskUnavailable('Unavailable', { target: queue(`${id}Unavailable`) });
    new TaskExecution(stack, `Start${id}`, { task: made });
    return made;
  });
  agent.onAgentOffline('Offline', { target: queue('AgentOffline') });
  const alarms = tasks.map((each, index) => new TaskAlarms(stack, `Alarms${index}`, { task: each, agents: [agent], successWithin: Duration.days(1) }));
  new TaskDashboard(stack, 'Dashboard', { tasks, alarms, dashboardName: 'Transfers' });
  return app.synth().directory;
}

interface Event { readonly resources: string[]; readonly detail: { readonly State: string } }

async function eventsIn(QueueUrl: string): Promise<Event[]> {
  const { Messages = [] } = await callAws(local.aws.endpoint, { service: 'sqs', target: 'AmazonSQS.ReceiveMessage' }, SCOPE, { QueueUrl, MaxNumberOfMessages: 10 });
  return Messages.map(({ Body }: { Body: string }) => JSON.parse(Body));
}

test('each queue hears what it is for, of its own task or agent only', async () => {
  const folder = join(local.root, 'nfs', 'fileserver.example.com', 'Good');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'file'), 'content');
  const { Monitored: urls } = await local.deploy(assembly());

  const [[good], [bad]] = await Promise.all(['GoodSucceededUrl', 'BadFailedUrl'].map(name => eventually(async () => {
    const events = await eventsIn(urls[name] as string);
    return events.length > 0 && events;
  })));
  expect([good.detail.State, bad.detail.State]).toEqual(['SUCCESS', 'ERROR']);
  const tasks = [good, bad].map(({ resources: [arn] }) => arn.split('/execution/')[0]);
  expect(new Set(tasks).size).toBe(2);

  const agent = `${local.datasync.endpoint}/_emulator/agents/${AGENT_ARN.split('/')[1]}`;
  expect((await fetch(agent, { method: 'POST', body: JSON.stringify({ status: 'OFFLINE' }) })).status).toBe(200);
  for (const [name, arn] of [['AgentOfflineUrl', AGENT_ARN], ['GoodUnavailableUrl', tasks[0]], ['BadUnavailableUrl', tasks[1]]]) {
    const events = await eventually(async () => {
      const found = await eventsIn(urls[name] as string);
      return found.length > 0 && found;
    });
    expect(events.map(({ resources }) => resources)).toEqual([[arn]]);
  }
  for (const name of ['GoodFailedUrl', 'BadSucceededUrl']) expect(await eventsIn(urls[name] as string)).toEqual([]);

  const cloudWatch = (operation: string, input: object) =>
    callAws(local.aws.endpoint, { service: 'monitoring', target: `GraniteServiceVersion20100801.${operation}` }, SCOPE, input);
  const { MetricAlarms } = await cloudWatch('DescribeAlarms', {});
  expect(MetricAlarms).toHaveLength(6); // those of an expression have a stand-in
  const { DashboardBody } = await cloudWatch('GetDashboard', { DashboardName: 'Transfers' });
  expect(JSON.parse(DashboardBody).widgets.map(({ type }: { type: string }) => type)).toEqual(['alarm', ...Array(2).fill(['text', ...Array(4).fill('metric')]).flat()]);
}, 10 * MINUTE);
