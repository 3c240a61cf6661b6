import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import type { Answer } from '../../src/custom-resource/respond';
import { SERVICE_TIMEOUT, FUNCTION_TIMEOUT, TASK_EXECUTION_RESOURCE_TYPE } from '../../src/task-execution/contract';
import { handleEvent } from '../../src/task-execution/handler/deploy';
import type { Scope } from '../model/scope';

/** What CloudFormation would ask for. */
export interface StartEvent extends Scope {
  readonly stackId: string;
  readonly logicalId: string;
  /** As CloudFormation sends them: all scalars are strings. */
  readonly properties: any;
}

/**
 * Has the handler of the library answer a Create in this process. It talks to the emulator as to the service; the stack that it asks for, and
 * the URL that it answers to, are here and not in any environment variable, so that there can be several emulators in one process.
 */
export async function startOnDeploy(endpoint: string, { stackId, logicalId, properties: given, account, region }: StartEvent): Promise<Answer> {
  const datasync = new DataSyncClient({
    endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'test' }, maxAttempts: 1,
  });
  const started = Date.now();
  let answer: Answer | undefined;
  const { Waiter: _waiter, ...properties } = given; // there is no Step Functions here: what is started is not waited for
  try {
    await handleEvent({
      RequestType: 'Create',
      RequestId: randomUUID(),
      StackId: stackId,
      LogicalResourceId: logicalId,
      ResourceType: TASK_EXECUTION_RESOURCE_TYPE,
      ResponseURL: `http://127.0.0.1/?X-Amz-Date=${amzDate(started)}&X-Amz-Expires=${SERVICE_TIMEOUT}`,
      ServiceToken: properties.ServiceToken,
      ResourceProperties: properties,
    }, {
      awsRequestId: randomUUID(),
      invokedFunctionArn: properties.ServiceToken,
      logGroupName: '-',
      logStreamName: '-',
      getRemainingTimeInMillis: () => FUNCTION_TIMEOUT * 1000 - (Date.now() - started),
    }, {
      datasync,
      stack: async () => ({ status: 'CREATE_IN_PROGRESS' }),
      states: noWaits,
      putParameter: noParameters,
      getParameter: noParameters,
      put: async (_, body) => {
        answer = JSON.parse(body);
        return 200;
      },
      sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
      now: Date.now,
      random: Math.random,
      write: () => {},
    });
  } finally {
    datasync.destroy();
  }
  return answer!;
}

/** Waits need a state machine. */
async function noWaits(): Promise<never> {
  throw new Error('there is no Step Functions here');
}

/** Only schedules have them. */
async function noParameters(): Promise<never> {
  throw new Error('there are no parameters on deploy');
}

function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}
