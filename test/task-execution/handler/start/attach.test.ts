import type { Execution, Task } from '../../../../src/task-execution/handler/datasync/executions';
import { parseStart } from '../../../../src/task-execution/handler/parse';
import { doesWhatIsAsked } from '../../../../src/task-execution/handler/start/attach';
import { executionArn, TASK_ARN } from '../fake-history';

const OPTIONS = { VerifyMode: 'POINT_IN_TIME_CONSISTENT', OverwriteMode: 'ALWAYS', Atime: 'BEST_EFFORT', LogLevel: 'OFF', BytesPerSecond: -1 } as const;
const filter = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];
const manifest = (path: string, more: object = {}) => ({ Source: { S3: { S3BucketArn: 'arn:aws:s3:::lists', ManifestObjectPath: path, ...more } } });
const report = (Subdirectory: string) => ({ OutputType: 'STANDARD', Destination: { S3: { S3BucketArn: 'arn:aws:s3:::reports', Subdirectory } } });

function attaches(asked: object, described: object, task: object = {}): boolean {
  const execution = { arn: executionArn(1), described: { Options: OPTIONS, TaskMode: 'BASIC', ...described } } as Execution;
  const request = parseStart({ TaskArn: TASK_ARN, IfRunning: 'ATTACH', ...asked });
  return doesWhatIsAsked(execution, { TaskArn: TASK_ARN, Options: OPTIONS, TaskMode: 'BASIC', ...task } as Task, request);
}

test.each<[string, object, object, object?]>([
  ['the task as it is', {}, {}],
  ['no filters beside empty ones', {}, { Includes: [], Excludes: [] }],
  ['an override that is running', { OverrideOptions: { VerifyMode: 'NONE' } }, { Options: { ...OPTIONS, VerifyMode: 'NONE' } }],
  ['an override that the task has anyway', { OverrideOptions: { OverwriteMode: 'ALWAYS' } }, {}],
  ['another log level, bandwidth and queueing', { OverrideOptions: { LogLevel: 'TRANSFER', BytesPerSecond: '1048576', TaskQueueing: 'DISABLED' } }, {}],
  ['the filters of the task', {}, { Includes: filter('/a'), Excludes: filter('*.tmp') }, { Includes: filter('/a'), Excludes: filter('*.tmp') }],
  ['filters instead of those of the task', { Includes: filter('/b') }, { Includes: filter('/b') }, { Includes: filter('/a') }],
  ['filters that are cleared', { Includes: [] }, { Includes: [] }, { Includes: filter('/a') }],
  ['patterns in another order, and one twice', { Includes: filter('/b|/a') }, { Includes: filter('/a|/b|/a') }],
  ['patterns with an escaped bar', { Includes: filter('/a\\|b|/c') }, { Includes: filter('/c|/a\\|b') }],
  ['the manifest of the task', {}, { ManifestConfig: manifest('m.csv') }, { ManifestConfig: manifest('m.csv', {}) }],
  ['the default action and format written out', {}, { ManifestConfig: { ...manifest('m.csv'), Action: 'TRANSFER', Format: 'CSV' } }, { ManifestConfig: manifest('m.csv') }],
  ['a manifest instead of that of the task', { ManifestConfig: manifest('n.csv') }, { ManifestConfig: manifest('n.csv') }, { ManifestConfig: manifest('m.csv') }],
  ['no manifest instead of that of the task', { ManifestConfig: 'NONE' }, {}, { ManifestConfig: manifest('m.csv') }],
  ['the report that is asked for', { TaskReportConfig: report('r/') }, { TaskReportConfig: report('/r') }],
  ['no report instead of that of the task', { TaskReportConfig: 'NONE' }, {}],
  ['a report that is not asked for', {}, { TaskReportConfig: report('r/') }],
  ['the default mode', {}, { TaskMode: undefined }],
])('ATTACH takes an execution with %s', (_, asked, described, task = {}) => {
  expect(attaches(asked, described, task)).toBe(true);
});

test.each<[string, object, object, object?]>([
  ['another option than the override', { OverrideOptions: { VerifyMode: 'NONE' } }, {}],
  ['an override that is not asked for', {}, { Options: { ...OPTIONS, VerifyMode: 'NONE' } }],
  ['an option that only it shows', {}, { Options: { ...OPTIONS, ObjectTags: 'PRESERVE' } }],
  ['fewer options than the task', {}, { Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } }],
  ['no filters', { Includes: filter('/a') }, {}],
  ['filters of its own', {}, { Includes: filter('/a') }],
  ['a pattern more', { Excludes: filter('/a') }, { Excludes: filter('/a|/b') }],
  ['an include as an exclude', { Includes: filter('/a') }, { Excludes: filter('/a') }],
  ['one pattern with an escaped bar instead of two', { Includes: filter('/a|/b') }, { Includes: filter('/a\\|/b') }],
  ['a manifest of its own', {}, { ManifestConfig: manifest('m.csv') }],
  ['another manifest', {}, { ManifestConfig: manifest('m.csv') }, { ManifestConfig: manifest('n.csv') }],
  ['another version of the manifest', {}, { ManifestConfig: manifest('m.csv', { ManifestObjectVersionId: '1' }) }, { ManifestConfig: manifest('m.csv') }],
  ['the manifest of the task instead of another', { ManifestConfig: manifest('n.csv') }, { ManifestConfig: manifest('m.csv') }, { ManifestConfig: manifest('m.csv') }],
  ['the manifest of the task instead of none', { ManifestConfig: 'NONE' }, { ManifestConfig: manifest('m.csv') }, { ManifestConfig: manifest('m.csv') }],
  ['no report', { TaskReportConfig: report('r/') }, {}],
  ['another report', { TaskReportConfig: report('r/') }, { TaskReportConfig: report('s/') }],
  ['a report in place of none', { TaskReportConfig: 'NONE' }, { TaskReportConfig: report('s/') }],
  ['another mode', {}, { TaskMode: 'ENHANCED' }],
])('ATTACH does not take one with %s', (_, asked, described, task = {}) => {
  expect(attaches(asked, described, task)).toBe(false);
});
