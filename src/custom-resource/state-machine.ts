import { createHash } from 'node:crypto';
import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { ErrorKind, errorKindOf } from './errors';
import type { Invocation } from './invocation';
import { retrying } from './retry';
import type { StatesAnswer, StatesOperation } from './services';
import { readJsonError, signedCall } from './signed-call';
import { NO_PROGRESS } from './waiter/contract';
import type { WaitInput, WaitRequest } from './waiter/contract';

/** One call of Step Functions. */
export async function callStates(client: DataSyncClient, operation: StatesOperation, input: object, signal: AbortSignal): Promise<StatesAnswer> {
  return JSON.parse(await signedCall(client, {
    service: 'states',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` },
    body: JSON.stringify(input),
    readError: readJsonError,
  }, signal));
}

/** Which request of which resource is waited for. */
type Waited = Pick<WaitRequest, 'LogicalResourceId' | 'RequestId'>;

/**
 * Hands a request over to the machine, whose steps then answer it. The name of the machine's execution is that of the request: a second
 * delivery starts nothing, be the wait still open or long over, and the first one answers.
 */
export async function beginWait(run: Invocation, stateMachineArn: string, request: WaitRequest): Promise<void> {
  run.step = `beginning to wait with ${stateMachineArn}`;
  const input: WaitInput = { Request: request, Progress: NO_PROGRESS };
  await retrying(run, 'states:StartExecution', stateMachineArn, async signal => {
    try {
      await run.services.states('StartExecution', { stateMachineArn, name: nameOf(request), input: JSON.stringify(input) }, signal);
    } catch (error) {
      if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
      run.log.info('it is waited for already', { request: request.RequestId });
    }
  });
}

/** Whether another delivery of a request has handed it over before, so that it is for the machine to answer. */
export async function isHandedOver(run: Invocation, stateMachineArn: string, waited: Waited): Promise<boolean> {
  run.step = `looking whether ${waited.RequestId} is waited for`;
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${nameOf(waited)}`;
  return await retrying(run, 'states:DescribeExecution', executionArn, signal =>
    unlessGone(run.services.states('DescribeExecution', { executionArn }, signal))) !== undefined;
}

/**
 * Stops waits of a resource. A step that is under way goes on to its end.
 *
 * @param startedBefore milliseconds since the epoch; all of them if it is left out
 * @returns how many were stopped
 */
export async function stopWaits(
  run: Invocation, stateMachineArn: string, logicalId: string, startedBefore = Number.POSITIVE_INFINITY,
): Promise<number> {
  run.step = `stopping what waits for ${logicalId}`;
  const running: string[] = []; // all of them before one is stopped: what is taken out of a list can move its pages
  let nextToken: string | undefined;
  do {
    const input = { stateMachineArn, statusFilter: 'RUNNING', maxResults: 1000, nextToken };
    const page: StatesAnswer = await retrying(run, 'states:ListExecutions', stateMachineArn, signal =>
      unlessGone(run.services.states('ListExecutions', input, signal))) ?? {};
    for (const { executionArn, name, startDate } of page.executions ?? []) {
      if (name.startsWith(prefixOf(logicalId)) && startDate * 1000 < startedBefore) running.push(executionArn);
    }
    nextToken = page.nextToken;
  } while (nextToken);
  for (const executionArn of running) await stop(run, executionArn);
  return running.length;
}

/** Stops the wait for one request, if there is one. */
export async function stopWait(run: Invocation, stateMachineArn: string, waited: Waited): Promise<void> {
  run.step = `stopping the wait for ${waited.RequestId}`;
  await stop(run, `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${nameOf(waited)}`);
}

async function stop(run: Invocation, executionArn: string): Promise<void> {
  const input = { executionArn, error: 'GivenUp', cause: 'CloudFormation does not wait for the answer any more' };
  await retrying(run, 'states:StopExecution', executionArn, signal => unlessGone(run.services.states('StopExecution', input, signal)));
  run.log.info('the wait was stopped', { wait: executionArn });
}

/** 45 of the 80 characters that a name may have. */
function nameOf({ LogicalResourceId, RequestId }: Waited): string {
  return `${prefixOf(LogicalResourceId)}${RequestId}`;
}

function prefixOf(logicalId: string): string {
  return `${createHash('sha256').update(logicalId).digest('hex').slice(0, 8)}-`;
}

/** Undefined if there is no such machine or execution. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (errorKindOf(error) === ErrorKind.NOT_FOUND || /DoesNotExist$/.test((error as Error).name)) return undefined;
    throw error;
  }
}
