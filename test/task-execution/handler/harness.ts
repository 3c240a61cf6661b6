import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSyncClient, StartTaskExecutionCommandInput } from '@aws-sdk/client-datasync';
import {
  CreateLocationEfsCommand, CreateLocationNfsCommand, CreateTaskCommand, DescribeTaskExecutionCommand, ListTagsForResourceCommand,
  ListTaskExecutionsCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { EmulatorOptions } from '../../../emulator';
import type { InvocationContext } from '../../../src/custom-resource/invocation';
import type { Answer } from '../../../src/custom-resource/respond';
import { TASK_EXECUTION_RESOURCE_TYPE } from '../../../src/task-execution/contract';
import { awsServices } from '../../../src/task-execution/handler/datasync/aws';
import type { Services } from '../../../src/task-execution/handler/datasync/services';
import { handleEvent } from '../../../src/task-execution/handler/deploy';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, EFS_CONFIG, startTestEmulator } from '../../support/emulator';
import { eventually } from '../../support/eventually';

export const STACK_ID = 'arn:aws:cloudformation:us-east-1:000000000000:stack/App/6b2d0f2e-0000-1111-2222-333344445555';
export const LOGICAL_ID = 'SeedExecution';
export const OWNER = `${STACK_ID}/${LOGICAL_ID}`;
export const SECRET = 'X-Amz-Signature=a-secret';

/** A server on loopback, and how to get rid of it. */
export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function listen(server: Server): Promise<TestServer> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Plays the bucket behind the ResponseURL. */
export interface Receiver extends TestServer {
  readonly answers: Array<Answer & { readonly contentType?: string }>;
  /** What to do with the next requests instead of taking them: a status, a cut connection, or no answer at all. */
  readonly failures: Array<number | 'cut' | 'hang'>;
  last(): Answer;
}

export async function startReceiver(): Promise<Receiver> {
  const answers: Receiver['answers'] = [];
  const failures: Receiver['failures'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => body += chunk).on('end', () => {
      const failure = failures.shift();
      if (failure === 'hang') return;
      if (failure === 'cut') return request.socket.destroy();
      if (failure !== undefined) return response.writeHead(failure).end();
      answers.push({ ...JSON.parse(body), contentType: request.headers['content-type'] });
      return response.writeHead(200).end();
    });
  });
  return { ...await listen(server), answers, failures, last: () => answers[answers.length - 1] };
}

/** Speaks as much of CloudFormation as DescribeStacks needs. */
export interface StackServer extends TestServer {
  status: string;
  /** Statuses of the next looks, before it is `status`. */
  readonly next: string[];
  /** Milliseconds since the epoch. */
  lastUpdatedTime?: number;
  operation?: string;
  /** Answers this error instead, so many times. */
  error?: { code: string; http: number; times: number };
  calls: number;
}

export async function startStackServer(): Promise<StackServer> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      state.calls++;
      if (state.error && state.error.times-- > 0) {
        const { code, http } = state.error;
        response.writeHead(http).end(`<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no, because ${code}</Message></Error></ErrorResponse>`);
      } else {
        response.writeHead(200).end('<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>App</StackName>'
          + `<StackStatus>${state.next.shift() ?? state.status}</StackStatus>`
          + (state.lastUpdatedTime === undefined ? '' : `<LastUpdatedTime>${new Date(state.lastUpdatedTime).toISOString()}</LastUpdatedTime>`)
          + (state.operation === undefined ? '' : '<LastOperations><member><OperationType>UPDATE_STACK</OperationType>'
            + `<OperationId>${state.operation}</OperationId></member></LastOperations>`)
          + '</member></Stacks></DescribeStacksResult></DescribeStacksResponse>');
      }
    });
  });
  const state: StackServer = { ...await listen(server), status: 'UPDATE_IN_PROGRESS', next: [], calls: 0 };
  return state;
}

export interface QuickServices extends Services {
  readonly lines: string[];
  /** Does something as if it were a call: the clock does not jump meanwhile. */
  hold<T>(action: () => Promise<T>): Promise<T>;
}

/**
 * Services whose clock jumps to the next end of a sleep as soon as no call is in flight, so that minutes of waiting take no time. While a
 * call is in flight, time passes as it does.
 */
export function quickServices(datasync: Services['datasync'], overrides: Partial<Services> = {}): QuickServices {
  const lines: string[] = [];
  const sleepers = new Set<{ readonly until: number; wake(): void }>();
  let skipped = 0;
  let calls = 0;
  const aws = awsServices();
  const now = () => Date.now() + skipped;
  const inFlight = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    calls++;
    try {
      return await call(...args);
    } finally {
      calls--;
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const turn = () => {
    timer = undefined;
    const next = Math.min(...[...sleepers].map(({ until }) => until));
    if (calls === 0 && sleepers.size > 0) skipped += Math.max(0, next - now());
    for (const sleeper of sleepers) if (sleeper.until <= now()) sleeper.wake();
    if (sleepers.size > 0) timer = setTimeout(turn, 2);
  };
  const services: Services = {
    datasync,
    stack: aws.stack,
    states: aws.states,
    putParameter: aws.putParameter,
    getParameter: aws.getParameter,
    put: aws.put,
    sleep: (milliseconds, signal) => new Promise<void>((resolve, reject) => {
      signal.throwIfAborted();
      const sleeper = { until: services.now() + milliseconds, wake: () => { end(); resolve(); } };
      const stop = () => { end(); reject(signal.reason); };
      const end = () => {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', stop);
      };
      signal.addEventListener('abort', stop, { once: true });
      sleepers.add(sleeper);
      timer ??= setTimeout(turn, 2); // the others get their turn
    }),
    now,
    random: Math.random,
    write: line => { lines.push(line); },
    ...overrides,
  };
  const send = services.datasync.send.bind(services.datasync) as (...args: unknown[]) => Promise<unknown>;
  return {
    ...services,
    datasync: { send: inFlight(send) } as unknown as Services['datasync'],
    stack: inFlight(services.stack),
    states: inFlight(services.states),
    putParameter: inFlight(services.putParameter),
    getParameter: inFlight(services.getParameter),
    put: inFlight(services.put),
    lines,
    hold: action => inFlight(action)(),
  };
}

export function lambdaContext(overrides: Partial<InvocationContext> = {}): InvocationContext {
  return {
    awsRequestId: randomUUID(),
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
    logGroupName: '/aws/lambda/App-Starter',
    logStreamName: '2026/01/31/[$LATEST]0123',
    getRemainingTimeInMillis: () => 15 * 60_000,
    ...overrides,
  };
}

/** The query of a ResponseURL that was signed at a time. */
export function datedQuery(time: number): string {
  return `X-Amz-Date=${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}&X-Amz-Expires=7200&${SECRET}`;
}

/** Waits until what starts is told to have started later than all that has started before: the service tells times to the second. */
export async function nextSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1000);
  const before = second();
  await eventually(async () => second() > before);
}

/** An emulator with tasks, a CloudFormation that sends events, and what became of them. */
export interface Harness {
  readonly emulator: TestEmulator;
  readonly receiver: Receiver;
  readonly stack: StackServer;
  readonly client: DataSyncClient;
  /** Log lines of everything that was delivered. */
  readonly lines: string[];
  /** Forgets what earlier tests have left: answers, log lines, and what has become of the stack. */
  reset(): void;
  /** Makes a task; `slow` ones run until they are cancelled. */
  makeTask(options?: { slow?: boolean }): Promise<string>;
  properties(taskArn: string, more?: Record<string, unknown>): Record<string, unknown>;
  /** `date` is when CloudFormation made the request; without it the URL has no date, as those of emulators. */
  event(type: 'Create' | 'Update' | 'Delete', more: Record<string, unknown>, date?: number): CloudFormationCustomResourceEvent;
  /** Delivers an event to the handler and gives the last answer that CloudFormation got. */
  deliver(event: CloudFormationCustomResourceEvent, overrides?: Partial<Services>, context?: Partial<InvocationContext>): Promise<Answer>;
  executions(taskArn: string): Promise<string[]>;
  statusOf(arn: string): Promise<string | undefined>;
  tagsOf(arn: string): Promise<Record<string, string>>;
  /** Starts an execution that is none of the handler's business. */
  startByOthers(taskArn: string, include?: string, more?: Partial<StartTaskExecutionCommandInput>): Promise<string>;
  close(): Promise<void>;
}

export async function startHarness(options: Partial<EmulatorOptions> = {}): Promise<Harness> {
  const emulator = await startTestEmulator(options);
  const receiver = await startReceiver();
  const stack = await startStackServer();
  const saved = { ...process.env };
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DATASYNC: emulator.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: stack.url,
  });
  const { client } = emulator;
  const lines: string[] = [];
  let tasks = 0;

  const harness: Harness = {
    emulator,
    receiver,
    stack,
    client,
    lines,
    async makeTask({ slow = false } = {}) {
      const name = `task${tasks++}`;
      emulator.write(`nfs/files.example.com/${name}/a/one.txt`, 'one');
      emulator.write(`nfs/files.example.com/${name}/b/two.bin`, Buffer.alloc(200_000));
      emulator.mkdir(`efs/fs-0123456789abcdef0/${name}`);
      // One agent runs one task at a time, so every task has its own.
      const agent = AGENT_ARN.replace(/agent-.*/, `agent-${String(tasks).padStart(17, '0')}`);
      const source = await client.send(new CreateLocationNfsCommand({
        ServerHostname: 'files.example.com', Subdirectory: `/${name}`, OnPremConfig: { AgentArns: [agent] },
      }));
      const destination = await client.send(new CreateLocationEfsCommand({
        EfsFilesystemArn: 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-0123456789abcdef0', Subdirectory: `/${name}`, Ec2Config: EFS_CONFIG,
      }));
      const { TaskArn } = await client.send(new CreateTaskCommand({
        SourceLocationArn: source.LocationArn, DestinationLocationArn: destination.LocationArn, Options: slow ? { BytesPerSecond: 1 } : undefined,
      }));
      return TaskArn!;
    },
    properties: (taskArn, more = {}) => ({
      ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
      ServiceTimeout: '3600',
      TaskArn: taskArn,
      RunOn: 'CHANGE',
      IfRunning: 'QUEUE',
      ...more,
    }),
    event: (type, more, date) => ({
      RequestType: type,
      ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
      ResponseURL: `${receiver.url}/bucket/key?${date === undefined ? SECRET : datedQuery(date)}`,
      StackId: STACK_ID,
      RequestId: randomUUID(),
      LogicalResourceId: LOGICAL_ID,
      ResourceType: TASK_EXECUTION_RESOURCE_TYPE,
      ...more,
    }) as unknown as CloudFormationCustomResourceEvent,
    async deliver(event, overrides, context) {
      const services = quickServices(client, overrides);
      await handleEvent(event, lambdaContext(context), services);
      lines.push(...services.lines);
      return receiver.last();
    },
    async executions(TaskArn) {
      const { TaskExecutions = [] } = await client.send(new ListTaskExecutionsCommand({ TaskArn }));
      return TaskExecutions.map(execution => execution.TaskExecutionArn!);
    },
    statusOf: async arn => (await client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }))).Status,
    async tagsOf(ResourceArn) {
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceArn }));
      return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    },
    async startByOthers(TaskArn, include, more) {
      const Includes = include ? [{ FilterType: 'SIMPLE_PATTERN' as const, Value: include }] : undefined;
      return (await client.send(new StartTaskExecutionCommand({ TaskArn, Includes, ...more }))).TaskExecutionArn!;
    },
    reset() {
      for (const list of [receiver.answers, receiver.failures, lines, stack.next]) list.length = 0;
      Object.assign(stack, { status: 'UPDATE_IN_PROGRESS', lastUpdatedTime: undefined, operation: undefined, error: undefined, calls: 0 });
    },
    async close() {
      process.env = saved;
      await Promise.all([emulator.close(), receiver.close(), stack.close()]);
    },
  };
  return harness;
}

/** A stack with one execution of a task, whose answer is read. */
export async function created(h: Harness, options: { slow?: boolean } = {}, more: Record<string, unknown> = {}) {
  const taskArn = await h.makeTask(options);
  const properties = h.properties(taskArn, more);
  const answer = await h.deliver(h.event('Create', { ResourceProperties: properties }));
  expect(answer).toMatchObject({ Status: 'SUCCESS' });
  h.receiver.answers.length = 0;
  return { taskArn, properties, arn: answer.PhysicalResourceId, request: answer.RequestId };
}
