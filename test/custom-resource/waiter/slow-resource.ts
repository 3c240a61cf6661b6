import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { Invocation } from '../../../src/custom-resource/invocation';
import type { InvocationContext } from '../../../src/custom-resource/invocation';
import { deliver } from '../../../src/custom-resource/respond';
import type { CustomResourceServices } from '../../../src/custom-resource/services';
import { beginWait, stopWaits } from '../../../src/custom-resource/state-machine';
import { isWaitStep, STEP_TIME_MS, takeStep } from '../../../src/custom-resource/step';
import type { Poll } from '../../../src/custom-resource/step';
import type { WaitStep } from '../../../src/custom-resource/waiter/contract';

/** What the tests' custom resource is given. CloudFormation makes texts of numbers. */
export interface SlowProperties {
  readonly Waiter: string;
  /** So many polls find nothing. */
  readonly Polls: string;
  /** Why it fails then; if there is none, it succeeds. */
  readonly Failure?: string;
}

/** Sees the end after so many polls, one a second. */
export const poll: Poll<Invocation> = async (run, subject, { steps, last }) => {
  const { Polls, Failure } = subject as SlowProperties;
  run.step = `looking for the ${steps + 1}th time`;
  if (steps < Number(Polls)) return last ? { failure: `${steps} polls were not enough.` } : 1;
  return Failure === undefined ? { data: { Steps: String(steps) } } : { failure: Failure };
};

/** The function of a custom resource that waits: the smallest one there can be. */
export async function handle(
  event: CloudFormationCustomResourceEvent | WaitStep, context: InvocationContext, services: CustomResourceServices, polling = poll,
): Promise<unknown> {
  if (isWaitStep(event)) return takeStep(new Invocation(services, context, services.now() + STEP_TIME_MS), event, polling);
  const run = new Invocation(services, context);
  const { Waiter, ...subject } = event.ResourceProperties as unknown as SlowProperties;
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  if (event.RequestType === 'Delete') {
    await stopWaits(run, Waiter, LogicalResourceId);
    return deliver(run, ResponseURL, { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId: event.PhysicalResourceId });
  }
  return beginWait(run, Waiter, {
    RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'slow', LogStays: RequestType === 'Update', Subject: subject,
  });
}
