import { App, Aspects, CfnParameter, CfnResource, Fn, Lazy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import {
  Completion, Filter, IfRunning, ITask, OverwriteMode, RunOn, Task, TaskExecution, TaskExecutionProps, TaskQueueing, TransferMode, VerifyMode,
} from '../../src';
import { TASK_EXECUTION_RESOURCE_TYPE } from '../../src/task-execution/contract';
import { locationOf, messageOf, newStack, nfsToS3, resourceOf, s3Location, snapshotOf, TASK_ARN, warningsOf } from '../support/stacks';

const imported = (stack: Stack): ITask => Task.fromTaskArn(stack, 'Task', TASK_ARN);

function sent(stack: Stack): { [name: string]: any } {
  return resourceOf(stack, TASK_EXECUTION_RESOURCE_TYPE).Properties;
}

function sentOf(props: Partial<TaskExecutionProps>, taskIn = imported): { [name: string]: any } {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: taskIn(stack), ...props });
  return sent(stack);
}

test('minimal', () => {
  const stack = newStack();
  const execution = new TaskExecution(stack, 'Seed', { task: nfsToS3(stack) });
  expect(stack.resolve(execution.taskExecutionArn)).toEqual({ 'Fn::GetAtt': ['SeedC76DC678', 'TaskExecutionArn'] });
  expect(snapshotOf(stack)).toMatchSnapshot();
  expect(warningsOf(stack)).toEqual([]);
});

test('all properties', () => {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', {
    task: imported(stack),
    overrideOptions: { verifyMode: VerifyMode.NONE, overwriteMode: OverwriteMode.NEVER, bytesPerSecond: 1_048_576 },
    includes: Filter.simplePattern('/folder1', '/folder2*'),
    excludes: Filter.simplePattern('*.tmp'),
    tags: { team: 'storage', stage: 'test' },
    ifRunning: IfRunning.ATTACH,
    runOn: RunOn.CREATE,
    completion: Completion.started(),
  });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

describe('what is sent', () => {
  test('has no defaults but how to deal with a running task', () => {
    const { ServiceToken, ServiceTimeout, ...rest } = sentOf({ runOn: RunOn.CREATE });
    expect(rest).toEqual({ TaskArn: TASK_ARN, IfRunning: 'QUEUE', RunOn: 'CREATE' });
  });

  test('tells CloudFormation to stop waiting soon after the function must have answered', () => {
    const stack = newStack();
    new TaskExecution(stack, 'Seed', { task: imported(stack) });
    const { Timeout } = resourceOf(stack, 'AWS::Lambda::Function').Properties;
    expect(Timeout).toBeLessThanOrEqual(900);
    expect(Number(sent(stack).ServiceTimeout)).toBeGreaterThan(Timeout);
    expect(Number(sent(stack).ServiceTimeout)).toBeLessThanOrEqual(3600);
  });

  test('has text only, as CloudFormation would make it text anyway', () => {
    const { OverrideOptions } = sentOf({ overrideOptions: { bytesPerSecond: 5, verifyMode: VerifyMode.NONE } });
    expect(OverrideOptions).toEqual({ BytesPerSecond: '5', VerifyMode: 'NONE' });
  });

  test('keeps tokens', () => {
    const stack = newStack();
    const limit = new CfnParameter(stack, 'Limit', { type: 'Number' });
    new TaskExecution(stack, 'Seed', {
      task: imported(stack),
      overrideOptions: { bytesPerSecond: limit.valueAsNumber, verifyMode: Fn.importValue('Mode') as VerifyMode },
      includes: Filter.simplePattern('/a', Fn.importValue('Folder')),
      tags: { owner: Fn.importValue('Owner') },
    });
    const { OverrideOptions, Tags: tags, Includes } = sent(stack);
    expect(OverrideOptions).toEqual({ BytesPerSecond: { Ref: 'Limit' }, VerifyMode: { 'Fn::ImportValue': 'Mode' } });
    expect(Includes).toEqual([{ FilterType: 'SIMPLE_PATTERN', Value: { 'Fn::Join': ['', ['/a|', { 'Fn::ImportValue': 'Folder' }]] } }]);
    expect(tags).toEqual([{ Key: 'owner', Value: { 'Fn::ImportValue': 'Owner' } }]);
  });
});

describe('runs', () => {
  test('on each deployment, if told so', () => {
    const [first, second] = [1, 2].map(() => sentOf({ runOn: RunOn.EVERY_DEPLOYMENT }));
    expect(first.Deployment).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.Deployment).not.toBe(first.Deployment);
    expect(first.TaskFingerprint).toBeUndefined();
  });

  test('when it is created only, if told so', () => {
    expect(sentOf({ runOn: RunOn.CREATE })).not.toMatchObject({ TaskFingerprint: expect.anything() });
    expect(sentOf({ runOn: RunOn.CREATE })).not.toMatchObject({ Deployment: expect.anything() });
  });

  const fingerprint = (change: (task: Task, stack: Stack) => void = () => {}, taskProps = {}, prefix = 'a/'): string => {
    const stack = newStack();
    const task = new Task(stack, 'Task', { source: locationOf(stack, 'Source'), destination: s3Location(stack, 'S3', prefix), ...taskProps });
    new TaskExecution(stack, 'Seed', { task });
    change(task, stack);
    return sent(stack).TaskFingerprint;
  };
  const unchanged = fingerprint();

  test.each<[string, string]>([
    ['an option of the task', fingerprint(undefined, { options: { transferMode: TransferMode.ALL } })],
    ['a filter of the task', fingerprint(undefined, { excludes: Filter.simplePattern('*.tmp') })],
    ['a location', fingerprint(undefined, {}, 'b/')],
    ['the task, by an escape hatch', fingerprint(task => (task.node.defaultChild as CfnTask).addPropertyOverride('Options.VerifyMode', 'NONE'))],
    ['a location, by an escape hatch', fingerprint((_, stack) =>
      (stack.node.findChild('S3').node.defaultChild as CfnResource).addPropertyOverride('Subdirectory', 'c/'))],
    ['the task, by an aspect', fingerprint((_, stack) =>
      Aspects.of(stack).add({ visit: node => { if (node instanceof CfnTask) node.name = 'renamed'; } }))],
  ])('when a deployment changes %s', (_, changed) => {
    expect(changed).toMatch(/^[0-9a-f]{32}$/);
    expect(changed).not.toBe(unchanged);
  });

  test.each<[string, string]>([
    ['nothing', fingerprint()],
    ['tags', fingerprint((_, stack) => Tags.of(stack).add('commit', '0123456'))],
    ['other resources', fingerprint((_, stack) => new Bucket(stack, 'Other'))],
  ])('not when a deployment changes %s', (_, changed) => {
    expect(changed).toBe(unchanged);
  });

  test('not when properties change their order', () => {
    const overridden = (...names: string[]) => fingerprint(task => {
      for (const name of names) (task.node.defaultChild as CfnTask).addPropertyOverride(`Options.${name}`, 'NONE');
    });
    expect(overridden('Atime', 'Mtime')).toBe(overridden('Mtime', 'Atime'));
    expect(overridden('Atime', 'Mtime')).not.toBe(unchanged);
  });

  test('on the change of a task in another stack', () => {
    const of = (verifyMode: VerifyMode) => {
      const app = new App();
      const [one, two] = ['One', 'Two'].map(id => new Stack(app, id));
      const task = new Task(one, 'Task', { source: locationOf(one, 'Source'), destination: s3Location(one, 'S3'), options: { verifyMode } });
      new TaskExecution(two, 'Seed', { task });
      return sent(two).TaskFingerprint;
    };
    expect(of(VerifyMode.NONE)).toMatch(/^[0-9a-f]{32}$/);
    expect(of(VerifyMode.NONE)).toBe(of(VerifyMode.NONE));
    expect(of(VerifyMode.NONE)).not.toBe(of(VerifyMode.ONLY_FILES_TRANSFERRED));
  });
});

describe('order', () => {
  test('the task comes first, and the locations and their permissions before it', () => {
    const stack = newStack();
    new TaskExecution(stack, 'Seed', { task: nfsToS3(stack) });
    const { Resources } = Template.fromStack(stack).toJSON();
    const before = (id: string): string[] => {
      const { Properties = {}, DependsOn = [] } = Resources[id];
      const direct = [...JSON.stringify(Properties).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([A-Za-z0-9]+)"/g)].map(match => match[1]).concat(DependsOn);
      return [...new Set(direct.filter(other => other in Resources).flatMap(other => [other, ...before(other)]))];
    };
    const types = before('SeedC76DC678').map(id => Resources[id].Type);
    expect([...new Set(types)].sort()).toEqual([
      'AWS::DataSync::LocationNFS', 'AWS::DataSync::LocationS3', 'AWS::DataSync::Task', 'AWS::IAM::Policy', 'AWS::IAM::Role',
      'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket',
    ]);
    expect(types.filter(type => type === 'AWS::IAM::Policy')).toHaveLength(2);
  });

  test('executeAfter and executeBefore', () => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Bucket');
    const upload = new BucketDeployment(stack, 'Upload', { sources: [Source.data('a.txt', 'a')], destinationBucket: bucket });
    const execution = new TaskExecution(stack, 'Seed', { task: imported(stack) });
    const later = new Bucket(stack, 'Later');
    execution.executeAfter(upload);
    execution.executeBefore(later);
    const [uploadId] = Object.keys(Template.fromStack(stack).findResources('Custom::CDKBucketDeployment'));
    expect(resourceOf(stack, TASK_EXECUTION_RESOURCE_TYPE).DependsOn).toContain(uploadId);
    expect(Template.fromStack(stack).findResources('AWS::S3::Bucket', { DependsOn: ['SeedC76DC678'] })).toHaveProperty(
      stack.getLogicalId(later.node.defaultChild as CfnResource));
  });
});

const reserved = 'must not begin with "cdk-datasync:", which is how the library recognizes its own executions; choose another key';
const keyRule = 'may only contain letters, digits, white space and + = . _ : / -, and must not begin with "aws:"; choose another key';

test.each<[string, Partial<TaskExecutionProps>, string]>([
  ['a tag of the library', { tags: { 'cdk-datasync:owner': 'me' } }, `key of tags "cdk-datasync:owner": ${reserved}`],
  ['a tag of AWS', { tags: { 'aws:owner': 'me' } }, `key of tags "aws:owner": ${keyRule}`],
  ['a key with other characters', { tags: { 'a@b': 'me' } }, `key of tags "a@b": ${keyRule}`],
  ['an empty value', { tags: { a: '' } }, 'tags["a"] "": must not be empty; leave out the other characters, or the tag'],
  ['too many tags', { tags: Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`tag${index}`, 'x'])) },
    'tags (49 given): must have between 0 and 48 tags (the service allows 50, 2 are the library\'s own); remove some'],
  ['a wrong include', { includes: Filter.simplePattern('*.txt') },
    'includes "*.txt": an include may have "*" as its last character only; '
    + 'include the folder and exclude what is not wanted, or escape a literal "*" with Filter.literal()'],
])('refuses %s', (_, wrong, message) => {
  const stack = newStack();
  expect(messageOf(() => new TaskExecution(stack, 'Seed', { task: imported(stack), ...wrong }))).toBe(`DataSyncValidationError: [Stack/Seed] ${message}`);
});

test('accepts as many tags as the service leaves', () => {
  const tags = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`tag${index}`, Lazy.string({ produce: () => '' })]));
  expect(messageOf(() => sentOf({ tags }))).toBe('no error');
});

test('refuses a task of another Region', () => {
  const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
  expect(messageOf(() => new TaskExecution(stack, 'Seed', { task: imported(stack) }))).toBe(
    'DataSyncValidationError: [Stack/Seed] task "Stack/Task": is in the Region us-east-1, this stack is in eu-west-1; use both from one Region');
});

test.each([
  [IfRunning.QUEUE, ['/Stack/Seed taskQueueing "DISABLED" with ifRunning "QUEUE": the service refuses a start while the task or its agent is busy; '
    + 'enable queueing, or choose IfRunning.ATTACH or IfRunning.FAIL [ack: cdk-datasync:queueingDisabled]']],
  [IfRunning.FAIL, []],
])('warns of a queue that is closed: %s', (ifRunning, warnings) => {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: nfsToS3(stack, { options: { taskQueueing: TaskQueueing.DISABLED } }), ifRunning });
  expect(warningsOf(stack)).toEqual(warnings);
});
