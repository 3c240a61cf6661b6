import type { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnParameter, Duration, Fn, Lazy, RemovalPolicies, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { ITask, TaskExecutionProps } from '../../src';
import {
  Completion, Filter, IfRunning, OverwriteMode, RunOn, ScheduledTaskExecution, Task, TaskExecution,
  TaskQueueing, VerifyMode,
} from '../../src';
import { TASK_EXECUTION_RESOURCE_TYPE } from '../../src/task-execution/contract';
import { ALL_OPTIONS } from '../support/all-options';
import { messageOf, newStack, nfsToS3, resourceOf, snapshotOf, TASK_ARN, warningsOf } from '../support/stacks';

const imported = (stack: Stack): ITask => Task.fromTaskArn(stack, 'Task', TASK_ARN);

function sent(stack: Stack): { [name: string]: any } {
  return resourceOf(stack, TASK_EXECUTION_RESOURCE_TYPE).Properties;
}

function sentOf(props: Partial<TaskExecutionProps>, taskIn = imported): { [name: string]: any } {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: taskIn(stack), ...props });
  return sent(stack);
}

test('a minimal start on deploy is rendered', () => {
  const stack = newStack();
  const execution = new TaskExecution(stack, 'Seed', { task: nfsToS3(stack) });
  expect(stack.resolve(execution.taskExecutionArn)).toEqual({ 'Fn::GetAtt': ['SeedC76DC678', 'TaskExecutionArn'] });
  expect(snapshotOf(stack)).toMatchSnapshot();
  expect(warningsOf(stack)).toEqual([]);
});

test('a start on deploy with all properties is rendered', () => {
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
  test('has no defaults but how to deal with a task that runs or is not available', () => {
    const { ServiceToken, ServiceTimeout, ...rest } = sentOf({ runOn: RunOn.CREATE });
    expect(rest).toEqual({ TaskArn: TASK_ARN, IfRunning: 'QUEUE', RunOn: 'CREATE', TaskAvailabilityTimeout: '300', Values: { Version: '1' } });
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

describe('the task runs', () => {
  test('on each deployment, if told so', () => {
    const [first, second] = [1, 2].map(() => sentOf({ runOn: RunOn.EVERY_DEPLOYMENT }));
    expect(first.Deployment).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.Deployment).not.toBe(first.Deployment);
  });

  test('when it is created only, if told so', () => {
    expect(sentOf({ runOn: RunOn.CREATE })).not.toMatchObject({ Deployment: expect.anything() });
  });

  test('and carries the values that count in any case, so that another runOn loses nothing', () => {
    for (const runOn of Object.values(RunOn)) expect(sentOf({ runOn }).Values).toEqual({ Version: '1' });
  });
});

describe('triggers', () => {
  test('may be values of any kind', () => {
    const stack = newStack();
    const limit = new CfnParameter(stack, 'Limit', { type: 'Number' });
    const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' });
    new TaskExecution(stack, 'Seed', {
      task: imported(stack),
      triggers: {
        text: 'a',
        number: 5,
        flag: true,
        list: ['a', 1, { nested: [null, false] }],
        nothing: undefined,
        none: null,
        date: new Date('2026-01-01T00:00:00Z'),
        token: limit.valueAsString,
        numberToken: limit.valueAsNumber,
        listToken: list.valueAsList,
        long: 'x'.repeat(300),
        lazy: Lazy.any({ produce: () => ({ list: [null, 5, { text: 'x'.repeat(300), of: list.valueAsList }], nothing: undefined }) }),
        lazyNothing: Lazy.any({ produce: () => null }),
        intrinsic: { 'Fn::Sub': 'y'.repeat(300) },
      },
    });
    expect(sent(stack).Triggers).toEqual({
      text: 'a',
      number: '5',
      flag: 'true',
      list: ['a', '1', { nested: ['null', 'false'] }],
      date: '2026-01-01T00:00:00.000Z',
      token: { Ref: 'Limit' },
      numberToken: { Ref: 'Limit' },
      listToken: { Ref: 'List' },
      long: expect.stringMatching(/^sha256:/),
      lazy: { list: ['null', '5', { text: expect.stringMatching(/^sha256:/), of: { Ref: 'List' } }] },
      intrinsic: { 'Fn::Sub': 'y'.repeat(300) },
    });
  });

  const circular: { [name: string]: unknown } = {};
  circular.itself = circular;

  test.each<[string, unknown]>([
    ['a construct', newStack()], ['a construct in a list', [newStack()]], ['a duration', Duration.days(1)], ['a function', () => 'a'], ['a circle', circular], ['a date that is none', new Date('soon')],
  ])('may not be %s', (_, value) => {
    expect(messageOf(() => sentOf({ triggers: { a: value } }))).toBe('DataSyncValidationError: [Stack/Seed] triggers["a"]: must be a text, a number, '
      + 'a boolean, a token, or a list or object of those; of a construct, name the attribute that counts, such as its ARN');
  });

  test('may not be a token as a whole', () => {
    expect(messageOf(() => sentOf({ triggers: Lazy.any({ produce: () => ({ a: 1 }) }) as any }))).toBe(
      'DataSyncValidationError: [Stack/Seed] triggers (known at deployment): must be an object with a name for each value; give the value a name: triggers: { value: ... }');
  });

  test.each([[undefined], [{}], [{ nothing: undefined }]])('are not sent when there are none: %j', triggers => {
    expect(sentOf({ triggers }).Triggers).toBeUndefined();
  });

  test('keep the order of deployment: what they refer to comes first', () => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Bucket');
    const upload = new BucketDeployment(stack, 'Upload', { sources: [Source.data('a.txt', 'a')], destinationBucket: bucket });
    new TaskExecution(stack, 'Seed', { task: imported(stack), triggers: { data: upload.objectKeys } });
    const [id] = Object.keys(Template.fromStack(stack).findResources('Custom::CDKBucketDeployment'));
    expect(sent(stack).Triggers).toEqual({ data: { 'Fn::GetAtt': [id, 'SourceObjectKeys'] } });
  });
});

describe('removal policy', () => {
  test.each([
    [RemovalPolicy.RETAIN, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }, 'true'],
    [RemovalPolicy.DESTROY, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }, undefined],
    [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }, 'true'],
  ])('%s is told to CloudFormation and to the function', (policy, policies, retain) => {
    const stack = newStack();
    new TaskExecution(stack, 'Seed', { task: imported(stack) }).applyRemovalPolicy(policy);
    expect(resourceOf(stack, TASK_EXECUTION_RESOURCE_TYPE)).toMatchObject(policies);
    expect(sent(stack).Retain).toBe(retain);
  });

  test.each(['DeletionPolicy', 'UpdateReplacePolicy'])('may come from an escape hatch: %s', attribute => {
    const stack = newStack();
    const seed = new TaskExecution(stack, 'Seed', { task: imported(stack) });
    (seed.node.defaultChild as CfnResource).addOverride(attribute, 'Retain');
    expect(sent(stack).Retain).toBe('true');
  });

  test('may come from an Aspect', () => {
    const stack = newStack();
    new TaskExecution(stack, 'Seed', { task: imported(stack) });
    RemovalPolicies.of(stack).retain();
    expect(resourceOf(stack, TASK_EXECUTION_RESOURCE_TYPE)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(sent(stack).Retain).toBe('true');
  });
});

describe('the time to wait for the task', () => {
  test.each<[string, Duration | undefined, string]>([
    ['five minutes', undefined, '300'], ['nothing', Duration.seconds(0), '0'], ['all that is allowed', Duration.minutes(10), '600'],
    ['whole seconds', Duration.millis(1_500), '2'],
  ])('is %s', (_, taskAvailabilityTimeout, seconds) => {
    expect(sentOf({ taskAvailabilityTimeout }).TaskAvailabilityTimeout).toBe(seconds);
  });
});

test('a start on deploy accepts all options as overrides', () => {
  const { taskQueueing, ...options } = ALL_OPTIONS;
  expect(sentOf({ overrideOptions: options }).OverrideOptions).toMatchObject({ ObjectMetadata: 'NONE', BytesPerSecond: '1048576' });
});

describe('the order of starts', () => {
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
    expect(types.filter(type => type === 'AWS::IAM::Policy')).toHaveLength(1);
  });

  test.each(['methods', 'properties'])('executeAfter and executeBefore, as %s', how => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Bucket');
    const upload = new BucketDeployment(stack, 'Upload', { sources: [Source.data('a.txt', 'a')], destinationBucket: bucket });
    const later = new Bucket(stack, 'Later');
    const order = how === 'properties' ? { executeAfter: [upload], executeBefore: [later] } : {};
    const execution = new TaskExecution(stack, 'Seed', { task: imported(stack), ...order });
    if (how === 'methods') {
      execution.executeAfter(upload);
      execution.executeBefore(later);
    }
    const [uploadId] = Object.keys(Template.fromStack(stack).findResources('Custom::CDKBucketDeployment'));
    expect(resourceOf(stack, TASK_EXECUTION_RESOURCE_TYPE).DependsOn).toContain(uploadId);
    expect(Template.fromStack(stack).findResources('AWS::S3::Bucket', { DependsOn: ['SeedC76DC678'] })).toHaveProperty(
      stack.getLogicalId(later.node.defaultChild as CfnResource));
  });
});

test('a start on deploy tells its function, its id and its page in the console', () => {
  const stack = newStack({ env: { account: '111122223333', region: 'cn-north-1' } });
  const execution = new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Task', Fn.importValue('Task')) });
  expect(execution.lambdaFunction).toBe(new TaskExecution(stack, 'Other', { task: execution._task }).lambdaFunction);
  const arn = { 'Fn::GetAtt': [stack.getLogicalId(execution.node.defaultChild as CfnResource), 'TaskExecutionArn'] };
  expect(stack.resolve(execution.taskExecutionId)).toEqual({ 'Fn::Select': [3, { 'Fn::Split': ['/', arn] }] });
  expect(stack.resolve(execution.consoleUrl)).toEqual({
    'Fn::Join': ['', ['https://console.amazonaws.cn/datasync/home?region=cn-north-1#/tasks/', {
      'Fn::Select': [1, { 'Fn::Split': ['/', { 'Fn::ImportValue': 'Task' }] }],
    }]],
  });
});

test('the page in the console is in the commercial Regions where the Region is not known', () => {
  const stack = newStack();
  const execution = new TaskExecution(stack, 'Seed', { task: imported(stack) });
  expect(stack.resolve(execution.consoleUrl)).toEqual({
    'Fn::Join': ['', ['https://console.aws.amazon.com/datasync/home?region=', { Ref: 'AWS::Region' }, '#/tasks/task-0123456789abcdef0']],
  });
});

const reserved = 'must not begin with "cdk-datasync:", which is how the library recognizes its own executions; choose another key';
const keyRule = 'may only contain letters, digits, white space and + = . _ : / -, and must not begin with "aws:"; choose another key';

test.each<[string, Partial<TaskExecutionProps>, string]>([
  ['a tag of the library', { tags: { 'cdk-datasync:owner': 'me' } }, `key of tags "cdk-datasync:owner": ${reserved}`],
  ['a tag of AWS', { tags: { 'aws:owner': 'me' } }, `key of tags "aws:owner": ${keyRule}`],
  ['a key with other characters', { tags: { 'a@b': 'me' } }, `key of tags "a@b": ${keyRule}`],
  ['an empty value', { tags: { a: '' } }, 'tags["a"] "": must not be empty; give it a value, or leave out the tag'],
  ['too many tags', { tags: Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`tag${index}`, 'x'])) },
    'tags (46 given): must have between 0 and 45 tags (the service allows 50, 5 are the library\'s own); remove some'],
  ['a wrong include', { includes: Filter.simplePattern('*.txt') },
    'includes "*.txt": an include may have "*" as its last character only; '
    + 'include the folder and exclude what is not wanted, or escape a literal "*" with Filter.literal()'],
  ['a wait that is too long', { taskAvailabilityTimeout: Duration.minutes(11) },
    'taskAvailabilityTimeout 11 minutes: must be between 0 seconds and 10 minutes; choose a duration in that range'],
])('a start on deploy refuses %s', (_, wrong, message) => {
  const stack = newStack();
  expect(messageOf(() => new TaskExecution(stack, 'Seed', { task: imported(stack), ...wrong }))).toBe(`DataSyncValidationError: [Stack/Seed] ${message}`);
});

test('a start on deploy accepts as many tags as the service leaves', () => {
  const tags = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`tag${index}`, Lazy.string({ produce: () => '' })]));
  expect(messageOf(() => sentOf({ tags }))).toBe('no error');
});

test('a start on deploy refuses a task of another Region', () => {
  const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
  expect(messageOf(() => new TaskExecution(stack, 'Seed', { task: imported(stack) }))).toBe(
    'DataSyncValidationError: [Stack/Seed] task "Stack/Task": is in the Region us-east-1, this stack is in eu-west-1; use both from one Region');
});

test.each<[IfRunning, string[], TaskQueueing | undefined]>([
  [IfRunning.QUEUE, ['/Stack/Seed taskQueueing "DISABLED" with ifRunning "QUEUE": the service refuses a start while the task or its agent is busy; '
    + 'enable queueing, or choose IfRunning.ATTACH, IfRunning.WAIT or IfRunning.FAIL [ack: cdk-datasync:queueingDisabled]'], undefined],
  [IfRunning.FAIL, [], undefined],
  [IfRunning.QUEUE, [], TaskQueueing.ENABLED],
])('a start on deploy warns of a queue that is closed: %s', (ifRunning, warnings, taskQueueing) => {
  const stack = newStack();
  const task = nfsToS3(stack, { options: { taskQueueing: TaskQueueing.DISABLED } });
  new TaskExecution(stack, 'Seed', { task, ifRunning, overrideOptions: { taskQueueing } });
  expect(warningsOf(stack)).toEqual(warnings);
});

describe('two starts of one task', () => {
  const a = Filter.simplePattern('/a', '/b');
  const b = Filter.simplePattern('/b|/a');
  const HOURLY = ScheduleExpression.rate(Duration.hours(1));
  type Start = Pick<TaskExecutionProps, 'includes' | 'excludes' | 'ifRunning'> & { readonly scheduled?: boolean; readonly enabled?: boolean };

  const warned = (first: Start, second: Start, taskIn: (stack: Stack, id: string) => ITask) => {
    const stack = newStack();
    [first, second].forEach(({ scheduled, enabled, ...props }, index) => scheduled
      ? new ScheduledTaskExecution(stack, `It${index}`, { task: taskIn(stack, `Task${index}`), schedule: HOURLY, enabled, ...props })
      : new TaskExecution(stack, `It${index}`, { task: taskIn(stack, `Task${index}`), ...props }));
    return warningsOf(stack).filter(warning => warning.includes('sameFilters'));
  };
  const byArn = (stack: Stack, id: string) => Task.fromTaskArn(stack, id, TASK_ARN);
  const owned = (stack: Stack) => stack.node.tryFindChild('Task') as Task ?? nfsToS3(stack, { includes: a });

  test.each<[string, Start, Start, (stack: Stack, id: string) => ITask]>([
    ['no filters', {}, {}, byArn],
    ['the same patterns in another order', { includes: a }, { includes: b }, byArn],
    ['the filter of the task and the same of its own', {}, { includes: b }, owned],
    ['one on schedule', {}, { scheduled: true }, byArn],
    ['one on schedule that comes first', { scheduled: true }, {}, byArn],
    ['only one that attaches', { ifRunning: IfRunning.ATTACH }, {}, byArn],
  ])('with the same filters are warned of: %s', (_, first, second, taskIn) => {
    expect(warned(first, second, taskIn)).toEqual([expect.stringMatching('^/Stack/It1 it starts the same task with the same filters as Stack/It0: .*cdk-datasync:sameFilters')]);
  });

  test.each<[string, Start, Start, (stack: Stack, id: string) => ITask]>([
    ['other includes', { includes: a }, {}, byArn],
    ['other excludes', { excludes: a }, { excludes: Filter.simplePattern('/z') }, byArn],
    ['both attach', { ifRunning: IfRunning.ATTACH }, { ifRunning: IfRunning.ATTACH }, byArn],
    ['both are on schedule', { scheduled: true }, { scheduled: true }, byArn],
    ['a schedule that is off', {}, { scheduled: true, enabled: false }, byArn],
    ['other tasks', {}, {}, (stack, id) => Task.fromTaskArn(stack, id, TASK_ARN.replace(/.$/, id.slice(-1)))],
  ])('are not warned of when there is a difference: %s', (_, first, second, taskIn) => {
    expect(warned(first, second, taskIn)).toEqual([]);
  });
});
