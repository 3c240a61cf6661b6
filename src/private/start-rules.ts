import { IConstruct } from 'constructs';
import { checkEnvironment, checkExecutionTags, checkMember } from './checks';
import { definitionOf } from './definition';
import { Problems } from './errors';
import { checkFilters } from './filter-rules';
import { checkOptions } from './options-rules';
import { warn } from './warnings';
import { TaskQueueing } from '../options';
import { ITask } from '../task';
import { IfRunning, TaskStartOptions } from '../task-execution/start-options';

/** Checks what an execution does differently, together with what is known of its task. */
export function checkStart(problems: Problems, scope: IConstruct, task: ITask, start: TaskStartOptions): void {
  const definition = definitionOf(task);
  checkEnvironment(problems, scope, 'task', task);
  const own = start.overrideOptions ?? {};
  checkOptions(
    problems, scope,
    [...(definition ? [{ property: 'options' as const, options: definition.options }] : []), { property: 'overrideOptions', options: own }],
    definition?.transfer ?? {},
  );
  checkFilters(problems, scope, start, definition);
  checkMember(problems, 'ifRunning', start.ifRunning, IfRunning);
  checkExecutionTags(problems, 'tags', start.tags);

  const queueing = own.taskQueueing ?? definition?.options.taskQueueing;
  if (queueing === TaskQueueing.DISABLED && (start.ifRunning ?? IfRunning.QUEUE) === IfRunning.QUEUE) {
    warn(scope, 'queueingDisabled', 'taskQueueing "DISABLED" with ifRunning "QUEUE": the service refuses a start while the task or its agent is busy; '
      + 'enable queueing, or choose IfRunning.ATTACH or IfRunning.FAIL');
  }
}
