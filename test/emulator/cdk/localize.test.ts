import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App, CfnCondition, CfnOutput, CfnResource, Duration, Fn, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as datasync from 'aws-cdk-lib/aws-datasync';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { localize } from '../../../emulator/cdk/localize';
import { RESOURCE_TYPES } from '../../../emulator/cdk/resource-types';
import { Task } from '../../../src';

const ENDPOINT = 'http://127.0.0.1:4580';
const scratch = mkdtempSync(join(tmpdir(), 'localize-'));
let counter = 0;

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Synthesizes an app into a folder of its own. */
function synth(build: (app: App) => void): string {
  const outdir = join(scratch, String(counter++));
  const app = new App({ outdir });
  build(app);
  app.synth();
  return outdir;
}

function oneStack(build: (stack: Stack) => void): string {
  return synth(app => build(new Stack(app, 'Stack')));
}

function templateOf(assembly: string, file = 'Stack.template.json'): any {
  return JSON.parse(readFileSync(join(assembly, file), 'utf8'));
}

/** Every file of a folder with its text. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)).filter(path => statSync(path).isFile());
  return Object.fromEntries(files.map(path => [relative(folder, path), readFileSync(path, 'utf8')]));
}

function nfs(scope: Construct, id = 'Nfs', props: Partial<datasync.CfnLocationNFSProps> = {}): datasync.CfnLocationNFS {
  return new datasync.CfnLocationNFS(scope, id, {
    serverHostname: 'fileserver.example.com',
    subdirectory: '/export',
    onPremConfig: { agentArns: ['arn:aws:datasync:us-east-1:111122223333:agent/agent-0b0addbeef44baca3'] },
    ...props,
  });
}

function storageSystem(scope: Construct, id: string): CfnResource {
  return new CfnResource(scope, id, { type: 'AWS::DataSync::StorageSystem' });
}

function plainFunction(scope: Construct, id = 'Function', environment: lambda.CfnFunctionProps['environment'] = undefined): lambda.CfnFunction {
  return new lambda.CfnFunction(scope, id, { code: { zipFile: 'exports.handler = async () => 1' }, role: 'arn', environment });
}

describe('each type of resource', () => {
  test.each<[string, (stack: Stack) => CfnResource, object]>([
    ['LocationNFS', stack => nfs(stack, 'It', { onPremConfig: { agentArns: [Fn.ref('Agent')] } }), {
      Api: 'LocationNfs', Kind: 'Location', InPlace: ['MountOptions', 'OnPremConfig', 'Subdirectory'], Attributes: ['LocationArn', 'LocationUri'],
    }],
    ['LocationS3', stack => new datasync.CfnLocationS3(stack, 'It', { s3BucketArn: 'arn:aws:s3:::b', s3Config: { bucketAccessRoleArn: 'arn' } }), {
      Api: 'LocationS3', Kind: 'Location', InPlace: [], Attributes: ['LocationArn', 'LocationUri'],
    }],
    ['LocationEFS', stack => new datasync.CfnLocationEFS(stack, 'It', { ec2Config: { securityGroupArns: ['arn'], subnetArn: 'arn' } }), {
      Api: 'LocationEfs', Kind: 'Location', InPlace: [], Attributes: ['LocationArn', 'LocationUri'],
    }],
    ['Task', stack => new datasync.CfnTask(stack, 'It', { sourceLocationArn: 'arn', destinationLocationArn: 'arn', options: { bytesPerSecond: 1048576 } }), {
      Api: 'Task',
      Kind: 'Task',
      InPlace: ['CloudWatchLogGroupArn', 'Excludes', 'Includes', 'ManifestConfig', 'Name', 'Options', 'Schedule', 'TaskReportConfig'],
      Attributes: ['DestinationNetworkInterfaceArns', 'SourceNetworkInterfaceArns', 'Status', 'TaskArn'],
    }],
  ])('%s becomes a custom resource that keeps its properties', (name, build, call) => {
    const assembly = oneStack(stack => { build(stack); });
    const original = templateOf(assembly).Resources.It;

    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 1, standIns: [], templates: 1 });

    expect(templateOf(assembly).Resources.It).toEqual({
      ...original,
      Type: `Custom::DataSync${name}`,
      Properties: {
        ServiceToken: { 'Fn::GetAtt': ['DataSyncEmulatorFunction', 'Arn'] },
        ServiceTimeout: 120,
        ...call,
        Properties: original.Properties,
      },
    });
  });
});

test('an agent of the account that the app is made for becomes one of the same id where the stack is', () => {
  const assembly = oneStack(stack => { nfs(stack, 'It'); });
  localize(assembly, { endpoint: ENDPOINT });
  expect(templateOf(assembly).Resources.It.Properties.Properties.OnPremConfig.AgentArns).toEqual([
    { 'Fn::Sub': 'arn:${AWS::Partition}:datasync:${AWS::Region}:${AWS::AccountId}:agent/agent-0b0addbeef44baca3' },
  ]);
});

test('a property that the API has under another name, or in base64, is translated, also within intrinsics', () => {
  const assembly = oneStack(stack => {
    const blob = new datasync.CfnLocationAzureBlob(stack, 'Blob', {
      azureBlobContainerUrl: 'https://host/container', azureBlobAuthenticationType: 'SAS', azureBlobType: 'BLOCK', azureAccessTier: 'HOT', subdirectory: '/a',
    });
    blob.addPropertyOverride('AzureBlobSasConfiguration', { 'Fn::If': ['C', { AzureBlobSasToken: 'sig' }, { Ref: 'AWS::NoValue' }] });
    new datasync.CfnLocationHDFS(stack, 'Hdfs', {
      agentArns: ['arn'], authenticationType: 'KERBEROS', nameNodes: [{ hostname: 'h', port: 80 }], kerberosKeytab: 'AA==', kerberosKrb5Conf: '[libdefaults]',
    });
    new datasync.CfnLocationObjectStorage(stack, 'Store', { serverHostname: 'h', bucketName: 'shelf', serverCertificate: Fn.ref('Certificate') });
  });
  localize(assembly, { endpoint: ENDPOINT });
  const { Blob, Hdfs, Store } = templateOf(assembly).Resources;
  expect(Blob.Properties.Properties).toEqual({
    ContainerUrl: 'https://host/container',
    AuthenticationType: 'SAS',
    BlobType: 'BLOCK',
    AccessTier: 'HOT',
    Subdirectory: '/a',
    SasConfiguration: { 'Fn::If': ['C', { Token: 'sig' }, { Ref: 'AWS::NoValue' }] },
  });
  expect(Hdfs.Properties.Properties).toMatchObject({ KerberosKeytab: 'AA==', KerberosKrb5Conf: { 'Fn::Base64': '[libdefaults]' } });
  expect(Store.Properties.Properties.ServerCertificate).toEqual({ 'Fn::Base64': { Ref: 'Certificate' } });
});

test('one function with a role serves all resources of a stack, and its code fits into a template', () => {
  const assembly = oneStack(stack => { nfs(stack, 'A'); nfs(stack, 'B'); });
  localize(assembly, { endpoint: ENDPOINT });
  const { Resources } = templateOf(assembly);
  expect(Object.keys(Resources).filter(id => !['A', 'B', 'CDKMetadata'].includes(id))).toEqual(['DataSyncEmulatorRole', 'DataSyncEmulatorFunction']);
  expect(Resources.DataSyncEmulatorFunction.Properties.Code.ZipFile.length).toBeLessThanOrEqual(4096);
  expect(Resources.DataSyncEmulatorFunction.Properties.Role).toEqual({ 'Fn::GetAtt': ['DataSyncEmulatorRole', 'Arn'] });
});

test('what surrounds the properties of a resource stays', () => {
  const assembly = oneStack(stack => {
    const location = nfs(stack, 'It');
    location.cfnOptions.condition = new CfnCondition(stack, 'OnlyHere', { expression: Fn.conditionEquals('a', 'a') });
    location.applyRemovalPolicy(RemovalPolicy.RETAIN);
    location.addDependency(new s3.CfnBucket(stack, 'Bucket'));
    new CfnOutput(stack, 'Uri', { value: location.attrLocationUri });
  });
  const { Resources: { It: before, Bucket }, Outputs, Conditions } = templateOf(assembly);
  localize(assembly, { endpoint: ENDPOINT });
  const after = templateOf(assembly);
  for (const attribute of ['Condition', 'DependsOn', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata']) {
    expect(after.Resources.It[attribute]).toEqual(before[attribute]);
  }
  expect(before).toMatchObject({ Condition: 'OnlyHere', DependsOn: ['Bucket'], DeletionPolicy: 'Retain' });
  expect({ Bucket: after.Resources.Bucket, Outputs: after.Outputs, Conditions: after.Conditions }).toEqual({ Bucket, Outputs, Conditions });
});

describe('functions get the URL of the emulator', () => {
  test('next to the variables that they have, also in a stack without DataSync', () => {
    const assembly = synth(app => {
      plainFunction(new Stack(app, 'Bare'));
      plainFunction(new Stack(app, 'Own'), 'Function', { variables: { MINE: 'x' } });
    });
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 0, standIns: [], templates: 2 });
    const variables = (stack: string) => templateOf(assembly, `${stack}.template.json`).Resources.Function.Properties.Environment.Variables;
    expect(variables('Bare')).toEqual({ AWS_ENDPOINT_URL_DATASYNC: ENDPOINT });
    expect(variables('Own')).toEqual({ MINE: 'x', AWS_ENDPOINT_URL_DATASYNC: ENDPOINT });
    expect(Object.keys(templateOf(assembly, 'Bare.template.json').Resources)).not.toContain('DataSyncEmulatorFunction');
  });

  test('another endpoint replaces the one of an earlier run', () => {
    const assembly = oneStack(stack => { nfs(stack); plainFunction(stack); });
    localize(assembly, { endpoint: ENDPOINT });
    expect(localize(assembly, { endpoint: 'http://127.0.0.1:9999' })).toEqual({ resources: 0, standIns: [], templates: 1 });
    const { Function: own, DataSyncEmulatorFunction: caller } = templateOf(assembly).Resources;
    for (const each of [own, caller]) expect(each.Properties.Environment.Variables.AWS_ENDPOINT_URL_DATASYNC).toBe('http://127.0.0.1:9999');
  });
});

describe('rules for the events of DataSync get those of the emulator as well', () => {
  const TYPE = { 'detail-type': ['DataSync Task Execution State Change'] };
  test.each<[string, object | undefined, object | undefined]>([
    ['by name', { source: ['aws.datasync'], ...TYPE }, { source: ['aws.datasync', 'mine'], ...TYPE }],
    ['by name, among others', { source: ['aws.s3', 'aws.datasync'] }, { source: ['aws.s3', 'aws.datasync', 'mine'] }],
    ['in an alternative', { $or: [{ source: ['aws.datasync'] }, { source: ['aws.s3'] }] }, { $or: [{ source: ['aws.datasync', 'mine'] }, { source: ['aws.s3'] }] }],
    ['but not of another service', { source: ['aws.s3'] }, { source: ['aws.s3'] }],
    ['but not if they know them already', { source: ['mine', 'aws.datasync'] }, { source: ['mine', 'aws.datasync'] }],
    ['but not if only a deployment knows the source', { source: { 'Fn::If': ['C', ['aws.datasync'], []] } }, { source: { 'Fn::If': ['C', ['aws.datasync'], []] } }],
    ['but not without a pattern', undefined, undefined],
  ])('%s', (_, before, after) => {
    const assembly = oneStack(stack => {
      new CfnResource(stack, 'Rule', { type: 'AWS::Events::Rule', properties: { ScheduleExpression: before ? undefined : 'rate(1 hour)', EventPattern: before } });
    });
    const templates = JSON.stringify(before) === JSON.stringify(after) ? 0 : 1;
    expect(localize(assembly, { endpoint: ENDPOINT, eventsSource: 'mine' })).toEqual({ resources: 0, standIns: [], templates });
    expect(templateOf(assembly).Resources.Rule.Properties.EventPattern).toEqual(after);
    expect(localize(assembly, { endpoint: ENDPOINT, eventsSource: 'mine' })).toEqual({ resources: 0, standIns: [], templates: 0 });
  });

  test('which come from local.datasync, unless they are told to come from elsewhere', () => {
    const assembly = oneStack(stack => {
      Task.fromTaskArn(stack, 'Task', 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0').onExecutionStateChange('Ended');
    });
    localize(assembly, { endpoint: ENDPOINT });
    const [{ Properties: { EventPattern } }] = Object.values<any>(templateOf(assembly).Resources).filter(({ Type }) => Type === 'AWS::Events::Rule');
    expect(EventPattern.source).toEqual(['aws.datasync', 'local.datasync']);
  });
});

describe('schedules that call a service', () => {
  const schedule = (stack: Stack, service: string, input?: ScheduleTargetInput) => new Schedule(stack, 'Schedule', {
    schedule: ScheduleExpression.rate(Duration.minutes(1)),
    target: new Universal({ service, action: service === 'datasync' ? 'startTaskExecution' : 'sendMessage', input }),
  });
  const targetOf = (assembly: string) => {
    const [{ Properties: { Target } }] = Object.values<any>(templateOf(assembly).Resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    return Target;
  };

  test.each<[string, ScheduleTargetInput | undefined, unknown]>([
    ['a text', ScheduleTargetInput.fromText('{"TaskArn":"arn"}'), '{"TaskArn":"arn"}'],
    ['what only the deployment knows', ScheduleTargetInput.fromObject({ TaskArn: Fn.ref('Task') }), { 'Fn::Join': ['', ['{"TaskArn":"', { Ref: 'Task' }, '"}']] }],
    ['nothing', undefined, '{}'],
  ])('DataSync call the emulator by the function, with %s', (_, input, sent) => {
    const assembly = oneStack(stack => {
      new CfnResource(stack, 'Task', { type: 'AWS::SNS::Topic' }); // any that has a Ref
      schedule(stack, 'datasync', input);
    });
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 0, standIns: [], templates: 1 });
    expect(targetOf(assembly)).toMatchObject({
      Arn: { 'Fn::GetAtt': ['DataSyncEmulatorFunction', 'Arn'] },
      Input: { 'Fn::Join': ['', ['{"Operation":"StartTaskExecution","Input":', sent, '}']] },
    });
    expect(templateOf(assembly).Resources.DataSyncEmulatorFunction.Properties.Environment.Variables).toEqual({ AWS_ENDPOINT_URL_DATASYNC: ENDPOINT });
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 0, standIns: [], templates: 0 });
  });

  test('another service stay as they are', () => {
    const assembly = oneStack(stack => schedule(stack, 'sqs'));
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 0, standIns: [], templates: 0 });
  });
});

describe('hashes', () => {
  /** Two stacks, one with nested stacks two levels deep, and the stack of a stage. */
  function manyStacks(): string {
    return synth(app => {
      const parent = new Stack(app, 'Parent');
      const child = new NestedStack(parent, 'Child');
      nfs(new NestedStack(child, 'Grandchild'));
      nfs(new Stack(app, 'Sibling'));
      nfs(new Stack(new Stage(app, 'Beta'), 'Staged'));
    });
  }

  /** Asset hash to file, of all template assets of a folder. */
  function templateAssets(folder: string): Array<[hash: string, asset: any]> {
    return readdirSync(folder).filter(name => name.endsWith('.assets.json'))
      .flatMap(name => Object.entries<any>(JSON.parse(readFileSync(join(folder, name), 'utf8')).files))
      .filter(([, asset]) => asset.source.path.endsWith('.template.json'));
  }

  test('every rewritten template is stored under the hash of what it now holds', () => {
    const assembly = manyStacks();
    const stage = join(assembly, 'assembly-Beta');
    const before = [assembly, stage].flatMap(templateAssets);
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 3, standIns: [], templates: 5 });

    const after = [assembly, stage].flatMap(folder => templateAssets(folder).map(asset => [folder, ...asset] as const));
    expect(after).toHaveLength(5);
    for (const [folder, hash, asset] of after) {
      expect(hash).toBe(createHash('sha256').update(readFileSync(join(folder, asset.source.path))).digest('hex'));
      for (const destination of Object.values<any>(asset.destinations)) expect(destination.objectKey).toBe(`${hash}.json`);
    }
    const stale = Object.entries(contents(assembly)).filter(([, text]) => before.some(([hash]) => text.includes(hash)));
    expect(stale.map(([file]) => file)).toEqual(['tree.json']); // tells of the constructs, and nothing is deployed from it
  });

  test('a parent names its nested stack, and the manifest its stacks, by the new hash', () => {
    const assembly = manyStacks();
    localize(assembly, { endpoint: ENDPOINT });
    const hashOf = Object.fromEntries(templateAssets(assembly).map(([hash, asset]) => [asset.source.path.replace(/\..*|[0-9A-F]{8}\..*/g, ''), hash]));
    const files = Object.keys(contents(assembly));
    const child = files.find(name => /Child[0-9A-F]+\.nested/.test(name) && !name.includes('Grandchild'))!;
    const grandchild = files.find(name => name.includes('Grandchild'))!;
    const hash = (file: string) => templateAssets(assembly).find(([, asset]) => asset.source.path === file)![0];
    expect(readFileSync(join(assembly, 'Parent.template.json'), 'utf8')).toContain(`${hash(child)}.json`);
    expect(readFileSync(join(assembly, child), 'utf8')).toContain(`${hash(grandchild)}.json`);
    const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
    for (const stack of ['Parent', 'Sibling']) expect(artifacts[stack].properties.stackTemplateAssetObjectUrl).toContain(`/${hashOf[stack]}.json`);
  });

  test('a second run changes nothing', () => {
    const assembly = manyStacks();
    localize(assembly, { endpoint: ENDPOINT });
    const after = contents(assembly);
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 0, standIns: [], templates: 0 });
    expect(contents(assembly)).toEqual(after);
  });

  test('the same app gives the same files, wherever they are', () => {
    const assembly = manyStacks();
    const copy = join(scratch, 'copy');
    cpSync(assembly, copy, { recursive: true });
    localize(assembly, { endpoint: ENDPOINT });
    localize(copy, { endpoint: ENDPOINT });
    expect(contents(copy)).toEqual(contents(assembly));
  });

  test('an app without DataSync and without functions stays as it is', () => {
    const assembly = oneStack(stack => { new s3.CfnBucket(stack, 'Bucket'); });
    const before = contents(assembly);
    expect(localize(assembly, { endpoint: ENDPOINT })).toEqual({ resources: 0, standIns: [], templates: 0 });
    expect(contents(assembly)).toEqual(before);
  });
});

describe('what cannot be done is refused in one go, and nothing is written', () => {
  test.each<[string, (stack: Stack) => void, string[]]>([
    ['types that the emulator does not have', stack => { storageSystem(stack, 'One'); storageSystem(stack, 'Two'); nfs(stack); }, ['One', 'Two'].map(id => (
      `Stack.template.json: ${id} has the type AWS::DataSync::StorageSystem, which the emulator does not have; it has ${Object.keys(RESOURCE_TYPES).join(', ')}`
    ))],
    ['a logical id that the caller needs', stack => { nfs(stack); new s3.CfnBucket(stack, 'DataSyncEmulatorRole'); }, [
      'Stack.template.json: the logical id DataSyncEmulatorRole is needed for the function that calls the emulator, but a AWS::S3::Bucket has it; rename that',
    ]],
    ...['Environment', 'Environment.Variables'].map((path): [string, (stack: Stack) => void, string[]] => [`an intrinsic in the place of ${path}`, stack => {
      plainFunction(stack, 'Fn').addPropertyOverride(path, { 'Fn::If': ['c', {}, {}] });
    }, [
      'Stack.template.json: Fn has Fn::If for its environment, to which AWS_ENDPOINT_URL_DATASYNC cannot be added; write the variables out',
    ]]),
  ])('%s', (_, build, messages) => {
    const assembly = oneStack(build);
    const before = contents(assembly);
    expect(() => localize(assembly, { endpoint: ENDPOINT })).toThrow(new Error(messages.join('\n')));
    expect(contents(assembly)).toEqual(before);
  });

  test.each(['127.0.0.1:4580', 'ftp://127.0.0.1', ''])('endpoint %p', endpoint => {
    expect(() => localize('anywhere', { endpoint })).toThrow(`endpoint "${endpoint}" is not an http or https URL, such as http://127.0.0.1:4580`);
  });

  test('a folder that is no assembly', () => {
    expect(() => localize(scratch, { endpoint: ENDPOINT })).toThrow(`${scratch} is not a cloud assembly: it has no manifest.json`);
  });

  test('a broken template', () => {
    const assembly = oneStack(stack => { nfs(stack); });
    writeFileSync(join(assembly, 'Stack.template.json'), '{');
    expect(() => localize(assembly, { endpoint: ENDPOINT })).toThrow(/Stack\.template\.json is not JSON: /);
  });
});
