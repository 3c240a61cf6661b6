import { App, CfnParameter, CfnResource, Fn, Lazy, SecretValue, Stack } from 'aws-cdk-lib';
import { CfnLocationFSxONTAP, CfnLocationHDFS, CfnLocationObjectStorage } from 'aws-cdk-lib/aws-datasync';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { smb, started, task, withSource } from './started';
import type { ILocation, TaskExecutionProps } from '../../src';
import { Filter, Location, OverwriteMode, S3Location, Task, TaskExecution, VerifyMode } from '../../src';
import { haveChanged, valuesTag } from '../../src/task-execution/handler/compared-values';
import { deployedStart, templatesOf } from '../support/deployed';
import { locationOf, messageOf, newStack, s3Location, TASK_ARN } from '../support/stacks';

describe('carries', () => {
  test('the listed fields of a task, and of its locations, and nothing else', () => {
    const stack = newStack();
    const { Values } = started(withSource(smb('/a/')), { overrideOptions: { verifyMode: VerifyMode.NONE } }, {}, stack);
    expect(Values).toEqual({
      Version: '1',
      Task: { Type: 'AWS::DataSync::Task' },
      Source: { Type: 'AWS::DataSync::LocationSMB', Arn: expect.stringContaining('Smb'), ServerHostname: 'files.example.com', Subdirectory: '/a/' },
      Destination: { Type: 'AWS::DataSync::LocationS3', Arn: expect.stringContaining('S3'), S3BucketArn: expect.stringContaining('S3Bucket') },
    });
  });

  test('no more references than it needs: a role that a location has does not become a condition of the start', () => {
    const stack = newStack();
    const role = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('datasync.amazonaws.com') });
    started(here => new Task(here, 'Task', { source: locationOf(here, 'Source'), destination: new S3Location(here, 'S3', { bucket: new Bucket(here, 'Bucket'), role }) }), {}, {}, stack);
    const start = Object.values<any>(templatesOf(stack).Stack.Resources).find(({ Type }) => Type === 'Custom::DataSyncTaskExecution');
    expect(JSON.stringify(start)).not.toContain('Given');
  });

  test.each<[string, (stack: Stack, secret: string) => ILocation]>([
    ['SMB', (stack, secret) => smb('/a', { password: secret, domain: secret })(stack)],
    ['object storage', (stack, secret) => Location.fromLocationArn(stack, 'Store', new CfnLocationObjectStorage(stack, 'Objects', {
      bucketName: 'b', serverHostname: 'h', accessKey: secret, secretKey: secret,
    }).ref)],
    ['FSx for ONTAP, by a token', (stack, secret) => Location.fromLocationArn(stack, 'Volume', new CfnLocationFSxONTAP(stack, 'Ontap', {
      securityGroupArns: [], storageVirtualMachineArn: 'arn', protocol: Lazy.any({ produce: () => ({ smb: { user: 'me', password: secret, mountOptions: {} } }) }),
    }).ref)],
    ['FSx for ONTAP, by an escape hatch', (stack, secret) => {
      const resource = new CfnLocationFSxONTAP(stack, 'Ontap', { securityGroupArns: [], storageVirtualMachineArn: 'arn', protocol: {} });
      resource.addPropertyOverride('Protocol.SMB.Password', secret);
      return Location.fromLocationArn(stack, 'Volume', resource.ref);
    }],
  ])('no secret of %s', (_, location) => {
    const stack = newStack();
    started(withSource(here => location(here, new CfnParameter(here, 'Secret', { noEcho: true }).valueAsString)), {}, {}, stack);
    const { Properties } = Object.values<any>(templatesOf(stack).Stack.Resources).find(({ Type }) => Type === 'Custom::DataSyncTaskExecution');
    expect(Properties.Values.Source.Type).toMatch(/^AWS::DataSync::Location/);
    expect(JSON.stringify(Properties)).not.toContain('Secret');
  });

  test('no reference to a secret: such a field is not known, and the ARN of the location counts instead', () => {
    const { Values } = started(withSource(smb('/a', { serverHostname: SecretValue.secretsManager('host').unsafeUnwrap() })));
    expect(Values.Source).toEqual({ Type: 'AWS::DataSync::LocationSMB', Arn: expect.any(String), Subdirectory: '/a', Unknown: ['ServerHostname'] });
  });

  test('nothing of the task that the start has a value of its own for, and all else', () => {
    const own = { includes: Filter.simplePattern('/a'), excludes: Filter.simplePattern('/b'), options: { verifyMode: VerifyMode.NONE, overwriteMode: OverwriteMode.NEVER } };
    const carried = (props: Partial<TaskExecutionProps>) => {
      const { Type: _, ...values } = started(task(own), props).Values.Task;
      return values;
    };
    const filter = (Value: string) => [{ FilterType: 'SIMPLE_PATTERN', Value }];
    const all = { Includes: filter('/a'), Excludes: filter('/b'), Options: { VerifyMode: 'NONE', OverwriteMode: 'NEVER' } };
    expect(carried({})).toEqual(all);
    expect(carried({ includes: Filter.simplePattern('/c') })).toEqual({ Excludes: all.Excludes, Options: all.Options });
    expect(carried({ excludes: Filter.simplePattern('/c') })).toEqual({ Includes: all.Includes, Options: all.Options });
    expect(carried({ overrideOptions: { verifyMode: VerifyMode.ONLY_FILES_TRANSFERRED } })).toEqual({ ...all, Options: { OverwriteMode: 'NEVER' } });
  });

  test('what a value of the start may turn out not to replace, as only the deployment knows it', () => {
    const own = { includes: Filter.simplePattern('/a'), excludes: Filter.simplePattern('/b'), options: { verifyMode: VerifyMode.NONE } };
    const stack = newStack();
    for (const id of ['One', 'Two', 'Mode']) new CfnParameter(stack, id);
    const { Values } = started(task(own), {
      includes: Filter.simplePattern(Fn.ref('One')), excludes: Filter.simplePattern(Fn.ref('Two')), overrideOptions: { verifyMode: Fn.ref('Mode') as VerifyMode },
    }, { One: '/c', Two: '/d', Mode: 'ONLY_FILES_TRANSFERRED' }, stack);
    expect(Values.Task).toMatchObject({ Includes: expect.anything(), Excludes: expect.anything(), Options: { VerifyMode: 'NONE' } });
  });

  test('long literals as their hash', () => {
    const { Values } = started(task({ excludes: Filter.simplePattern(`/${'x'.repeat(300)}`) }));
    expect(Values.Task.Excludes).toEqual([{ FilterType: 'SIMPLE_PATTERN', Value: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
  });

  test('name nodes and numbers of any L1', () => {
    const { Values } = started(withSource(stack => Location.fromLocationArn(stack, 'Cluster', new CfnLocationHDFS(stack, 'Hdfs', {
      agentArns: [], authenticationType: 'SIMPLE', simpleUser: 'me', nameNodes: [{ hostname: 'n', port: 8020 }],
    }).attrLocationArn)));
    expect(Values.Source).toEqual({ Type: 'AWS::DataSync::LocationHDFS', Arn: expect.any(String), NameNodes: [{ Hostname: 'n', Port: '8020' }] });
  });

  test('an untyped resource like a typed one', () => {
    const { Values } = started(withSource(stack => Location.fromLocationArn(stack, 'Share', new CfnResource(stack, 'Raw', {
      type: 'AWS::DataSync::LocationNFS', properties: { ServerHostname: 'h', Subdirectory: '/x', OnPremConfig: { AgentArns: [] } },
    }).ref)));
    expect(Values.Source).toEqual({ Type: 'AWS::DataSync::LocationNFS', Arn: expect.any(String), ServerHostname: 'h', Subdirectory: '/x' });
  });
});

describe('a location or task of another stack of the app', () => {
  const producerAndConsumer = (withStart: 'there' | 'here' | undefined, context = {}) => {
    const app = new App({ context });
    const [one, two] = ['One', 'Two'].map(id => new Stack(app, id));
    const folder = new CfnParameter(one, 'Folder', { default: '/f' }).valueAsString;
    const owned = new Task(one, 'Task', {
      source: smb(folder)(one),
      destination: s3Location(one, 'S3', 'a/'),
      options: { verifyMode: VerifyMode.NONE },
      excludes: Filter.simplePattern('/a', folder),
    });
    const taskHere = new Task(two, 'Here', { source: smb(folder)(new Stack(one, 'Other')), destination: s3Location(two, 'S3') });
    new Bucket(two, 'Unused', { bucketName: Fn.join('-', [Fn.select(1, Fn.split('/', owned.taskArn)), 'x']) }); // a reference that is needed anyway
    if (withStart) new TaskExecution(two, 'Seed', { task: withStart === 'there' ? owned : taskHere });
    return two;
  };

  test.each([{}, { '@aws-cdk/core:defaultCrossStackReferences': 'strong' }, { '@aws-cdk/core:defaultCrossStackReferences': 'weak' }, { '@aws-cdk/core:defaultCrossStackReferences': 'both' }])(
    'nothing is exported for the values: %j', context => {
      const outputs = (withStart?: 'there' | 'here') => Object.values(templatesOf(producerAndConsumer(withStart, context))).map(template => template.Outputs);
      expect(outputs('there')).toEqual(outputs());
      expect(outputs('here')).toEqual(outputs());
    });

  test('neither stack refers to more of the other than without a start', () => {
    const imports = (withStart?: 'there' | 'here') => new Set(JSON.stringify(templatesOf(producerAndConsumer(withStart))).match(/"Fn::ImportValue":"[^"]+"/g));
    expect(imports('there')).toEqual(imports());
    expect(imports('here')).toEqual(imports());
    expect(imports().size).toBeGreaterThan(0);
  });

  test('it carries literals, and names what it does not know', () => {
    const { Values } = deployedStart(producerAndConsumer('there'));
    expect(Values).toEqual({
      Version: '1',
      Task: { Type: 'AWS::DataSync::Task', Options: { VerifyMode: 'NONE' }, Unknown: ['Excludes'] },
      Source: { Type: 'AWS::DataSync::LocationSMB', ServerHostname: 'files.example.com', Unknown: ['Subdirectory'] },
      Destination: { Type: 'AWS::DataSync::LocationS3', Subdirectory: 'a/', Unknown: ['S3BucketArn'] },
    });
  });

  test('of a task here with a location there, it also carries the ARN', () => {
    const { Values } = deployedStart(producerAndConsumer('here'));
    expect(Values.Source).toEqual({ Type: 'AWS::DataSync::LocationSMB', Arn: expect.stringContaining('Smb'), ServerHostname: 'files.example.com', Unknown: ['Subdirectory'] });
    expect(Values.Destination.Unknown).toBeUndefined();
  });

  test('a literal that changes counts, another construct id does not', () => {
    const of = (verifyMode: VerifyMode, id = 'Task') => {
      const app = new App();
      const [one, two] = ['One', 'Two'].map(name => new Stack(app, name));
      const bucket = Bucket.fromBucketName(one, 'Bucket', 'fixed');
      const owned = new Task(one, id, {
        source: new S3Location(one, `${id}From`, { bucket, subdirectory: 'a' }), destination: new S3Location(one, `${id}To`, { bucket, subdirectory: 'b' }), options: { verifyMode },
      });
      new TaskExecution(two, 'Seed', { task: owned });
      return deployedStart(two);
    };
    expect(haveChanged(of(VerifyMode.NONE), of(VerifyMode.ONLY_FILES_TRANSFERRED))).toBe(true);
    expect(haveChanged(of(VerifyMode.NONE, 'Renamed'), of(VerifyMode.NONE))).toBe(false);
    expect(valuesTag(of(VerifyMode.NONE, 'Renamed'))).toBe(valuesTag(of(VerifyMode.NONE)));
  });
});

test.each<[string, Partial<TaskExecutionProps>, string]>([
  ['an option', { overrideOptions: { verifyMode: SecretValue.secretsManager('mode').unsafeUnwrap() as VerifyMode } }, 'overrideOptions.verifyMode'],
  ['a filter', { includes: Filter.simplePattern('/{{resolve:ssm-secure:/folder:1}}') }, 'includes'],
  ['a filter, by a token', { excludes: Filter.simplePattern(SecretValue.secretsManager('folder').unsafeUnwrap()) }, 'excludes'],
  ['a trigger', { triggers: { a: [{ b: SecretValue.ssmSecure('/x').unsafeUnwrap() }] } }, 'triggers["a"]'],
  ['a tag', { tags: { a: SecretValue.secretsManager('x').unsafeUnwrap() } }, 'tags["a"]'],
])('a reference to a secret in %s is refused', (_, props, property) => {
  const stack = newStack();
  new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), ...props });
  expect(messageOf(() => templatesOf(stack))).toContain(`[Stack/Seed] ${property} (a reference to a secret): must not be a reference to Secrets Manager or to a SecureString`);
});
