import type { Services } from './datasync/services';
import { Invocation } from '../../custom-resource/invocation';

/** One invocation of a function that starts executions. */
export class Run extends Invocation<Services> {
  /** The execution that was started for the request, once there is one. */
  execution?: string;
  /** Whether it is for a state machine to answer. */
  isHandedOver = false;
  /** Whether what goes wrong must not be in the way of the deletion of the stack. */
  isFailureIgnored = false;
  /** What whoever reads a failure has to know besides its reason. */
  readonly notes: string[] = [];
}
