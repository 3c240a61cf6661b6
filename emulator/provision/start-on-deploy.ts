import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import type { InvocationContext } from '../../src/custom-resource/invocation';
import type { Answer } from '../../src/custom-resource/respond';
import type { WaitInput } from '../../src/custom-resource/waiter/contract';
import { SERVICE_TIMEOUT, FUNCTION_TIMEOUT } from '../../src/task-execution/contract';
import type { Services } from '../../src/task-execution/handler/datasync/services';
import { handleEvent, handleStep } from '../../src/task-execution/handler/deploy';
import type { Scope } from '../model/scope';

/** What CloudFormation would ask for: a start, or the wait for its end. */
export interface StartEvent extends Scope {
  readonly type: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** As CloudFormation sends them: all scalars are strings. */
  readonly properties: any;
}

/** Between two looks at an execution that is waited for, in milliseconds at most. */
const PAUSE_MS = 200;

/** A state machine that is not there: the steps of a wait are taken here. */
export const IN_PROCESS_WAITER = 'arn:aws:states:us-east-1:000000000000:stateMachine:in-process';

/**
 * Has the handler of the library answer a Create in this process. It talks to the emulator as to the service; the stack that it asks for, and
 * the URL that it answers to, are here and not in any environment variable, so that there can be several emulators in one process.
 */
export async function startOnDeploy(endpoint: string, { type, stackId, logicalId, properties, account, region }: StartEvent): Promise<Answer> {
  const datasync = new DataSyncClient({
    endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'test' }, maxAttempts: 1,
  });
  const started = Date.now();
  const told: Told = {};
  const services = servicesOf(datasync, told);
  try {
    await handleEvent({
      RequestType: 'Create',
      RequestId: randomUUID(),
      StackId: stackId,
      LogicalResourceId: logicalId,
      ResourceType: type,
      ResponseURL: `http://127.0.0.1/?X-Amz-Date=${amzDate(started)}&X-Amz-Expires=${SERVICE_TIMEOUT}`,
      ServiceToken: properties.ServiceToken,
      ResourceProperties: properties,
    }, contextOf(properties.ServiceToken), services);
    while (told.wait && !told.answer) {
      const step = { Wait: { ...told.wait, StartedAt: new Date(started).toISOString() } };
      const Progress = await handleStep(step, contextOf(properties.ServiceToken), services);
      told.wait = { ...told.wait, Progress };
      if (!Progress.Answered) await sleep(Math.min(Progress.Pause * 1000, PAUSE_MS));
    }
  } finally {
    datasync.destroy();
  }
  return told.answer!;
}

/** What the handler has told CloudFormation and Step Functions, which are not there. */
interface Told {
  answer?: Answer;
  wait?: WaitInput;
}

function servicesOf(datasync: DataSyncClient, told: Told): Services {
  return {
    datasync,
    stack: async () => ({ status: 'CREATE_IN_PROGRESS' }),
    states: async (operation, input) => {
      if (operation !== 'StartExecution') throw Object.assign(new Error('Execution Does Not Exist'), { name: 'ExecutionDoesNotExist', $metadata: { httpStatusCode: 400 } });
      told.wait = JSON.parse((input as { readonly input: string }).input);
      return {};
    },
    putParameter: noParameters,
    getParameter: noParameters,
    put: async (_, body) => {
      told.answer = JSON.parse(body);
      return 200;
    },
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    now: Date.now,
    random: Math.random,
    write: () => {},
  };
}

/** One invocation of the function, from now on. */
function contextOf(invokedFunctionArn: string): InvocationContext {
  const ends = Date.now() + FUNCTION_TIMEOUT * 1000;
  return { awsRequestId: randomUUID(), invokedFunctionArn, logGroupName: '-', logStreamName: '-', getRemainingTimeInMillis: () => ends - Date.now() };
}

/** Only schedules have them. */
async function noParameters(): Promise<never> {
  throw new Error('there are no parameters on deploy');
}

function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}
