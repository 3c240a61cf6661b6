import type { Services } from './datasync/services';
import { Invocation } from '../../custom-resource/invocation';

/** One invocation of a function that starts executions. */
export class TaskExecutionInvocation extends Invocation<Services> {
  /** The execution that was started for the request, once there is one. */
  public execution?: string;
  /** Whether it is for a state machine to answer. */
  public isHandedOver = false;
  /** Whether what goes wrong must not be in the way of the deletion of the stack. */
  public isFailureIgnored = false;
  /** What whoever reads a failure has to know besides its reason. */
  public readonly notes: string[] = [];
}
