import type { Execution, Task } from '../datasync/executions';

/** The command of the AWS CLI that does again what an execution of a task does. */
export function restartCommand({ TaskArn, ...task }: Task, { described }: Execution): string {
  const parts = ['aws datasync start-task-execution', '--task-arn', TaskArn];
  const options = Object.entries(described.Options ?? {}).filter(([name, value]) => value !== task.Options?.[name as keyof typeof task.Options]);
  if (options.length > 0) parts.push('--override-options', quote(Object.fromEntries(options)));
  if (!isEqual(described.Includes, task.Includes)) parts.push('--includes', quote(described.Includes ?? []));
  if (!isEqual(described.Excludes, task.Excludes)) parts.push('--excludes', quote(described.Excludes ?? []));
  return parts.join(' ');
}

function isEqual(left: readonly object[] = [], right: readonly object[] = []): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** As one word for a POSIX shell. */
function quote(value: object): string {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}
