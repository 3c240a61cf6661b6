import { Duration } from 'aws-cdk-lib';
import { checkDuration, checkMember } from './checks';
import type { Problems } from './problems';
import { show } from './problems';
import type { Completion } from '../task-execution/completion';
import { COMPLETION_TIMEOUT } from '../task-execution/contract';
import type { OnDelete } from '../task-execution/on-delete';
import { OnDeleteFailure } from '../task-execution/on-delete-failure';
import { OnTimeout } from '../task-execution/on-timeout';

/** Checks when an execution counts as done. */
export function checkCompletion(problems: Problems, completion: Completion | undefined): void {
  checkMade(problems, 'completion', completion, '_succeeded', 'Completion.succeeded() or .started()');
  const { timeout, onTimeout } = completion?._succeeded ?? {};
  checkDuration(problems, 'completion.timeout', timeout, Duration.minutes(1), Duration.seconds(COMPLETION_TIMEOUT.max));
  checkMember(problems, 'completion.onTimeout', onTimeout, OnTimeout);
}

/** Checks what happens when the stack is deleted. */
export function checkOnDelete(problems: Problems, onDelete: OnDelete | undefined): void {
  checkMade(problems, 'onDelete', onDelete, '_run', 'OnDelete.run() or .cancel()');
  const { timeout, onFailure } = onDelete?._run ?? {};
  checkDuration(problems, 'onDelete.timeout', timeout, Duration.minutes(1), Duration.seconds(COMPLETION_TIMEOUT.oneRequest));
  checkMember(problems, 'onDelete.onFailure', onFailure, OnDeleteFailure);
}

/** For callers without a compiler: anything else would count as the default. */
function checkMade(problems: Problems, property: string, value: unknown, member: string, madeBy: string): void {
  if (value === undefined || member in Object(value)) return;
  problems.add(`${property} ${show(value)}`, `must be made by ${madeBy}`, 'write it so');
}
