import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { TaskExecutionInvocation } from './invocation';
import { explain, whereTheLogIs } from '../../custom-resource/explain';
import { fitReason } from '../../custom-resource/respond';
import type { Answer } from '../../custom-resource/respond';
import type { StackState } from '../../custom-resource/services';

/** What an event came to. */
export interface Done {
  readonly id: string;
  readonly data?: { readonly [attribute: string]: string };
}

/** What the answer to an event says if it fails. */
export interface IfFailed {
  readonly id: string;
  readonly logStays: boolean;
}

/** Does what an event asks for, in time, and gives the answer to it; undefined if it is for a state machine to answer. */
export async function answerTo(
  run: TaskExecutionInvocation, event: CloudFormationCustomResourceEvent, act: () => Promise<Done>, ifFailed: () => IfFailed,
): Promise<Answer | undefined> {
  const base = { StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId };
  try {
    const { id, data } = await run.onTime(act);
    return run.isHandedOver ? undefined : { ...base, Status: 'SUCCESS', PhysicalResourceId: id, ...data && { Data: data } };
  } catch (error) {
    if (run.isHandedOver) return undefined;
    const { id, logStays } = ifFailed();
    if (run.isFailureIgnored) {
      run.log.warn('ignored, as onFailure says', { reason: explain(run, error) });
      return { ...base, Status: 'SUCCESS', PhysicalResourceId: id };
    }
    const end = logStays ? whereTheLogIs(run.context) : undefined;
    return { ...base, Status: 'FAILED', PhysicalResourceId: id, Reason: fitReason([explain(run, error), ...run.notes].join(' '), end) };
  }
}

/** The first deployment of a stack that fails takes the log, the task and all else along. */
export function staysAfterFailure(requestType: string, state: StackState | undefined): boolean {
  return requestType !== 'Create' || (state !== undefined && !/^(CREATE|ROLLBACK)_/.test(state.status));
}
