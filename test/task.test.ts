import { Fn, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Options, TaskAttributes, TaskExecutionProps, TaskProps } from '../src';
import {
  Atime, Filter, LocationType, LogLevel, ObjectMetadata, PreserveDeletedFiles, PreserveDevices, S3Location,
  Task, TaskExecution, TaskMode, TransferMode, VerifyMode,
} from '../src';
import { ALL_OPTIONS } from './support/all-options';
import { locationOf, messageOf, newStack, nfsToS3, permissionsOf, resourceOf, s3Location, snapshotOf, TASK_ARN, warningsOf } from './support/stacks';

test('a minimal task is rendered', () => {
  const stack = newStack();
  nfsToS3(stack);
  expect(snapshotOf(stack)).toMatchSnapshot();
  expect(warningsOf(stack)).toEqual([]);
});

test('a task with all properties is rendered', () => {
  const stack = newStack();
  const task = nfsToS3(stack, {
    taskName: 'Nightly copy',
    taskMode: TaskMode.BASIC,
    options: ALL_OPTIONS,
    includes: Filter.simplePattern('/folder1', '/folder2*'),
    excludes: Filter.simplePattern('*.tmp'),
    logGroup: new LogGroup(stack, 'Logs'),
  });
  Tags.of(task).add('team', 'storage');
  expect(snapshotOf(stack)).toMatchSnapshot();
  expect(warningsOf(stack)).toEqual([]);
});

describe('what is sent', () => {
  const sent = (props: Partial<TaskProps>) => {
    const stack = newStack();
    nfsToS3(stack, props);
    return resourceOf(stack, 'AWS::DataSync::Task').Properties;
  };

  test('has no defaults', () => {
    expect(Object.keys(sent({})).sort()).toEqual(['DestinationLocationArn', 'SourceLocationArn']);
    expect(sent({ options: {} }).Options).toBeUndefined();
    expect(sent({ options: { verifyMode: VerifyMode.NONE } }).Options).toEqual({ VerifyMode: 'NONE' });
  });

  test.each(Object.entries(ALL_OPTIONS) as Array<[keyof Options, string | number]>)('has the option %s under its own name', (name, value) => {
    const single = ({ atime: ALL_OPTIONS, mtime: ALL_OPTIONS } as { [name: string]: Options })[name] ?? { [name]: value };
    expect(sent({ options: single }).Options).toMatchObject({ [name[0].toUpperCase() + name.slice(1)]: value });
  });

  test('has an option that older L1s do not know', () => {
    expect(sent({ options: { objectMetadata: ObjectMetadata.PRESERVE } }).Options).toEqual({ ObjectMetadata: 'PRESERVE' });
  });

  test('has one rule per filter', () => {
    const { Includes, Excludes } = sent({ includes: Filter.simplePattern('/a', '/b*'), excludes: Filter.simplePattern('*.tmp', '*/temp') });
    expect(Includes).toEqual([{ FilterType: 'SIMPLE_PATTERN', Value: '/a|/b*' }]);
    expect(Excludes).toEqual([{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp|*/temp' }]);
  });
});

test.each<[string, string]>([
  ['', 'taskName "": must not be empty; use a name such as "Nightly copy", or leave it out'],
  ['a'.repeat(257), `taskName "${'a'.repeat(119)}... (257 characters): must have at most 256 characters, has 257; shorten it`],
  ['semi;colon', 'taskName "semi;colon": may only contain letters, digits, white space and + = . _ : @ / -; use a name such as "Nightly copy", or leave it out'],
])('a task refuses the name %j', (taskName, message) => {
  expect(messageOf(() => nfsToS3(newStack(), { taskName }))).toBe(`DataSyncValidationError: [Stack/Task] ${message}`);
});

test.each(['Nightly copy @ 2 a/b:c_d.e=f+g-h', 'a'.repeat(256), Fn.importValue('Name')])('a task accepts the name %j', taskName => {
  expect(messageOf(() => nfsToS3(newStack(), { taskName }))).toBe('no error');
});

test('a task refuses a location of another account', () => {
  const stack = newStack({ env: { account: '444455556666', region: 'us-east-1' } });
  expect(messageOf(() => new Task(stack, 'Task', { source: locationOf(stack, 'Source'), destination: s3Location(stack, 'S3') }))).toBe(
    'DataSyncValidationError: [Stack/Task] source "Stack/Source": is in the account 111122223333, this stack is in 444455556666; use both from one account');
});

test('a task leaves a location as it is when the task is refused', () => {
  const stack = newStack();
  const destination = s3Location(stack, 'S3');
  expect(messageOf(() => new Task(stack, 'Task', { source: locationOf(stack, 'Source'), destination, taskName: '' }))).not.toBe('no error');
  expect(permissionsOf(stack, 'S3').join()).not.toContain('s3:PutObject');
});

test('a task tells its locations and its name', () => {
  const stack = newStack();
  const [source, destination] = [locationOf(stack, 'Source'), s3Location(stack, 'S3')];
  expect(new Task(stack, 'Task', { source, destination, taskName: 'Nightly' })).toMatchObject({ source, destination, taskName: 'Nightly' });
  expect(new Task(stack, 'Nameless', { source, destination }).taskName).toBeUndefined();
});

describe('a task that exists already, with more known of it', () => {
  const start = (attributes: Partial<TaskAttributes>, props: Partial<TaskExecutionProps>) => {
    const stack = newStack();
    const task = Task.fromTaskAttributes(stack, 'Task', { taskArn: TASK_ARN, ...attributes });
    return messageOf(() => new TaskExecution(stack, 'Run', { task, ...props }));
  };
  const verifyAll = { overrideOptions: { verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT } };

  test('is checked by its mode', () => {
    expect(start({ taskMode: TaskMode.ENHANCED }, verifyAll)).toContain('Enhanced mode verifies transferred data only');
    expect(start({ taskMode: TaskMode.BASIC }, verifyAll)).toBe('no error');
    expect(start({}, verifyAll)).toBe('no error');
  });

  test('is checked by its options', () => {
    const remove = { overrideOptions: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE } };
    expect(start({ options: { transferMode: TransferMode.ALL } }, remove)).toContain('a transfer that does not compare cannot delete');
    expect(start({}, remove)).toBe('no error');
    const atime = { overrideOptions: { atime: Atime.NONE } };
    expect(start({ taskMode: TaskMode.BASIC, options: {} }, atime)).toContain('copied together or not at all');
    expect(start({ taskMode: TaskMode.BASIC }, atime)).toBe('no error');
  });

  test('is checked by its locations', () => {
    const destination = locationOf(newStack(), 'Share', LocationType.EFS);
    const devices = { overrideOptions: { preserveDevices: PreserveDevices.PRESERVE } };
    expect(start({ destination }, devices)).toContain('Amazon EFS has no devices');
    expect(start({}, devices)).toBe('no error');
  });

  test('refuses the ARN of something else, and another mode', () => {
    const of = (attributes: Partial<TaskAttributes>) => messageOf(() => Task.fromTaskAttributes(newStack(), 'It', { taskArn: TASK_ARN, ...attributes }));
    expect(of({ taskArn: 'task-0123456789abcdef0' })).toContain('[Stack/It] taskArn "task-0123456789abcdef0": must be the ARN of a task');
    expect(of({ taskMode: 'FAST' as TaskMode })).toContain('[Stack/It] taskMode "FAST": must be one of BASIC, ENHANCED');
  });
});

describe('logs', () => {
  test('one resource policy per stack lets the tasks of the account write to the groups', () => {
    const stack = newStack();
    const [first, second] = ['First', 'Second'].map(id => new LogGroup(stack, `${id}Logs`));
    for (const [id, logGroup] of Object.entries({ A: first, B: second, C: first })) {
      new Task(stack, id, { source: locationOf(stack, `${id}1`), destination: locationOf(stack, `${id}2`), logGroup, options: { logLevel: LogLevel.BASIC } });
    }
    const { PolicyDocument, PolicyName } = resourceOf(stack, 'AWS::Logs::ResourcePolicy').Properties;
    expect(PolicyName).toMatch(/^StackDataSyncLogAccess/);
    const text = PolicyDocument['Fn::Join'][1].map((part: any) => typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt'][0]}>`).join('');
    const statement = (group: string) => ({
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Condition: {
        ArnLike: { 'aws:SourceArn': 'arn:<AWS::Partition>:datasync:<AWS::Region>:<AWS::AccountId>:task/*' },
        StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
      },
      Effect: 'Allow',
      Principal: { Service: 'datasync.amazonaws.com' },
      Resource: expect.stringContaining(group),
    });
    expect(JSON.parse(text).Statement).toEqual([statement('FirstLogs'), statement('SecondLogs')]);
  });

  test('the task waits for the policy', () => {
    const stack = newStack();
    nfsToS3(stack, { logGroup: new LogGroup(stack, 'Logs'), options: { logLevel: LogLevel.BASIC } });
    expect(resourceOf(stack, 'AWS::DataSync::Task').DependsOn).toEqual(Object.keys(Template.fromStack(stack).findResources('AWS::Logs::ResourcePolicy')));
  });

  test.each([
    ['Region', 'arn:aws:logs:us-east-1:111122223333:log-group:mine:*', 'is in the Region us-east-1, this stack is in eu-west-1; use both from one Region'],
    ['account', 'arn:aws:logs:eu-west-1:444455556666:log-group:mine:*', 'is in the account 444455556666, this stack is in 111122223333; use both from one account'],
  ])('cannot go to a group of another %s', (_, arn, problem) => {
    const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
    const logGroup = LogGroup.fromLogGroupArn(stack, 'Logs', arn);
    const props = { source: s3Location(stack, 'A'), destination: s3Location(stack, 'B'), options: { logLevel: LogLevel.BASIC } };
    expect(messageOf(() => new Task(stack, 'Task', { ...props, logGroup }))).toBe(`DataSyncValidationError: [Stack/Task] logGroup "Stack/Logs": ${problem}`);
  });

  test('leave the id of their policy to the user', () => {
    const stack = newStack();
    new Construct(stack, 'DataSyncLogAccess');
    nfsToS3(stack, { logGroup: new LogGroup(stack, 'Logs'), options: { logLevel: LogLevel.BASIC } });
    Template.fromStack(stack).resourceCountIs('AWS::Logs::ResourcePolicy', 1);
  });

  test.each<[string, (stack: Stack) => ILogGroup]>([
    ['by its name', stack => LogGroup.fromLogGroupName(stack, 'Logs', '/aws/datasync')],
    ['of this app', stack => new LogGroup(stack, 'Logs', { logGroupName: '/aws/datasync' })],
    ['by a name that only the deployment knows', stack => LogGroup.fromLogGroupName(stack, 'Logs', Fn.importValue('Name'))],
  ])('may be the group of the service in Enhanced mode, %s, which it may write to anyway', (_, logGroup) => {
    const stack = newStack();
    nfsToS3(stack, { taskMode: TaskMode.ENHANCED, logGroup: logGroup(stack) });
    expect(resourceOf(stack, 'AWS::DataSync::Task').Properties.CloudWatchLogGroupArn).toBeDefined();
    Template.fromStack(stack).resourceCountIs('AWS::Logs::ResourcePolicy', 0);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('go to the group of the service in Enhanced mode', () => {
    const stack = newStack();
    expect(messageOf(() => nfsToS3(stack, { taskMode: TaskMode.ENHANCED, logGroup: new LogGroup(stack, 'Logs') }))).toBe(
      'DataSyncValidationError: [Stack/Task] logGroup "Stack/Logs": in Enhanced mode the service logs to its own group /aws/datasync; leave logGroup out');
  });
});

test('locations may be in another stack', () => {
  const stack = newStack();
  const other = new Stack(stack.node.root as any, 'Other');
  new Task(stack, 'Task', {
    source: s3Location(other, 'Source'),
    destination: new S3Location(other, 'Destination', { bucket: new Bucket(other, 'Bucket') }),
    options: { transferMode: TransferMode.CHANGED },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::DataSync::Task', { SourceLocationArn: { 'Fn::ImportValue': Match.anyValue() } });
  expect(permissionsOf(other, 'Source').join()).not.toContain('s3:PutObject');
  expect(permissionsOf(other, 'Destination').join()).toContain('s3:PutObject');
});
