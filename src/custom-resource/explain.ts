import { errorText, Failure } from './errors';
import { TimeUp } from './invocation';
import type { Invocation, InvocationContext } from './invocation';

/** Why a function failed, for the person who deploys. Of a defect of the function the log gets the trace. */
export function explain(run: Invocation, error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (error instanceof TimeUp) return `Time is up: ${error.message}. Put right what it waited for, then deploy again.`;
  run.log.error('unexpected', { step: run.step, trace: (error as Error)?.stack });
  return `An unexpected error while ${run.step}: ${errorText(error)}. Please report it with the log.`;
}

/** Where the log of an invocation is: the end of a reason. */
export function whereTheLogIs({ logGroupName, logStreamName, awsRequestId }: InvocationContext): string {
  return `Log: ${logGroupName}, stream ${logStreamName}, invocation ${awsRequestId}.`;
}
