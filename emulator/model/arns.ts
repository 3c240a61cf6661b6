import { randomBytes } from 'node:crypto';
import type { Scope } from './scope';
import { partitionOf } from './scope';
import { InvalidRequestError } from '../errors';

/** A new location ARN. */
export function newLocationArn(scope: Scope): string {
  return `${prefix(scope)}:location/loc-${newId()}`;
}

/** A new agent ARN. */
export function newAgentArn(scope: Scope): string {
  return `${prefix(scope)}:agent/agent-${newId()}`;
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

/**
 * Checks whose an ARN is.
 *
 * @throws InvalidRequestError with the service's text
 */
export function checkAccount(arn: string, { account }: Scope): void {
  const named = scopeOfArn(arn).account;
  if (named !== account) throw new InvalidRequestError(`Invalid parameter: ARN account (${named}) must match authenticated user.`);
}

/** What stands behind the last slash: `loc-...`, `task-...`, `exec-...`, `fs-...`. */
export function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function prefix({ account, region }: Scope): string {
  return `arn:${partitionOf(region)}:datasync:${region}:${account}`;
}

let lastTick = 0;

/**
 * 17 hexadecimal digits, which fit the pattern of every resource. They grow from one id to the next, so that a list
 * ordered by ARN, which is what pages are cut from, is in the order of creation.
 */
function newId(): string {
  lastTick = Math.max(lastTick + 1, Date.now() * 256);
  return lastTick.toString(16).padStart(13, '0') + randomBytes(2).toString('hex');
}
