import type { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ObjectVersionIds, PreserveDeletedFiles, ReportLevel, S3Location, Task, TaskReport } from '../src';
import { messageOf, newStack, nfsLocation, resourceOf, statementsOf, warningsOf } from './support/stacks';

const copy = (stack: Stack, report: (bucket: Bucket) => TaskReport, subdirectory?: string) => {
  const bucket = new Bucket(stack, 'Bucket');
  return new Task(stack, 'Copy', {
    source: nfsLocation(stack, 'From'),
    destination: new S3Location(stack, 'To', { bucket, subdirectory }),
    options: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE },
    taskReport: report(bucket),
  });
};
const configOf = (stack: Stack) => resourceOf(stack, 'AWS::DataSync::Task').Properties.TaskReportConfig;

test('a summary is written by a role that may write below the prefix only', () => {
  const stack = newStack();
  copy(stack, bucket => TaskReport.summary(bucket, { subdirectory: 'reports/' }), 'data/');
  expect(configOf(stack)).toEqual({
    OutputType: 'SUMMARY_ONLY',
    Destination: {
      S3: {
        S3BucketArn: { 'Fn::GetAtt': [expect.stringMatching(/^Bucket/), 'Arn'] },
        BucketAccessRoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^CopyReportRole/), 'Arn'] },
        Subdirectory: 'reports/',
      },
    },
  });
  const ofReport = statementsOf(stack).filter(({ holder }) => holder.startsWith('CopyReportRole'));
  expect(ofReport.map(({ Action, Resource }) => [Action, JSON.stringify(Resource)])).toEqual([['s3:PutObject', expect.stringContaining('/reports/*')]]);
  expect(warningsOf(stack)).toEqual([]);
});

test('a standard report has a level for each list that is given one', () => {
  const stack = newStack();
  copy(stack, bucket => TaskReport.standard(bucket, {
    objectVersionIds: ObjectVersionIds.INCLUDE,
    reportLevel: ReportLevel.SUCCESSES_AND_ERRORS,
    deleted: ReportLevel.ERRORS_ONLY,
    skipped: ReportLevel.ERRORS_ONLY,
  }), 'data/');
  expect(configOf(stack)).toMatchObject({
    OutputType: 'STANDARD',
    ObjectVersionIds: 'INCLUDE',
    ReportLevel: 'SUCCESSES_AND_ERRORS',
    Overrides: { Deleted: { ReportLevel: 'ERRORS_ONLY' }, Skipped: { ReportLevel: 'ERRORS_ONLY' } },
  });
  expect(Object.keys(configOf(stack).Overrides)).toHaveLength(2);
});

test.each([
  ['in the destination', undefined, 'reports/', 1],
  ['in the same folder', 'data/', 'data/', 1],
  ['beside the destination', 'data/', 'reports/', 0],
  ['above the destination', 'data/', undefined, 0],
])('reports %s warn where everything else is deleted', (_, destination, subdirectory, count) => {
  const stack = newStack();
  copy(stack, bucket => TaskReport.summary(bucket, { subdirectory }), destination);
  expect(warningsOf(stack).filter(text => text.includes('deletes the reports of earlier executions'))).toHaveLength(count);
});

test('a report that the service refuses is refused', () => {
  const stack = newStack();
  expect(messageOf(() => copy(stack, bucket => TaskReport.standard(bucket, { subdirectory: 'year=2026/', verified: 'ALL' as ReportLevel })))).toBe(
    'DataSyncValidationError: [Stack/Copy] subdirectory of taskReport "year=2026/": may only contain letters and digits of ASCII, spaces and _ - + . / ( ); '
    + 'choose another prefix, such as "reports/"\n[Stack/Copy] verified of taskReport "ALL": must be one of ERRORS_ONLY, SUCCESSES_AND_ERRORS; use a member of the enum');
});
