import type { Execution, Task } from '../datasync/executions';

/** The command of the AWS CLI that does again what an execution of a task does. */
export function restartCommand({ TaskArn, ...task }: Task, { described }: Execution): string {
  const parts = ['aws datasync start-task-execution', '--task-arn', TaskArn];
  const options = Object.entries(described.Options ?? {}).filter(([name, value]) => value !== task.Options?.[name as keyof typeof task.Options]);
  if (options.length > 0) parts.push('--override-options', quote(Object.fromEntries(options)));
  if (!isEqual(described.Includes, task.Includes)) parts.push('--includes', quote(described.Includes ?? []));
  if (!isEqual(described.Excludes, task.Excludes)) parts.push('--excludes', quote(described.Excludes ?? []));
  if (!isEqual(described.ManifestConfig, task.ManifestConfig)) parts.push('--manifest-config', quote(described.ManifestConfig ?? {}));
  if (!isEqual(described.TaskReportConfig, task.TaskReportConfig)) parts.push('--task-report-config', quote(described.TaskReportConfig ?? {}));
  return parts.join(' ');
}

/** Nothing is as good as something empty. */
function isEqual(left: object | undefined, right: object | undefined): boolean {
  const [a, b] = [left, right].map(value => value === undefined || Object.keys(value).length === 0 ? undefined : JSON.stringify(value));
  return a === b;
}

/** As one word for a POSIX shell. */
function quote(value: object): string {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}
