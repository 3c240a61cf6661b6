import { printable } from './format';
import type { ExecutionSummary } from '../console/status';
import { idOf } from '../model/arns';

/** So many earlier failures are named, and so many that go on. */
const NAMED = 3;

/** What a deployment has started, and what was there before it. */
export interface DeployedStarts {
  /** The executions that have begun with it. */
  readonly begun: readonly ExecutionSummary[];
  /** Those that were there before, the oldest first, of tasks of the app that are still there. */
  readonly earlier: readonly ExecutionSummary[];
  /** Whether a template has a deploy-time start. */
  readonly hasStarts: boolean;
  /** Where a task can be started by hand. */
  readonly page: string;
}

/** Says why nothing has started, as far as nothing has, what goes on, and how to start what has failed: a second deployment of the same does not. */
export function startLines({ begun, earlier, hasStarts, page }: DeployedStarts): string[] {
  const byHand = `start the task at ${page} in a browser`;
  if (begun.some(isFailure)) return [`When the cause is gone, ${byHand}: another deployment starts it only if what is transferred has changed.`];
  if (begun.length > 0) return [];
  if (!hasStarts) return [`Nothing starts with a deployment of this app; ${byHand}.`];
  const pending = earlier.filter(({ status }) => status !== 'SUCCESS' && status !== 'ERROR');
  const last = [...new Map(earlier.map(execution => [execution.taskArn, execution])).values()].filter(isFailure);
  return [
    'Nothing was started: what is transferred has not changed since the last deployment.',
    ...pending.slice(0, NAMED).map(({ arn, status }) => `  ${idOf(arn)} of before is ${status}; "npx cdk-datasync status ${idOf(arn)} --watch" follows it`),
    ...last.slice(-NAMED).map(({ arn, status, errorCode, errorDetail }) =>
      `  ${idOf(arn)} of before ended in ${printable([status, errorCode, errorDetail].filter(Boolean).join(': '))}`),
    ...last.length > 0 ? [`  If the cause is gone, ${byHand}.`] : [],
  ];
}

function isFailure({ status }: ExecutionSummary): boolean {
  return status === 'ERROR';
}
