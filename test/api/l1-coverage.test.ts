import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Tags } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as ts from 'typescript';
import { Agent, Filter, NfsLocation, NfsVersion, S3Location, S3StorageClass, Task, TaskMode } from '../../src';
import { ALL_OPTIONS } from '../support/all-options';
import { AGENT_ARN, newStack, resourceOf, s3Location } from '../support/stacks';

/** What CloudFormation has but the library leaves out on purpose. */
const LEFT_OUT: { [property: string]: string } = {
  'CfnTaskProps.manifestConfig': 'to come',
  'CfnTaskProps.taskReportConfig': 'to come',
  'CfnTaskProps.schedule': 'ScheduledTaskExecution does more: overrides, time zones, rates below an hour, retries',
};

/** Names of the properties of all interfaces that the L1s declare. */
const declared = (() => {
  const file = path.join(path.dirname(require.resolve('aws-cdk-lib')), 'aws-datasync', 'lib', 'datasync.generated.d.ts');
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: { [name: string]: string[] } = {};
  const visit = (node: ts.Node, scope: string): void => {
    if (ts.isInterfaceDeclaration(node)) found[scope + node.name.text] = node.members.map(member => member.name!.getText());
    if (ts.isModuleDeclaration(node)) ts.forEachChild(node.body!, child => visit(child, `${scope}${node.name.text}.`));
  };
  ts.forEachChild(source, node => visit(node, ''));
  return found;
})();

const camelCase = (name: string): string => name[0].toLowerCase() + name.slice(1);

function rendered(type: string, declare: (stack: Stack) => void): { [name: string]: any } {
  const stack = newStack();
  declare(stack);
  Tags.of(stack).add('team', 'storage');
  return resourceOf(stack, type).Properties;
}

const agents = (stack: Stack) => [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)];

const task = rendered('AWS::DataSync::Task', stack => new Task(stack, 'Task', {
  source: new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/export', agents: agents(stack) }),
  destination: s3Location(stack, 'S3'),
  taskName: 'name',
  taskMode: TaskMode.BASIC,
  options: ALL_OPTIONS,
  includes: Filter.simplePattern('/a'),
  excludes: Filter.simplePattern('/b'),
  logGroup: new LogGroup(stack, 'Logs'),
}));
const s3 = rendered('AWS::DataSync::LocationS3', stack => new S3Location(stack, 'S3', {
  bucket: new Bucket(stack, 'Bucket'), subdirectory: 'a/', storageClass: S3StorageClass.STANDARD,
}));
const nfs = rendered('AWS::DataSync::LocationNFS', stack => new NfsLocation(stack, 'Nfs', {
  serverHostname: 'host', subdirectory: '/export', agents: agents(stack), nfsVersion: NfsVersion.NFS3,
}));

test.each<[string, object]>([
  ['CfnTaskProps', task],
  ['CfnTask.OptionsProperty', task.Options],
  ['CfnTask.FilterRuleProperty', task.Includes[0]],
  ['CfnLocationS3Props', s3],
  ['CfnLocationS3.S3ConfigProperty', s3.S3Config],
  ['CfnLocationNFSProps', nfs],
  ['CfnLocationNFS.OnPremConfigProperty', nfs.OnPremConfig],
  ['CfnLocationNFS.MountOptionsProperty', nfs.MountOptions],
])('every property of %s can be set, or is left out on purpose', (name, properties) => {
  const mapped = Object.keys(properties).map(camelCase);
  const missing = declared[name].filter(property => !mapped.includes(property)).map(property => `${name}.${property}`);
  expect(missing.sort()).toEqual(Object.keys(LEFT_OUT).filter(key => key.startsWith(`${name}.`)).sort());
});
