import type { CloudFormationCustomResourceDeleteEvent, CloudFormationCustomResourceUpdateEvent } from 'aws-lambda';
import { errorText } from '../../../custom-resource/errors';
import { isBeingRemoved, isRollingBack, readStack } from '../../../custom-resource/stack';
import { stopWait, stopWaits } from '../../../custom-resource/state-machine';
import { NOT_STARTED_PREFIX } from '../../contract';
import { isExecutionArn } from '../datasync/executions';
import type { TaskExecutionInvocation } from '../invocation';

type EndingEvent = CloudFormationCustomResourceUpdateEvent | CloudFormationCustomResourceDeleteEvent;

/** The machine in the properties of an event; undefined if its end is not waited for. */
export function waiterIn(properties: unknown): string | undefined {
  const { Waiter } = Object(properties) as { readonly Waiter?: unknown };
  return typeof Waiter === 'string' && /^arn:[^:]+:states:/.test(Waiter) ? Waiter : undefined;
}

/**
 * Stops the waits that an event ends, before anything is looked for that they may have to do with. On the way back all of the resource; of a
 * Delete those of the request that its id names, or, if CloudFormation has made the id up, those that began before this operation. The Delete
 * of an execution stops none: the one that replaces it may be waited for.
 *
 * What cannot be stopped comes to nothing by itself: nobody hears its answer.
 */
export async function stopWaitsOf(run: TaskExecutionInvocation, event: EndingEvent): Promise<void> {
  const sets = event.RequestType === 'Update' ? [event.ResourceProperties, event.OldResourceProperties] : [event.ResourceProperties];
  for (const machine of new Set(sets.map(waiterIn))) {
    if (machine === undefined) continue;
    try {
      await stopIn(run, machine, event);
    } catch (error) {
      run.log.warn('the waits could not be stopped', { machine, reason: errorText(error) });
    }
  }
}

async function stopIn(run: TaskExecutionInvocation, machine: string, event: EndingEvent): Promise<void> {
  const { PhysicalResourceId: id, LogicalResourceId, StackId } = event;
  if (event.RequestType === 'Update') return void await stopWaits(run, machine, LogicalResourceId);
  if (isExecutionArn(id)) return;
  if (id.startsWith(NOT_STARTED_PREFIX)) return stopWait(run, machine, { LogicalResourceId, RequestId: id.slice(NOT_STARTED_PREFIX.length) });
  const state = await readStack(run, StackId);
  if (isBeingRemoved(state) || isRollingBack(state)) return void await stopWaits(run, machine, LogicalResourceId);
  if (state?.lastUpdatedTime !== undefined) return void await stopWaits(run, machine, LogicalResourceId, state.lastUpdatedTime);
}
