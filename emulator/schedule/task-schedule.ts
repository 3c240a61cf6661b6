import type { TaskSchedule as Input } from '@aws-sdk/client-datasync';
import { parseExpression } from './expression';

/** The schedule of a task. A change is a new one. */
export interface TaskSchedule {
  readonly expression: string;
  readonly status: 'ENABLED' | 'DISABLED';
  /** When it became what it is: rates count from here. */
  readonly since: Date;
  readonly statusUpdateTime: Date;
  readonly disabledBy?: 'USER' | 'SERVICE';
  readonly disabledReason?: string;
}

const MAX_REASON = 8192;

/**
 * The schedule after CreateTask or UpdateTask asked for one; members left out stay as they are, and an empty expression clears it.
 *
 * @throws InvalidRequestError when the expression is wrong
 */
export function changedSchedule(current: TaskSchedule | undefined, input: Input | undefined, now: Date): TaskSchedule | undefined {
  if (!input) return current;
  const { ScheduleExpression: expression, Status: status = current?.status ?? 'ENABLED' } = input;
  if (!expression) return undefined;
  parseExpression(expression);
  const isSameStatus = current?.status === status;
  if (isSameStatus && current.expression === expression) return current;
  return {
    expression,
    status,
    since: now,
    statusUpdateTime: isSameStatus ? current.statusUpdateTime : now,
    ...(status === 'DISABLED' && {
      disabledBy: isSameStatus ? current.disabledBy : 'USER',
      disabledReason: isSameStatus ? current.disabledReason : 'Manually disabled by user.',
    }),
  };
}

/** The schedule after it has failed too often. */
export function disabledByService(current: TaskSchedule, reason: string, now: Date): TaskSchedule {
  return {
    ...current,
    status: 'DISABLED',
    statusUpdateTime: now,
    disabledBy: 'SERVICE',
    disabledReason: reason.replace(/[^\w\s.,'?!:;/=|<>()-]/g, '_').slice(0, MAX_REASON), // what the API model allows
  };
}
