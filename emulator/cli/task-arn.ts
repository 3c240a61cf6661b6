import { scopeOfArn } from '../model/arns';
import type { Scope } from '../model/scope';
import { printable } from '../text/printable';

/** What the ARN of a task or of an execution says. */
export interface TaskArn extends Scope {
  readonly task: string;
  /** Undefined if it is that of a task. */
  readonly execution?: string;
}

const PATTERN = /^(arn:aws(?:-[a-z]+)*:datasync:[a-z0-9-]+:\d{12}:task\/task-[0-9a-f]{17})(?:\/execution\/exec-[0-9a-f]{17})?$/;

/** What else has an ARN that looks alike. */
const OTHERS: ReadonlyArray<readonly [pattern: RegExp, kind: string]> = [
  [/^arn:[^:]+:datasync:[^:]*:[^:]*:location\//, 'a location'],
  [/^arn:[^:]+:datasync:[^:]*:[^:]*:agent\//, 'an agent'],
  [/^arn:[^:]+:cloudformation:/, 'a stack; its outputs have the ARNs'],
  [/^arn:[^:]+:(?!datasync:)[^:]+:/, 'something of another service'],
];

/** @throws Error that says what is wrong with it */
export function parseTaskArn(text: string): TaskArn {
  const [, task] = PATTERN.exec(text) ?? [];
  if (task) return { task, execution: text === task ? undefined : text, ...scopeOfArn(text) };
  const kind = OTHERS.find(([pattern]) => pattern.test(text))?.[1];
  throw new Error(`'${printable(text)}' must be the ARN of a task or of an execution, such as arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0; `
    + (kind ? `this is that of ${kind}` : 'copy all of it, from an output of the stack or from "aws datasync list-tasks"'));
}
