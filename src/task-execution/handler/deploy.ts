import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ATTRIBUTE_TASK_EXECUTION_ARN } from '../contract';
import { cancelAllOwned, cancelIfOwned } from './cancel';
import { asksForExecution } from './change';
import { errorText, Failure } from './errors';
import { isExecutionArn } from './executions';
import { tagValue } from './identity';
import type { Identity } from './identity';
import { isTaskArn, parseRunOn, parseStart } from './parse';
import { deliver, fitReason } from './respond';
import type { Answer } from './respond';
import { isRollingBack } from './rollback';
import { Run, TimeUp } from './run';
import type { InvocationContext } from './run';
import type { Services } from './services';
import { startOnce } from './start';

/**
 * No delivery of an event comes later: Lambda keeps an asynchronous invocation for six hours at most. So an execution that
 * started a day ago belongs to another request.
 */
const OLDEST_DELIVERY_MS = 24 * 60 * 60_000;

/** One event of the custom resource: does what it asks for and answers CloudFormation, once and in time. */
export async function handleEvent(event: CloudFormationCustomResourceEvent, context: InvocationContext, services: Services): Promise<void> {
  const run = new Run(services, context);
  run.log.info('event', {
    type: event.RequestType, request: event.RequestId, stack: event.StackId, logicalId: event.LogicalResourceId, physicalId: physicalIdOf(event),
  });
  const answer = await answerTo(run, event);
  run.log.info('answer', { status: answer.Status, physicalId: answer.PhysicalResourceId, reason: answer.Reason });
  await deliver(run, event.ResponseURL, answer);
}

async function answerTo(run: Run, event: CloudFormationCustomResourceEvent): Promise<Answer> {
  const base = { StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId };
  try {
    const arn = await run.onTime(() => act(run, event));
    return {
      ...base,
      Status: 'SUCCESS',
      PhysicalResourceId: arn,
      ...(event.RequestType === 'Delete' ? {} : { Data: { [ATTRIBUTE_TASK_EXECUTION_ARN]: arn } }),
    };
  } catch (error) {
    const { logGroupName, logStreamName } = run.context;
    const log = `Log: ${logGroupName}, stream ${logStreamName}, invocation ${run.context.awsRequestId}.`;
    return { ...base, Status: 'FAILED', PhysicalResourceId: physicalIdOf(event), Reason: fitReason(explain(run, error), log) };
  }
}

/** Gives the physical id of the resource: the ARN of its execution. */
async function act(run: Run, event: CloudFormationCustomResourceEvent): Promise<string> {
  switch (event.RequestType) {
    case 'Create':
      return startOnce(run, parseStart(event.ResourceProperties), identify(run, event));
    case 'Update': {
      const request = parseStart(event.ResourceProperties);
      const runOn = parseRunOn(event.ResourceProperties);
      const wanted = asksForExecution(runOn, event.ResourceProperties, event.OldResourceProperties ?? {});
      if (!wanted || await isRollingBack(run, event.StackId)) {
        run.log.info('nothing to start', { reason: wanted ? 'the stack is rolling back' : 'nothing that RunOn listens to has changed' });
        return event.PhysicalResourceId;
      }
      return startOnce(run, request, identify(run, event));
    }
    case 'Delete':
      await remove(run, event.PhysicalResourceId, event.ResourceProperties?.TaskArn, ownerOf(event));
      return event.PhysicalResourceId;
    default:
      throw new Failure(
        `The request type ${JSON.stringify((event as { RequestType?: unknown }).RequestType)} is unknown`,
        'Only CloudFormation should call this function, with Create, Update or Delete',
      );
  }
}

/** A create that failed, or never answered, has no execution's ARN, and still may have started one. */
async function remove(run: Run, physicalId: string, taskArn: unknown, owner: string): Promise<void> {
  if (isExecutionArn(physicalId)) return cancelIfOwned(run, physicalId, owner);
  if (isTaskArn(taskArn)) return cancelAllOwned(run, taskArn, owner);
}

function identify(run: Run, event: CloudFormationCustomResourceEvent): Identity {
  return { owner: ownerOf(event), request: tagValue(event.RequestId), notBefore: run.services.now() - OLDEST_DELIVERY_MS };
}

function ownerOf(event: CloudFormationCustomResourceEvent): string {
  return tagValue(`${event.StackId}/${event.LogicalResourceId}`);
}

/** A create that fails needs an id of its own too, by which its delete is known. */
function physicalIdOf(event: CloudFormationCustomResourceEvent): string {
  return 'PhysicalResourceId' in event ? event.PhysicalResourceId : `not-started:${event.LogicalResourceId}`;
}

function explain(run: Run, error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (error instanceof TimeUp) return `Time is up: ${error.message}. Put right what it waited for, then deploy again.`;
  // A fault of ours: the log keeps the trace, the person gets the text.
  run.log.error('unexpected', { step: run.step, trace: (error as Error)?.stack });
  return `An unexpected error while ${run.step}: ${errorText(error)}. Please report it with the log.`;
}
