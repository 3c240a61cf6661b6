import type { OnEventOptions } from 'aws-cdk-lib/aws-events';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { arnUnderCondition } from './private/conditions';
import type { TaskExecutionStatus } from './task-execution/task-execution-status';
import { checkClass } from './validation/checks';
import { Problems } from './validation/problems';

/** Which changes of state to react to, and how. */
export interface OnExecutionStateChangeOptions extends OnEventOptions {
  /**
   * The states to react to: at least one.
   *
   * @default - all of them
   */
  readonly states?: TaskExecutionStatus[];
}

/**
 * A rule for the changes of state of a task's executions.
 *
 * @internal
 */
export function executionStateChangeRule(task: IConstruct & aws_datasync.ITaskRef, id: string, options: OnExecutionStateChangeOptions = {}): Rule {
  const { states, target, eventPattern, crossStackScope = task, ...props } = options;
  const problems = new Problems(`${crossStackScope.node.path}/${id}`);
  if (states?.length === 0) problems.add('states []', 'names no state, so the rule would match nothing', 'name one, or leave states out to react to all of them');
  states?.forEach((state, index) => checkClass(problems, `states[${index}]`, state, 'TaskExecutionStatus'));
  problems.throwIfAny();
  const rule = new Rule(crossStackScope, id, props);
  rule.addEventPattern(eventPattern);
  rule.addEventPattern({
    source: ['aws.datasync'],
    detailType: ['DataSync Task Execution State Change'],
    resources: Match.prefix(`${arnUnderCondition(task)}/execution/`),
    detail: states && { State: states.map(({ value }) => value) },
  });
  rule.addTarget(target);
  return rule;
}
