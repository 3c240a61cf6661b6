import type { Stack } from 'aws-cdk-lib';
import { Duration, Tags } from 'aws-cdk-lib';
import * as l1 from 'aws-cdk-lib/aws-datasync';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Agent, AgentEndpoint, AgentVpcEndpoint, Filter, Manifest, ObjectVersionIds, ReportLevel, Task, TaskMode, TaskReport, TaskSchedule,
} from '../../src';
import { KINDS } from '../location/kinds';
import { ALL_OPTIONS } from '../support/all-options';
import { camelCase, L1_PROPERTIES } from '../support/l1-properties';
import { newStack, nfsLocation, resourceOf, s3Location } from '../support/stacks';

/** What CloudFormation has but the library leaves out on purpose. Of locations: `test/location/kinds.ts`. */
const LEFT_OUT: { [property: string]: string } = {
  'CfnTask.ManifestConfigProperty.action': 'TRANSFER is all there is',
  'CfnTask.ManifestConfigProperty.format': 'CSV is all there is',
};

/** L1 classes without a construct of the library, and why. */
const WITHOUT_CONSTRUCT: { [name: string]: string } = {
  CfnStorageSystem: 'AWS DataSync Discovery, which the service has ended',
};

/** Types of properties that no row below and none of `test/location/kinds.ts` fills. */
const TYPES_LEFT_OUT: { [pattern: string]: string } = {
  '\\.ManagedSecretConfigProperty$': 'read only',
  '^CfnLocation(AzureBlob|ObjectStorage)\\..*(Federated|Oidc|ExternalIdentity)': 'set by an override, as the L1s have it from 2.273.0 on only: see the snapshots of both locations',
};

const CLASSES = Object.entries(l1).filter(([name, value]) => name.startsWith('Cfn') && typeof value === 'function' && 'CFN_RESOURCE_TYPE_NAME' in value).map(([name]) => name);

test('every L1 class of the service has a construct, or is left out on purpose: a new one fails here', () => {
  const covered = ['CfnAgent', 'CfnTask', ...KINDS.map(kind => kind.l1)];
  expect(CLASSES.filter(name => !covered.includes(name) && !(name in WITHOUT_CONSTRUCT))).toEqual([]);
  expect(Object.keys(WITHOUT_CONSTRUCT).filter(name => covered.includes(name))).toEqual([]);
  expect(covered.filter(name => !CLASSES.includes(name))).toEqual([]);
});

function rendered(type: string, declare: (stack: Stack) => void): { [name: string]: any } {
  const stack = newStack();
  declare(stack);
  Tags.of(stack).add('team', 'storage');
  return resourceOf(stack, type).Properties;
}

const task = rendered('AWS::DataSync::Task', stack => new Task(stack, 'Task', {
  source: nfsLocation(stack, 'Nfs'),
  destination: s3Location(stack, 'S3'),
  taskName: 'name',
  taskMode: TaskMode.BASIC,
  options: ALL_OPTIONS,
  includes: Filter.simplePattern('/a'),
  excludes: Filter.simplePattern('/b'),
  logGroup: new LogGroup(stack, 'Logs'),
}));

/** With what does not go together with filters. */
const listed = rendered('AWS::DataSync::Task', stack => {
  const bucket = new Bucket(stack, 'Bucket');
  const { ERRORS_ONLY, SUCCESSES_AND_ERRORS } = ReportLevel;
  return new Task(stack, 'Task', {
    source: nfsLocation(stack, 'Nfs'),
    destination: s3Location(stack, 'S3'),
    manifest: Manifest.fromBucket(bucket, 'today.csv', { objectVersionId: 'version' }),
    taskReport: TaskReport.standard(bucket, {
      subdirectory: 'reports/',
      objectVersionIds: ObjectVersionIds.INCLUDE,
      reportLevel: SUCCESSES_AND_ERRORS,
      transferred: ERRORS_ONLY,
      verified: ERRORS_ONLY,
      deleted: ERRORS_ONLY,
      skipped: ERRORS_ONLY,
    }),
    schedule: TaskSchedule.rate(Duration.days(1)),
  });
});

const agent = rendered('AWS::DataSync::Agent', stack => {
  const vpc = new Vpc(stack, 'Vpc');
  const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { vpc, subnet: vpc.privateSubnets[0] });
  new Agent(stack, 'Agent', { activationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', agentName: 'name', endpoint });
});

const FILLED: Array<[string, object]> = [
  ['CfnAgentProps', agent],
  ['CfnTaskProps', { ...task, ...listed }],
  ['CfnTask.ManifestConfigProperty', listed.ManifestConfig],
  ['CfnTask.SourceProperty', listed.ManifestConfig.Source],
  ['CfnTask.ManifestConfigSourceS3Property', listed.ManifestConfig.Source.S3],
  ['CfnTask.TaskReportConfigProperty', listed.TaskReportConfig],
  ['CfnTask.DestinationProperty', listed.TaskReportConfig.Destination],
  ['CfnTask.S3Property', listed.TaskReportConfig.Destination.S3],
  ['CfnTask.OverridesProperty', listed.TaskReportConfig.Overrides],
  ['CfnTask.TransferredProperty', listed.TaskReportConfig.Overrides.Transferred],
  ['CfnTask.VerifiedProperty', listed.TaskReportConfig.Overrides.Verified],
  ['CfnTask.DeletedProperty', listed.TaskReportConfig.Overrides.Deleted],
  ['CfnTask.SkippedProperty', listed.TaskReportConfig.Overrides.Skipped],
  ['CfnTask.TaskScheduleProperty', listed.Schedule],
  ['CfnTask.OptionsProperty', task.Options],
  ['CfnTask.FilterRuleProperty', task.Includes[0]],
];

test.each(FILLED)('every property of %s can be set, or is left out on purpose', (name, properties) => {
  const mapped = Object.keys(properties).map(camelCase);
  const missing = L1_PROPERTIES[name].filter(property => !mapped.includes(property)).map(property => `${name}.${property}`);
  expect(missing.sort()).toEqual(Object.keys(LEFT_OUT).filter(key => key.startsWith(`${name}.`)).sort());
});

test('every type that an L1 takes is looked at, or left out on purpose', () => {
  const filled = [...FILLED.map(([name]) => name), ...KINDS.flatMap(({ l1: name, nested }) => [`${name}Props`, ...Object.keys(nested).map(type => `${name}.${type}`)])];
  const declared = Object.keys(L1_PROPERTIES).filter(name => CLASSES.some(each => !(each in WITHOUT_CONSTRUCT) && (name === `${each}Props` || name.startsWith(`${each}.`))));
  const leftOut = (name: string): boolean => Object.keys(TYPES_LEFT_OUT).some(pattern => new RegExp(pattern).test(name));
  expect(declared.length).toBeGreaterThan(30);
  expect(declared.filter(name => !filled.includes(name) && !leftOut(name))).toEqual([]);
  expect(filled.filter(name => !declared.includes(name))).toEqual([]);
});
