import { Duration, Stack, Token } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import { Construct } from 'constructs';
import { checkDuration, checkEnvironment, checkExecutionTags, checkMember, checkValue, refersToSecret, requireKind } from './checks';
import { definitionOf } from './definition';
import { checkFilters } from './filter-rules';
import { checkBesideManifest, warnOfTaskBesideManifest } from './manifest-rules';
import { checkOptions } from './options-rules';
import { Problems, show } from './problems';
import { warnOfDeletedReports } from './report-rules';
import { warn } from './warnings';
import type { Filter } from '../filter';
import { TaskQueueing } from '../options';
import { TASK_AVAILABILITY_TIMEOUT } from '../task-execution/contract';
import { IfRunning } from '../task-execution/if-running';
import { patternSet } from '../task-execution/normal-form';
import type { StartOptions } from '../task-execution/start-request';
import type { StartTaskExecutionOptions } from '../task-execution/start-task-execution-options';

/** Deeper is circular. */
const MAX_DEPTH = 50;

/**
 * Checks what an execution does differently, together with what is known of its task.
 *
 * @param scheduled whether there is a scheduled time, of which texts may have dates
 */
export function checkStart(problems: Problems, scope: IConstruct, task: aws_datasync.ITaskRef, start: StartOptions, scheduled = false): void {
  requireKind(scope, 'task', task, 'taskRef', 'give a task, such as Task.fromTaskArn()');
  const definition = definitionOf(task);
  checkEnvironment(problems, scope, 'task', task);
  const own = start.overrideOptions ?? {};
  checkOptions(
    problems, scope,
    [...(definition?.options ? [{ property: 'options' as const, options: definition.options }] : []), { property: 'overrideOptions', options: own }],
    definition?.transfer ?? {},
  );
  checkFilters(problems, scope, start, definition, scheduled);
  const hasManifest = start.manifest ? !start.manifest._isNone : definition?.transfer.hasManifest;
  if (hasManifest) checkBesideManifest(problems, 'overrideOptions', own, start);
  checkValue(problems, scope, 'manifest', start.manifest, 'Manifest.fromBucket()', scheduled);
  checkValue(problems, scope, 'taskReport', start.taskReport, 'TaskReport.summary() or .standard()', scheduled);
  checkMember(problems, 'ifRunning', start.ifRunning, IfRunning);
  checkExecutionTags(problems, 'tags', start.tags, scheduled);
  checkDuration(problems, 'taskAvailabilityTimeout', start.taskAvailabilityTimeout, Duration.seconds(0), Duration.seconds(TASK_AVAILABILITY_TIMEOUT.max));

  if (hasManifest && start.manifest) warnOfTaskBesideManifest(scope, own, start, definition);
  warnOfDeletedReports(scope, start.taskReport, own.preserveDeletedFiles ?? definition?.options?.preserveDeletedFiles, definition?.transfer ?? {});
  const queueing = own.taskQueueing ?? definition?.options?.taskQueueing;
  if (queueing === TaskQueueing.DISABLED && (start.ifRunning ?? IfRunning.QUEUE) === IfRunning.QUEUE) {
    warn(scope, 'queueingDisabled', 'taskQueueing "DISABLED" with ifRunning "QUEUE": the service refuses a start while the task or its agent is busy; '
      + 'enable queueing, or choose IfRunning.ATTACH, IfRunning.WAIT or IfRunning.FAIL');
  }
}

/** Of use to callers without a compiler, and to those who pass a construct in place of one of its attributes. */
export function checkTriggers(problems: Problems, triggers: { [name: string]: any } = {}): void {
  if (Token.isUnresolved(triggers) || typeof triggers !== 'object') {
    problems.add(`triggers ${show(triggers)}`, 'must be an object with a name for each value', 'give the value a name: triggers: { value: ... }');
    return;
  }
  for (const [name, value] of Object.entries(triggers)) {
    if (!isPlainValue(value)) {
      problems.add(`triggers[${JSON.stringify(name)}]`, 'must be a text, a number, a boolean, a token, or a list or object of those',
        'of a construct, name the attribute that counts, such as its ARN');
    }
  }
}

function isPlainValue(value: unknown, depth = 0): boolean {
  if (Construct.isConstruct(value)) return false; // a stack would pass for a token
  if (Token.isUnresolved(value)) return true;
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol';
  const isPlain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain && depth < MAX_DEPTH && Object.values(value).every(member => isPlainValue(member, depth + 1));
}

/** Refuses secrets in what an execution is told: the service would get the text of the reference, or others the secret. */
export function checkSecrets(scope: IConstruct, start: StartTaskExecutionOptions & { readonly triggers?: { [name: string]: any } }): void {
  const { overrideOptions = {}, includes, excludes, manifest, taskReport, tags = {}, triggers = {} } = start;
  const given: Array<[string, unknown]> = [
    ...Object.entries(overrideOptions).map(([name, value]): [string, unknown] => [`overrideOptions.${name}`, value]),
    ['includes', includes?.value],
    ['excludes', excludes?.value],
    ['key of manifest', manifest?._key],
    ['subdirectory of taskReport', taskReport?._subdirectory],
    ...Object.entries(tags).map(([name, value]): [string, unknown] => [`tags[${JSON.stringify(name)}]`, value]),
    ...Object.entries(triggers).map(([name, value]): [string, unknown] => [`triggers[${JSON.stringify(name)}]`, value]),
  ];
  // What a token stands for is known when the template is made.
  scope.node.addValidation({
    validate: () => {
      const problems = new Problems();
      for (const [property, value] of given) {
        if (!refersToSecret(Stack.of(scope).resolve(value))) continue;
        problems.add(`${property} (a reference to a secret)`,
          'must not be a reference to Secrets Manager or to a SecureString: CloudFormation does not resolve it here, so the service would get its text',
          'use a value that is not secret, for example of an SSM parameter of type String');
      }
      return problems.texts;
    },
  });
}

interface Start {
  readonly scope: IConstruct;
  readonly filters: string;
  readonly ifRunning: IfRunning;
  readonly scheduled: boolean;
}

/** Those that do not ask the service for a start beside an execution that has the same filters. */
const NO_REFUSAL: readonly IfRunning[] = [IfRunning.ATTACH, IfRunning.WAIT];

/** By stack, then by the task's ARN. */
const STARTS = new WeakMap<Stack, Map<string, Start[]>>();

/**
 * Warns when two starts of one task would transfer the same items: the service refuses a start whose filters equal those of one that waits.
 * Two schedules are left alone: they have times of their own.
 */
export function warnOfSameFilters(scope: IConstruct, task: aws_datasync.ITaskRef, start: StartOptions, scheduled: boolean): void {
  const stack = Stack.of(scope);
  const byTask = STARTS.get(stack) ?? new Map<string, Start[]>();
  STARTS.set(stack, byTask);
  const earlier = byTask.get(task.taskRef.taskArn) ?? [];
  const definition = definitionOf(task);
  const filters = [start.includes ?? definition?.includes, start.excludes ?? definition?.excludes].map(patternsOf).join('\n');
  const own: Start = { scope, filters, ifRunning: start.ifRunning ?? IfRunning.QUEUE, scheduled };
  byTask.set(task.taskRef.taskArn, [...earlier, own]);

  const same = earlier.find(other => other.filters === filters && !(other.scheduled && scheduled)
    && !(NO_REFUSAL.includes(other.ifRunning) && NO_REFUSAL.includes(own.ifRunning)));
  if (!same) return;
  warn(scope, 'sameFilters', `it starts the same task with the same filters as ${same.scope.node.path}: the service refuses a start while one with the same `
    + 'filters waits in the queue (it is not known whether also while one runs), which fails the later of the two; '
    + 'choose IfRunning.ATTACH or WAIT for both, or give them different filters');
}

function patternsOf(filter: Filter | undefined): string {
  return filter === undefined ? '' : patternSet(filter.value);
}
