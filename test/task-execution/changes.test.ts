import type { CfnResource } from 'aws-cdk-lib';
import { App, Aspects, CfnCondition, CfnParameter, Fn, Lazy, Stack, Tags } from 'aws-cdk-lib';
import type { CfnLocationS3, CfnTaskProps } from 'aws-cdk-lib/aws-datasync';
import { CfnLocationFSxONTAP, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Build } from './started';
import { smb, started, task, withSource } from './started';
import type { TaskExecutionProps, TaskProps } from '../../src';
import { Filter, Location, LogLevel, RunOn, S3Location, Task, TaskMode, TaskQueueing, VerifyMode } from '../../src';
import { haveChanged, locationsChanged, valuesTag } from '../../src/task-execution/handler/compared-values';
import { locationOf, newStack, s3Location, TASK_ARN } from '../support/stacks';

const l1 = (props: Partial<CfnTaskProps>, source?: (stack: Stack) => string, attribute = false): Build => stack => {
  const resource = new CfnTask(stack, 'L1', {
    sourceLocationArn: source?.(stack) ?? s3Location(stack, 'Source').locationArn, destinationLocationArn: s3Location(stack, 'S3').locationArn, ...props,
  });
  return Task.fromTaskArn(stack, 'Task', attribute ? resource.attrTaskArn : resource.ref);
};

const escaped = (change: (task: CfnTask, stack: Stack) => void, props: Partial<TaskProps> = {}): Build => stack => {
  const owned = task(props)(stack);
  change(owned.node.defaultChild as CfnTask, stack);
  return owned;
};

const text = (stack: Stack, id: string) => new CfnParameter(stack, id, { default: 'x' }).valueAsString;
const mode = (stack: Stack) => text(stack, 'Mode') as VerifyMode;

describe('the task is started again', () => {
  test.each<[string, object, object]>([
    ['an option of the task', started(task()), started(task({ options: { verifyMode: VerifyMode.NONE } }))],
    ['a filter of the task', started(task()), started(task({ excludes: Filter.simplePattern('*.tmp') }))],
    ['the mode of the task', started(task()), started(task({ taskMode: TaskMode.ENHANCED }))],
    ['a prefix', started(task()), started(task({}, 'b/'))],
    ['an option of the task, by an escape hatch', started(task()), started(escaped(resource => resource.addPropertyOverride('Options.VerifyMode', 'NONE')))],
    ['an option of the task, deleted by an escape hatch',
      started(task({ options: { verifyMode: VerifyMode.NONE } })),
      started(escaped(resource => resource.addPropertyDeletionOverride('Options.VerifyMode'), { options: { verifyMode: VerifyMode.NONE } }))],
    ['a pattern inside a list, by an escape hatch',
      started(task({ excludes: Filter.simplePattern('*.tmp') })),
      started(escaped(resource => resource.addPropertyOverride('Excludes.0.Value', '*.bak'), { excludes: Filter.simplePattern('*.tmp') }))],
    ['an option of the task, by an Aspect', started(task()), started(escaped((_, stack) =>
      Aspects.of(stack).add({ visit: node => { if (node instanceof CfnTask) node.options = { overwriteMode: 'NEVER' }; } })))],
    ['a location, by an escape hatch', started(task()), started(escaped((_, stack) =>
      (stack.node.findChild('S3').node.defaultChild as CfnResource).addPropertyOverride('Subdirectory', 'c/')))],
    ['the location of a task, by an escape hatch', started(task()), started(escaped((resource, stack) =>
      resource.addPropertyOverride('DestinationLocationArn', s3Location(stack, 'Other', 'o/').locationArn)))],
    ['the manifest of an L1', started(l1({})), started(l1({ manifestConfig: { source: { s3: { manifestObjectPath: 'm.csv' } } } }))],
    ['the version of a manifest',
      started(l1({ manifestConfig: { source: { s3: { manifestObjectPath: 'm.csv', manifestObjectVersionId: '1' } } } })),
      started(l1({ manifestConfig: { source: { s3: { manifestObjectPath: 'm.csv', manifestObjectVersionId: '2' } } } }))],
    ['the subdirectory of an L1 location', started(withSource(smb('/a'))), started(withSource(smb('/b')))],
    ['an option of an L1 task', started(l1({})), started(l1({ options: { mtime: 'NONE' } }))],
    ['an option of an L1 task that is known by its attribute', started(l1({}, undefined, true)), started(l1({ options: { mtime: 'NONE' } }, undefined, true))],
    ['an option of an L1 task whose options are a token',
      started(l1({ options: Lazy.any({ produce: () => ({ mtime: 'NONE' }) }) })), started(l1({ options: Lazy.any({ produce: () => ({ mtime: 'PRESERVE' }) }) }))],
    ['an L1 location of an L1 task', started(l1({}, stack => smb('/a')(stack).locationArn)), started(l1({}, stack => smb('/b')(stack).locationArn))],
    ['an overridden option', started(task()), started(task(), { overrideOptions: { verifyMode: VerifyMode.NONE } })],
    ['an overridden filter', started(task()), started(task(), { includes: Filter.simplePattern('/a') })],
    ['a trigger', started(task(), { triggers: { data: ['a'] } }), started(task(), { triggers: { data: ['b'] } })],
    ['the end of a long pattern',
      started(task({ excludes: Filter.simplePattern(`/${'x'.repeat(300)}`) })), started(task({ excludes: Filter.simplePattern(`/${'x'.repeat(300)}y`) }))],
    ['the protocol of FSx for ONTAP', ...ontapWith({ nfs: { mountOptions: {} } }, { smb: { user: 'me', password: 'secret', mountOptions: {} } })],
    ['the task, known by its ARN', started(stack => Task.fromTaskArn(stack, 'Task', TASK_ARN)), started(stack => Task.fromTaskArn(stack, 'Task', TASK_ARN.replace(/0$/, '1')))],
    ['the location, known by its ARN', started(task()), started(escaped(resource => { resource.sourceLocationArn = 'arn:aws:datasync:us-east-1:111122223333:location/loc-11111111111111111'; }))],
  ])('when a deployment changes %s', (_, before, now) => {
    expect(haveChanged(now, before)).toBe(true);
    expect(haveChanged(before, now)).toBe(true);
    expect(valuesTag(now)).not.toBe(valuesTag(before));
  });

  const parameterized: Array<[string, Build, Partial<TaskExecutionProps> | undefined, string]> = [
    ['a parameter in an option of the task', stack => task({ options: { verifyMode: mode(stack) } })(stack), undefined, 'Mode'],
    ['a parameter in a filter of the task', stack => task({ excludes: Filter.simplePattern('/a', text(stack, 'Excluded')) })(stack), undefined, 'Excluded'],
    ['a parameter in the prefix of a location', stack => task({}, text(stack, 'Prefix'))(stack), undefined, 'Prefix'],
    ['an SSM parameter in a filter of the task',
      stack => task({ excludes: Filter.simplePattern(StringParameter.valueForStringParameter(stack, '/pattern')) })(stack), undefined, '/pattern'],
    ['a dynamic reference to SSM in a filter of the task', task({ excludes: Filter.simplePattern('{{resolve:ssm:/pattern}}') }), undefined, '/pattern'],
    ['a dynamic reference to SSM in a long filter of the task',
      task({ excludes: Filter.simplePattern(`/${'x'.repeat(300)}`, '{{resolve:ssm:/pattern}}') }), undefined, '/pattern'],
    ['a parameter in an overridden option', task(), { overrideOptions: { verifyMode: Fn.ref('Mode') as VerifyMode } }, 'Mode'],
    ['a parameter in a trigger', task(), { triggers: { commit: Fn.ref('Mode') } }, 'Mode'],
    ['a parameter in a location of an L1', withSource(stack => smb(text(stack, 'Folder'))(stack)), undefined, 'Folder'],
  ];
  test.each(parameterized)('when %s has another value', (_, build, props, parameter) => {
    const of = (value: string) => {
      const stack = newStack();
      if (parameter === 'Mode' && props) new CfnParameter(stack, 'Mode', { default: 'x' });
      return started(build, props, { [parameter]: value }, stack);
    };
    expect(haveChanged(of('/new'), of('/old'))).toBe(true);
    expect(haveChanged(of('/old'), of('/old'))).toBe(false);
  });

  test('when the location changes its place, which an execution in progress may have read or not', () => {
    expect(locationsChanged(started(withSource(smb('/b'))), started(withSource(smb('/a'))))).toBe(true);
    expect(locationsChanged(started(task({ options: { verifyMode: VerifyMode.NONE } })), started(task()))).toBe(false);
  });
});

function ontapWith(...protocols: CfnLocationFSxONTAP.ProtocolProperty[]): [object, object] {
  const [before, now] = protocols.map(protocol => started(withSource(stack => Location.fromLocationArn(stack, 'Volume', new CfnLocationFSxONTAP(stack, 'Ontap', {
    securityGroupArns: ['arn:aws:ec2:us-east-1:111122223333:security-group/sg-0123456789abcdef0'],
    storageVirtualMachineArn: 'arn:aws:fsx:us-east-1:111122223333:storage-virtual-machine/fs-0123456789abcdef0/svm-0123456789abcdef0',
    protocol,
  }).ref))));
  return [before, now];
}

describe('nothing is started', () => {
  const inEnvironment = (props: object, context = {}) => {
    const stack = new Stack(new App({ context }), 'Stack', props);
    return started(here => new Task(here, 'Task', {
      source: new S3Location(here, 'From', { bucket: Bucket.fromBucketName(here, 'Inbox', 'my-inbox'), subdirectory: 'landing/' }),
      destination: new S3Location(here, 'To', { bucket: new Bucket(here, 'Archive') }),
    }), {}, {}, stack);
  };
  const environment = { env: { account: '111122223333', region: 'us-east-1' } };
  const bare = started(task());

  test.each<[string, object, object]>([
    ['the app is synthesized again', bare, started(task())],
    ['the stack gets a concrete environment', inEnvironment({}), inEnvironment(environment)],
    ['the flag enablePartitionLiterals is set', inEnvironment(environment), inEnvironment(environment, { '@aws-cdk/core:enablePartitionLiterals': true })],
    ['empty options are written as undefined ones', started(task({ options: {} })), started(task({ options: { verifyMode: undefined } }))],
    ['the mode BASIC is written out', bare, started(task({ taskMode: TaskMode.BASIC }))],
    ['the default of verification is written out', bare, started(task({ options: { verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT } }))],
    ['the default of verification in Enhanced mode is written out',
      started(task({ taskMode: TaskMode.ENHANCED })),
      started(task({ taskMode: TaskMode.ENHANCED, options: { verifyMode: VerifyMode.ONLY_FILES_TRANSFERRED } }))],
    ['the name of the task changes', bare, started(task({ taskName: 'Other' }))],
    ['the log level changes', bare, started(task({ options: { logLevel: LogLevel.TRANSFER } }))],
    ['queueing and bandwidth change', bare, started(task({ options: { taskQueueing: TaskQueueing.DISABLED, bytesPerSecond: 5 } }))],
    ['the log group changes', bare, started(escaped(resource => { resource.cloudWatchLogGroupArn = 'arn:aws:logs:us-east-1:111122223333:log-group:x'; }))],
    ['a schedule of the service is set', bare, started(escaped(resource => { resource.schedule = { scheduleExpression: 'rate(1 hour)' }; }))],
    ['a report is set', started(l1({})), started(l1({ taskReportConfig: { outputType: 'STANDARD', destination: { s3: {} } } }))],
    ['the role of a location changes', bare, started(escaped((_, stack) => {
      (stack.node.findChild('S3').node.defaultChild as CfnLocationS3).s3Config = { bucketAccessRoleArn: 'arn:aws:iam::111122223333:role/other' };
    }))],
    ['tags change', bare, started(escaped((_, stack) => Tags.of(stack).add('commit', '0123456')))],
    ['the construct of a location is renamed', bare, started(stack => new Task(stack, 'Task', {
      source: Location.fromLocationArn(stack, 'Renamed', locationOf(stack, 'Source').locationArn), destination: new S3Location(stack, 'Other', { bucket: s3Bucket(stack), subdirectory: 'a/' }),
    }))],
    ['the slashes of a prefix change', started(task({}, 'a/')), started(task({}, 'a'))],
    ['patterns change their order', started(task({ excludes: Filter.simplePattern('*.a', '*.b') })), started(task({ excludes: Filter.simplePattern('*.b', '*.a') }))],
    ['an option moves from the task to the start',
      started(task({ options: { verifyMode: VerifyMode.NONE } })), started(task(), { overrideOptions: { verifyMode: VerifyMode.NONE } })],
    ['a filter of the task changes that the start replaces',
      started(task({ includes: Filter.simplePattern('/a') }), { includes: Filter.simplePattern('/z') }),
      started(task({ includes: Filter.simplePattern('/b') }), { includes: Filter.simplePattern('/z') })],
    ['runOn changes', bare, started(task(), { runOn: RunOn.CREATE })],
    ['user and password of a share change', started(withSource(smb('/a'))), started(withSource(smb('/a', { user: 'you', password: 'other' })))],
    ['a CfnTask takes the place of a Task',
      started(stack => new Task(stack, 'Task', { source: s3Location(stack, 'Source'), destination: s3Location(stack, 'S3') })),
      started(l1({}))],
    ['a lazy value takes the place of a literal', started(l1({ options: { mtime: 'NONE' } })), started(l1({ options: Lazy.any({ produce: () => ({ mtime: 'NONE' }) }) }))],
    ['a parameter with the same value takes the place of a literal',
      started(task({ options: { verifyMode: VerifyMode.NONE } })), started(stack => task({ options: { verifyMode: mode(stack) } })(stack), {}, { Mode: 'NONE' })],
    ['a parameter with the same long value takes the place of a literal',
      started(task({ excludes: Filter.simplePattern(`/${'x'.repeat(300)}`, '/a') })),
      started(stack => task({ excludes: Filter.simplePattern(text(stack, 'Long')) })(stack), {}, { Long: `/a|/${'x'.repeat(300)}` })],
    ['settings of FSx for ONTAP change', ...ontapWith({ smb: { user: 'me', password: 'one', mountOptions: {} } }, { smb: { user: 'you', password: 'two', mountOptions: {} } })],
  ])('when %s', (_, before, now) => {
    expect(haveChanged(now, before)).toBe(false);
    expect(haveChanged(before, now)).toBe(false);
    expect(valuesTag(now)).toBe(valuesTag(before));
  });

  // the logical id of the one in s3Location
  function s3Bucket(stack: Stack): Bucket {
    return new Bucket(stack, 'S3Bucket');
  }

  const consumerOf = (producer: string, context = {}) => {
    const app = new App({ context });
    const [from, to] = [new Stack(app, producer), new Stack(app, 'Consumer')];
    const bucket = new Bucket(from, 'Bucket', { bucketName: 'fixed' });
    return started(stack => new Task(stack, 'Task', { source: locationOf(stack, 'Source'), destination: new S3Location(stack, 'S3', { bucket }) }), {}, {}, to);
  };

  test('when the stack of a bucket with a fixed name is renamed', () => {
    expect(haveChanged(consumerOf('Renamed'), consumerOf('Producer'))).toBe(false);
  });

  test.each(['strong', 'weak', 'both'])('when references to other stacks become %s', strength => {
    expect(haveChanged(consumerOf('Producer', { '@aws-cdk/core:defaultCrossStackReferences': strength }), consumerOf('Producer'))).toBe(false);
  });
});

describe('a condition', () => {
  const conditional = (stack: Stack): Build => {
    new CfnCondition(stack, 'Use', { expression: Fn.conditionEquals(new CfnParameter(stack, 'Wanted', { default: 'yes' }).valueAsString, 'yes') });
    return l1({ options: Fn.conditionIf('Use', { VerifyMode: 'NONE' }, { Ref: 'AWS::NoValue' }), excludes: [{ filterType: 'SIMPLE_PATTERN', value: '/x' }] });
  };
  const of = (value: string) => {
    const stack = newStack();
    return started(conditional(stack), {}, { Wanted: value }, stack);
  };

  test('inside a value is resolved, and no value is the default', () => {
    expect(haveChanged(of('no'), of('yes'))).toBe(true);
    expect(of('no').Values.Task.Options).toBeUndefined();
    expect(haveChanged(of('no'), started(l1({ excludes: [{ filterType: 'SIMPLE_PATTERN', value: '/x' }] })))).toBe(false);
  });
});
