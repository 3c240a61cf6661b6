import { Annotations, App, Stack } from 'aws-cdk-lib';
import { Annotations as Found, Match } from 'aws-cdk-lib/assertions';
import { SECTIONS } from './rules';
import { saidOf } from './rules/rule';
import { Filter, NfsLocation, TaskExecution } from '../../src';
import { inLanguageOfApp } from '../../src/validation/app-language';
import { messageOf, newStack, nfsToS3 } from '../support/stacks';

const PYTHON = 'Python/3.12.1';

afterEach(() => {
  delete process.env.JSII_AGENT;
});

test.each<[string, string, string]>([
  ['a property', 'serverHostname "a host": must be a host name', 'server_hostname "a host": must be a host name'],
  ['a property of a property', 'completion.onTimeout "NO"', 'completion.on_timeout "NO"'],
  ['a digit', 'krb5Conf', 'krb5_conf'],
  ['a boolean', 'inTransitEncryption false: set iamAuthorization to true', 'in_transit_encryption False: set iam_authorization to True'],
  ['a method', 'use Location.fromLocationAttributes(), ScheduleExpression.rate() or .cron()', 'use Location.from_location_attributes(), ScheduleExpression.rate() or .cron()'],
  ['a property with a call', 'have includes: Filter.simplePattern("/x: Y.z()")', 'have includes=Filter.simple_pattern("/x: Y.z()")'],
  ['an object', 'such as { hostname: "name.example.com" }', 'such as {"hostname": "name.example.com"}'],
  ['a property with an object', 'give vpcSubnets: { subnets: [subnet] }', 'give vpc_subnets={"subnets": [subnet]}'],
  ['options of a call', "Tags.of(...).add(..., { excludeResourceTypes: ['AWS::DataSync::Task'] }), or remove('costCenter')",
    "Tags.of(...).add(..., exclude_resource_types=['AWS::DataSync::Task']), or remove('costCenter')"],
  ['the text of a file', "read the file: readFileSync('ca.pem', 'utf8')", "read the file: open('ca.pem').read()"],
  ['a value', 'taskName "myTask { a: true } \\" isIt"', 'task_name "myTask { a: true } \\" isIt"'],
  ['a cut value', 'taskName "myTask... (300 characters): use taskName "myTask"', 'task_name "myTask... (300 characters): use task_name "myTask"'],
  ['a path', 'bucket Stack/myBucket of myStage/Stack has objectOwnership', 'bucket Stack/myBucket of myStage/Stack has object_ownership'],
  ['the id of a warning', "acknowledgeWarning('cdk-datasync:sameFilters')", "acknowledge_warning('cdk-datasync:sameFilters')"],
  ['a policy', 'add [{"Action":"s3:getIt","Allow":true}] to the keyPolicy', 'add [{"Action":"s3:getIt","Allow":true}] to the key_policy'],
  ['an apostrophe', "the library's own tags of the stack's taskName", "the library's own tags of the stack's task_name"],
  ['the name of something else', 'NetApp has iSCSI, and OpenZFS no dfs.data.transfer', 'NetApp has iSCSI, and OpenZFS no dfs.data.transfer'],
])('a message to Python has %s as Python has it', (_, message, expected) => {
  expect(inLanguageOfApp(message, PYTHON)).toBe(expected);
  expect(inLanguageOfApp(message, undefined)).toBe(message);
});

const ALL = SECTIONS.flatMap(({ title, errors, warnings = [] }) => [...errors, ...warnings].map(rule => ({ title, wrong: rule[0], rule })));

test.each(ALL)('no name of TypeScript is left in what Python is told: $title, $wrong', ({ rule }) => {
  process.env.JSII_AGENT = PYTHON;
  for (const { subject = '', rule: broken, remedy } of saidOf(rule)) {
    const code = `${subject}: ${broken}; ${remedy}`.replace(/\. If that is what you want.*/, '').replace(/"(?:[^"\\]|\\.)*?(?:"|\.\.\. \(\d+ characters\))/g, '"..."').replace(/\S*\/\S*/g, '');
    expect(code).not.toMatch(/\b[a-z]+[A-Z]|\{ \w+: |\b(?:true|false|undefined|null|new [A-Z]|this\.)\b/);
  }
});

test('an error speaks Python, but for the path', () => {
  process.env.JSII_AGENT = PYTHON;
  expect(messageOf(() => new NfsLocation(new Stack(new App(), 'myStack'), 'mySource', { serverHostname: 'a host', subdirectory: '/a', agents: [] }))).toMatch(
    /^DataSyncValidationError: \[myStack\/mySource\] server_hostname "a host": must be/);
});

test('an attribute that is not known speaks Python', () => {
  process.env.JSII_AGENT = PYTHON;
  const stack = newStack();
  const seed = new TaskExecution(stack, 'Seed', { task: nfsToS3(stack) });
  expect(messageOf(() => seed.bytesWritten)).toContain('bytes_written: is known at the end of the execution only; use completion=Completion.succeeded()');
});

test('a warning tells the line of Python that acknowledges it, and it works', () => {
  process.env.JSII_AGENT = PYTHON;
  const stack = newStack();
  const task = nfsToS3(stack, { excludes: Filter.simplePattern('tmp') });
  const found = () => Found.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);
  expect(found()).toEqual([expect.stringContaining(". If that is what you want: Annotations.of(construct).acknowledge_warning('cdk-datasync:filterNotAnchored')")]);
  Annotations.of(task).acknowledgeWarning('cdk-datasync:filterNotAnchored');
  expect(found()).toEqual([]);
});
