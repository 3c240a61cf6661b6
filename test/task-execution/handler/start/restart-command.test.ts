import { spawnSync } from 'node:child_process';
import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import type { Task } from '../../../../src/task-execution/handler/datasync/executions';
import { restartCommand } from '../../../../src/task-execution/handler/start/restart-command';
import { executionArn, TASK_ARN } from '../fake-history';

const filter = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN' as const, Value }];
const OPTIONS = { VerifyMode: 'NONE', BytesPerSecond: -1 } as const;

function command(described: Partial<DescribeTaskExecutionCommandOutput>, task: Partial<Task> = {}): string {
  const execution = { arn: executionArn(1), described: { Options: OPTIONS, ...described } as DescribeTaskExecutionCommandOutput };
  return restartCommand({ TaskArn: TASK_ARN, Options: OPTIONS, ...task } as Task, execution);
}

const MANIFEST = { Action: 'TRANSFER', Source: { S3: { ManifestObjectPath: 'm.csv', S3BucketArn: 'arn:aws:s3:::b', BucketAccessRoleArn: 'role' } } } as const;
const REPORT = { OutputType: 'SUMMARY_ONLY' } as const;
const START = `aws datasync start-task-execution --task-arn ${TASK_ARN}`;

test.each<[string, string, string]>([
  ['with what its task says', command({}), START],
  ['with another option', command({ Options: { VerifyMode: 'NONE', BytesPerSecond: 5 } }), `${START} --override-options '{"BytesPerSecond":5}'`],
  ['with filters of its own', command({ Includes: filter('/a|/b') }), `${START} --includes '[{"FilterType":"SIMPLE_PATTERN","Value":"/a|/b"}]'`],
  ['with the filters of its task', command({ Excludes: filter('/a') }, { Excludes: filter('/a') }), START],
  ['with a manifest of its own', command({ ManifestConfig: MANIFEST }), `${START} --manifest-config '${JSON.stringify(MANIFEST)}'`],
  ['with the manifest of its task', command({ ManifestConfig: MANIFEST }, { ManifestConfig: MANIFEST }), START],
  ['without the manifest of its task', command({}, { ManifestConfig: MANIFEST }), `${START} --manifest-config '{}'`],
  ['with a report of its own', command({ TaskReportConfig: REPORT }), `${START} --task-report-config '${JSON.stringify(REPORT)}'`],
  ['without the report of its task', command({}, { TaskReportConfig: REPORT }), `${START} --task-report-config '{}'`],
  ['without the filters of its task', command({ Includes: [] }, { Includes: filter('/a') }), `${START} --includes '[]'`],
])('an execution %s is started again by: %s', (_, actual, expected) => {
  expect(actual).toBe(expected);
});

test.each(["/it's", '/$(id) `id` "x" \\', '/a b;c & d'])('a shell passes the pattern %s on as it is', pattern => {
  const { stdout } = spawnSync('sh', ['-c', `aws() { for word; do last=$word; done; printf %s "$last"; }; ${command({ Includes: filter(pattern) })}`], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(filter(pattern));
});
