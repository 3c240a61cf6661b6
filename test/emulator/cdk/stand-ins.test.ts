import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CfnResource, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { functionCode } from '../../../emulator/cdk/function-code';
import { localize } from '../../../emulator/cdk/localize';
import { hasMiniStack, REFUSED_PROPERTIES } from '../../../emulator/cdk/ministack-types';
import { STAND_INS } from '../../../emulator/cdk/stand-ins';
import { ensureVenv } from '../../../emulator/local-stack/venv';

let assembly: string;
beforeEach(() => { assembly = mkdtempSync(join(tmpdir(), 'stand-ins-')); });
afterEach(() => rmSync(assembly, { recursive: true, force: true }));

const OPTIONS = { endpoint: 'http://127.0.0.1:4580', standIns: true };

function synthesized(build: (stack: Stack) => void): void {
  const app = new App({ outdir: assembly });
  build(new Stack(app, 'Stack'));
  app.synth();
}

const resources = () => JSON.parse(readFileSync(join(assembly, 'Stack.template.json'), 'utf8')).Resources as Record<string, any>;

test('the types of MiniStack are those of the pinned package', async () => {
  const program = 'from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as types; print(*types)';
  const types = execFileSync(await ensureVenv(), ['-c', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split(' ');
  expect(types.length).toBeGreaterThan(100);
  expect(types.filter(type => !hasMiniStack(type))).toEqual([]);
  const known = readFileSync(join(__dirname, '../../../emulator/cdk/ministack-types.ts'), 'utf8').split('const TYPES')[1].split('\n};')[0].match(/'\w+'/g)!;
  expect(known).toHaveLength(types.filter(type => !type.startsWith('AWS::CloudFormation::')).length);
}, 300_000);

test('there is no stand-in for what MiniStack has, unless there are properties that it refuses', () => {
  expect(Object.keys(STAND_INS).filter(type => hasMiniStack(type))).toEqual(Object.keys(REFUSED_PROPERTIES));
});

test('what CDK does by functions that need an SDK has stand-ins, so that nothing waits for them', () => {
  synthesized(stack => {
    stack.node.setContext('@aws-cdk/aws-ec2:restrictDefaultSecurityGroup', true); // as `cdk init` sets it
    new Vpc(stack, 'Vpc', { natGateways: 0 });
    const bucket = new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
    bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(new Queue(stack, 'Queue')));
  });
  const { standIns } = localize(assembly, OPTIONS);
  expect(standIns.map(({ type }) => type).sort()).toEqual(['Custom::S3AutoDeleteObjects', 'Custom::S3BucketNotifications', 'Custom::VpcRestrictDefaultSG']);
});

test('an alarm has a stand-in if it is one of an expression', () => {
  synthesized(stack => {
    const metric = new Metric({ namespace: 'Custom', metricName: 'Failures' });
    metric.createAlarm(stack, 'OfMetric', { threshold: 1, evaluationPeriods: 1 });
    new MathExpression({ expression: 'FILL(failures, 0)', usingMetrics: { failures: metric } }).createAlarm(stack, 'OfExpression', { threshold: 1, evaluationPeriods: 1 });
  });
  const { standIns } = localize(assembly, OPTIONS);
  expect(standIns).toEqual([{ logicalId: expect.stringMatching(/^OfExpression/), type: 'AWS::CloudWatch::Alarm' }]);
  expect(Object.values(resources()).map(({ Type }) => Type)).toContain('AWS::CloudWatch::Alarm');
});

test('the function fits into a template', () => {
  expect(functionCode().length).toBeLessThanOrEqual(4096);
});

test('a network and a file system of the CDK have stand-ins for all that MiniStack lacks, and keep the rest', () => {
  synthesized(stack => {
    const vpc = new Vpc(stack, 'Vpc');
    new FileSystem(stack, 'Share', { vpc });
  });
  const before = resources();
  const { standIns } = localize(assembly, OPTIONS);
  expect([...new Set(standIns.map(({ type }) => type))].sort()).toEqual(['AWS::EC2::EIP', 'AWS::EC2::NatGateway']);
  for (const { logicalId, type } of standIns) {
    const { Ref: PhysicalId, Attributes } = STAND_INS[type];
    expect(resources()[logicalId]).toMatchObject({ Type: 'Custom::LocalStandIn', Properties: { OriginalType: type, StandIn: { PhysicalId, Attributes } } });
  }
  const replaced = new Set(standIns.map(({ logicalId }) => logicalId));
  for (const [id, resource] of Object.entries(before).filter(([each]) => !replaced.has(each) && before[each].Type !== 'AWS::Lambda::Function')) {
    expect(resources()[id]).toEqual(resource);
  }
});

test.each<[string, string, (instance: CfnResource) => void]>([
  ['an image of DataSync', 'resolve:ssm:/aws/service/datasync/ami/v3', () => undefined],
  ['an image of the user of which the library makes an agent', 'ami-0123456789abcdef0', instance => {
    new CfnResource(instance.stack, 'Agent', { type: 'Custom::DataSyncAgent', properties: { InstanceId: instance.ref } });
  }],
])('an instance of %s gives its activation key at the emulator', (_, ImageId, more) => {
  synthesized(stack => more(new CfnResource(stack, 'Machine', { type: 'AWS::EC2::Instance', properties: { ImageId } })));
  localize(assembly, OPTIONS);
  expect(resources().Machine.Properties.StandIn.Attributes.PrivateIp).toBe('127.0.0.1:4580/_emulator/machines/i-{id}');
});

test('a secret is referred to by its ARN, which Ref is not in MiniStack', () => {
  synthesized(stack => {
    const secret = new Secret(stack, 'Secret');
    const properties = { Arn: secret.secretArn, Joined: `${secret.secretArn}-??????`, Text: Fn.sub('${Secret} ${AWS::Region}'), Value: secret.secretValue.unsafeUnwrap() };
    new CfnResource(stack, 'User', { type: 'AWS::SSM::Parameter', properties });
    new CfnOutput(stack, 'Arn', { value: secret.secretArn });
  });
  const before = resources();
  localize(assembly, OPTIONS);
  const [id] = Object.keys(before).filter(each => before[each].Type === 'AWS::SecretsManager::Secret');
  const arn = { 'Fn::GetAtt': [id, 'Id'] };
  expect(before.User.Properties.Arn).toEqual({ Ref: id });
  expect(resources().User.Properties).toEqual({
    Arn: arn,
    Joined: { 'Fn::Join': ['', [arn, '-??????']] },
    Text: { 'Fn::Sub': '${Secret} ${AWS::Region}' }, // no logical id
    Value: { 'Fn::Join': ['', ['{{resolve:secretsmanager:', arn, ':SecretString:::}}']] },
  });
  expect(JSON.parse(readFileSync(join(assembly, 'Stack.template.json'), 'utf8')).Outputs.Arn.Value).toEqual(arn);
  expect(localize(assembly, OPTIONS).templates).toBe(0);
});

test('an instance of another image has an address', () => {
  synthesized(stack => { new CfnResource(stack, 'Machine', { type: 'AWS::EC2::Instance', properties: { ImageId: 'ami-0123456789abcdef0' } }); });
  localize(assembly, OPTIONS);
  expect(resources().Machine.Properties.StandIn.Attributes).toEqual(STAND_INS['AWS::EC2::Instance'].Attributes);
});

test('localizing again changes nothing', () => {
  synthesized(stack => { new CfnResource(stack, 'Address', { type: 'AWS::EC2::EIP' }); });
  localize(assembly, OPTIONS);
  expect(localize(assembly, OPTIONS)).toEqual({ resources: 0, standIns: [], templates: 0 });
});

test('without the option everything but DataSync stays as it is', () => {
  synthesized(stack => { new CfnResource(stack, 'Address', { type: 'AWS::EC2::EIP' }); });
  expect(localize(assembly, { endpoint: OPTIONS.endpoint })).toEqual({ resources: 0, standIns: [], templates: 0 });
});

test.each<[string, (stack: Stack) => void, string]>([
  ['a type that nothing can stand in for', stack => { new CfnResource(stack, 'Ring', { type: 'AWS::IVS::Channel' }); },
    'Stack.template.json: Ring has the type AWS::IVS::Channel, which MiniStack does not have and nothing here can stand in for; '
    + 'leave it out of the local deployment, for example with a context value that the app looks at'],
  ['an attribute without a value', stack => {
    const instance = new CfnResource(stack, 'Server', { type: 'AWS::EC2::Instance' });
    new CfnOutput(stack, 'State', { value: instance.getAtt('State.Name').toString() });
  }, 'Stack.template.json: something refers to the attribute State.Name of Server, a AWS::EC2::Instance, for which the stand-in has no value'],
  ['an attribute without a value in a text', stack => {
    new CfnResource(stack, 'Server', { type: 'AWS::EC2::Instance' });
    new CfnOutput(stack, 'State', { value: Fn.sub('now ${Server.State.Code}, ${Server.PrivateIp}, ${!Server.Not}') });
  }, 'Stack.template.json: something refers to the attribute State.Code of Server, a AWS::EC2::Instance, for which the stand-in has no value'],
])('%s stops before anything is written', (_, build, message) => {
  synthesized(build);
  const before = resources();
  expect(() => localize(assembly, OPTIONS)).toThrow(new Error(message));
  expect(resources()).toEqual(before);
});

test('the documentation lists the stand-ins', () => {
  const page = readFileSync(join(__dirname, '../../../docs/local-stack.md'), 'utf8');
  const [, table] = /<!-- the table that follows is emulator\/cdk\/stand-ins\.ts -->\n([^]*?)\n\n/.exec(page)!;
  const listed = table.split('\n').slice(2).flatMap(row => {
    const [, service, types] = row.split('|').map(cell => cell.trim());
    return types.split(', ').map(type => service === 'Custom' ? `Custom::${type}` : `AWS::${service}::${type}`);
  });
  expect(listed.sort()).toEqual(Object.keys(STAND_INS).sort());
});
