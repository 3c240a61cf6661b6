import type { CloudFormationCustomResourceCreateEvent, CloudFormationCustomResourceEvent, CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import { ATTRIBUTE_TASK_EXECUTION_ARN, NOT_STARTED_PREFIX, SERVICE_TIMEOUT, WAIT_RESOURCE_TYPE } from '../contract';
import { answerTo, staysAfterFailure } from './answer';
import { locationsChanged, valuesTag } from './compared-values';
import { describeExecution, isExecutionArn, isPending, tagsOf } from './datasync/executions';
import type { Services } from './datasync/services';
import type { Identity } from './identity';
import { CLOCK_SKEW_MS } from './identity';
import { TaskExecutionInvocation } from './invocation';
import { isExecutionRetained, isWaitedForByLinks, parseCompletion, parseRunOn, parseRunOnDelete, parseStart, runsOnDelete } from './parse';
import { StackGuard } from './stack';
import { decide } from './start/decide';
import { startOnce } from './start/start';
import { remove } from './stop/delete';
import { cancelOwned } from './stop/owned';
import { rollBack } from './stop/roll-back';
import { runOnDelete } from './stop/run-on-delete';
import { answerLink } from './wait/link';
import { executionAttributesOf } from './wait/outcome';
import { pollExecution } from './wait/poll-execution';
import type { WaitedExecution } from './wait/poll-execution';
import { isRunOnDelete, pollRunOnDelete } from './wait/poll-run-on-delete';
import { stopWaitsOf, waiterIn } from './wait/stop-waits';
import { errorText, Failure } from '../../custom-resource/errors';
import type { InvocationContext } from '../../custom-resource/invocation';
import { requestDate } from '../../custom-resource/request-date';
import type { Answer } from '../../custom-resource/respond';
import { deliver } from '../../custom-resource/respond';
import type { StackState } from '../../custom-resource/services';
import { isRollingBack, tryToReadStack } from '../../custom-resource/stack';
import { beginWait, isHandedOver } from '../../custom-resource/state-machine';
import { STEP_TIME_MS, takeStep } from '../../custom-resource/step';
import { tagValue } from '../../custom-resource/tag-value';
import { WAITED_SERVICE_TIMEOUT } from '../../custom-resource/waiter/contract';
import type { WaitProgress, WaitStep } from '../../custom-resource/waiter/contract';

/** No delivery of an event without a date comes later: Lambda keeps an asynchronous invocation for six hours at most. */
const OLDEST_DELIVERY_MS = 6 * 60 * 60_000;

/** One event of the custom resource: does what it asks for and answers CloudFormation, once and in time. */
export async function handleEvent(event: CloudFormationCustomResourceEvent, context: InvocationContext, services: Services): Promise<void> {
  const date = requestDate(event.ResponseURL);
  const named = waiterIn(event.ResourceProperties);
  const waiter = event.RequestType === 'Delete' ? undefined : named;
  const serviceTimeout = named ?? runsOnDelete(event.ResourceProperties) ? WAITED_SERVICE_TIMEOUT : SERVICE_TIMEOUT;
  const run = new TaskExecutionInvocation(services, context, date === undefined ? undefined : date + serviceTimeout * 1000);
  run.log.info('event', {
    type: event.RequestType, request: event.RequestId, stack: event.StackId, logicalId: event.LogicalResourceId, physicalId: physicalIdOf(event),
  });
  if (run.timeLeft <= 0) {
    run.log.warn('nothing is done: CloudFormation has given up this request, and nobody waits for its answer', { request: event.RequestId });
    return;
  }
  const isLink = event.ResourceType === WAIT_RESOURCE_TYPE;
  const answer = await (isLink ? answerLink(run, event, waiter) : new Deployment(run, event, date, waiter).answer());
  if (!answer) {
    run.log.info('no answer yet: the end of the execution is waited for', { request: event.RequestId });
    return;
  }
  run.log.info('answer', { status: answer.Status, physicalId: answer.PhysicalResourceId, reason: answer.Reason });
  await deliver(run, event.ResponseURL, answer);
}

/** One step of the wait for the end of an execution. */
export async function handleStep(step: WaitStep, context: InvocationContext, services: Services): Promise<WaitProgress> {
  const poll = isRunOnDelete(step.Wait.Request.Subject) ? pollRunOnDelete : pollExecution;
  return takeStep(new TaskExecutionInvocation(services, context, services.now() + STEP_TIME_MS), step, poll);
}

class Deployment {
  private readonly owner: string;
  private guard?: StackGuard;

  constructor(
    private readonly run: TaskExecutionInvocation, private readonly event: CloudFormationCustomResourceEvent,
    private readonly date: number | undefined,
    /** The machine with which the end is waited for. */
    private readonly waiter: string | undefined,
  ) {
    this.owner = tagValue(`${event.StackId}/${event.LogicalResourceId}`);
  }

  /** Undefined if it is for the machine to answer. */
  public answer(): Promise<Answer | undefined> {
    const act = async () => {
      const id = await this.act();
      return { id, data: this.run.isHandedOver ? undefined : await this.attributes(id) };
    };
    return answerTo(this.run, this.event, act, () => ({ id: this.failedId(), logStays: this.staysAfterFailure }));
  }

  /** Gives the physical id of the resource: the ARN of its execution. */
  private async act(): Promise<string> {
    const { run, event } = this;
    // Another delivery may have come as far: then everything else is the machine's.
    if (this.waiter && await isHandedOver(run, this.waiter, event)) {
      run.isHandedOver = true;
      return '';
    }
    switch (event.RequestType) {
      case 'Create':
        this.guard = await StackGuard.read(run, event.StackId, event.RequestType, this.date);
        return this.start(event);
      case 'Update':
        return this.update(event);
      case 'Delete':
        await stopWaitsOf(run, event);
        if (!await runOnDelete(run, event, this.owner)) await remove(run, event, this.owner);
        return event.PhysicalResourceId;
      default:
        throw new Failure(
          `The request type ${JSON.stringify((event as { RequestType?: unknown }).RequestType)} is unknown`,
          'Only CloudFormation should call this function, with Create, Update or Delete',
        );
    }
  }

  private async update(event: CloudFormationCustomResourceUpdateEvent): Promise<string> {
    const { run } = this;
    let unreadable: unknown;
    try {
      this.guard = await StackGuard.read(run, event.StackId, event.RequestType, this.date);
    } catch (error) {
      unreadable = error; // fatal only if something has to start
    }
    const state = this.guard?.first;
    if (state && isRollingBack(state)) return this.rollBack(event, state);
    const runOn = parseRunOn(event.ResourceProperties);
    parseStart(event.ResourceProperties);
    const isWaitedFor = this.isWaitedFor(this.parseRest(event.ResourceProperties));
    const { start, reason } = await decide(run, event, runOn, this.identityOf(event), isWaitedFor);
    run.log.info(start ? 'to be started' : 'nothing to start', { reason });
    if (start && !this.guard) throw unreadable;
    if (start) return this.start(event);
    const later = unreadable ? await this.stateAfterAll() : undefined;
    return later && isRollingBack(later) ? this.rollBack(event, later) : event.PhysicalResourceId;
  }

  private async rollBack(event: CloudFormationCustomResourceUpdateEvent, state: StackState): Promise<string> {
    this.run.log.info('nothing to start', { reason: `the stack is ${state.status}` });
    await stopWaitsOf(this.run, event);
    return rollBack(this.run, event, this.owner, tagValue(this.event.RequestId), state);
  }

  /** Calls fail for a while and succeed again: if the stack goes back after all, what was started has to be cancelled. */
  private async stateAfterAll(): Promise<StackState | undefined> {
    try {
      return await tryToReadStack(this.run, this.event.StackId);
    } catch (error) {
      this.run.log.warn('not known whether the stack goes back, and so nothing is cancelled', { reason: errorText(error) });
      return undefined;
    }
  }

  private async attributes(arn: string): Promise<{ [attribute: string]: string } | undefined> {
    if (this.event.RequestType === 'Delete') return undefined;
    return this.waiter ? executionAttributesOf(this.run, arn) : { [ATTRIBUTE_TASK_EXECUTION_ARN]: arn };
  }

  private async start(event: CloudFormationCustomResourceCreateEvent | CloudFormationCustomResourceUpdateEvent): Promise<string> {
    const { run, date, guard } = this;
    const completion = this.parseRest(event.ResourceProperties);
    // What started before a location was changed in place may copy the old place.
    const moved = event.RequestType === 'Update' && locationsChanged(event.ResourceProperties, event.OldResourceProperties);
    const attachAfter = moved ? date ?? run.services.now() : undefined;
    const retained = isExecutionRetained(event.ResourceProperties);
    const arn = await startOnce(run, parseStart(event.ResourceProperties), this.identityOf(event), { guard: guard!, date, retained, attachAfter });
    // What it replaces would be cancelled by CloudFormation after the end of this one, which may be queued behind it.
    if (event.RequestType === 'Update' && this.isWaitedFor(completion) && !retained) await this.cancelPrevious(event.PhysicalResourceId, arn);
    if (!this.waiter || !completion) return arn;

    const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId } = event;
    const subject: WaitedExecution = { TaskExecutionArn: arn, Owner: this.owner, ...completion };
    await beginWait(run, this.waiter, {
      RequestType,
      ResponseURL,
      StackId,
      RequestId,
      LogicalResourceId,
      PhysicalResourceId: arn,
      Subject: subject,
      LogStays: this.staysAfterFailure,
    });
    run.isHandedOver = true;
    return arn;
  }

  /** What has to be right, but for the start. @returns how the end is waited for, if it is */
  private parseRest(properties: unknown): ReturnType<typeof parseCompletion> | undefined {
    if (runsOnDelete(properties)) parseRunOnDelete(properties); // on delete it would be too late to put it right
    return this.waiter ? parseCompletion(properties) : undefined;
  }

  private isWaitedFor(completion: ReturnType<typeof parseCompletion> | undefined): boolean {
    return completion !== undefined || isWaitedForByLinks(this.event.ResourceProperties);
  }

  private async cancelPrevious(id: string, successor: string): Promise<void> {
    if (!isExecutionArn(id) || id === successor) return;
    const previous = await describeExecution(this.run, id);
    if (!previous || !isPending(previous)) return;
    if ((await tagsOf(this.run, id, previous.startTime)).owner === this.owner) await cancelOwned(this.run, [previous], 0);
  }

  private identityOf(event: CloudFormationCustomResourceCreateEvent | CloudFormationCustomResourceUpdateEvent): Identity {
    const { run, date } = this;
    return {
      owner: this.owner,
      request: tagValue(event.RequestId),
      notBefore: date === undefined ? run.services.now() - OLDEST_DELIVERY_MS : date - CLOCK_SKEW_MS,
      values: valuesTag(event.ResourceProperties),
    };
  }

  /** A failed start has an id of its own, so that CloudFormation sends a Delete for it. One that goes back has nothing to delete. */
  private failedId(): string {
    const { event, run, guard } = this;
    if (event.RequestType === 'Delete') return event.PhysicalResourceId;
    if (event.RequestType === 'Update' && isRollingBack(guard?.first) && isExecutionArn(event.PhysicalResourceId)) return event.PhysicalResourceId;
    return run.execution ?? `${NOT_STARTED_PREFIX}${event.RequestId}`;
  }

  private get staysAfterFailure(): boolean {
    return staysAfterFailure(this.event.RequestType, this.guard?.first);
  }
}

function physicalIdOf(event: CloudFormationCustomResourceEvent): string | undefined {
  return 'PhysicalResourceId' in event ? event.PhysicalResourceId : undefined;
}
