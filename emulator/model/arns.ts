import { randomBytes } from 'node:crypto';
import { partitionOf, Scope } from './scope';

/** A new location ARN. */
export function newLocationArn(scope: Scope): string {
  return `${prefix(scope)}:location/loc-${newId()}`;
}

/** A new task ARN. */
export function newTaskArn(scope: Scope): string {
  return `${prefix(scope)}:task/task-${newId()}`;
}

/** A new execution ARN: the task's, with the execution's id behind it. */
export function newExecutionArn(taskArn: string): string {
  return `${taskArn}/execution/exec-${newId()}`;
}

/** The account and Region that an ARN names. */
export function scopeOfArn(arn: string): Scope {
  const [, , , region, account] = arn.split(':');
  return { account, region };
}

/** What stands behind the last slash: `loc-...`, `task-...`, `exec-...`, `fs-...`. */
export function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function prefix({ account, region }: Scope): string {
  return `arn:${partitionOf(region)}:datasync:${region}:${account}`;
}

/** 17 hexadecimal digits fit the pattern of every resource. */
function newId(): string {
  return randomBytes(9).toString('hex').slice(0, 17);
}
