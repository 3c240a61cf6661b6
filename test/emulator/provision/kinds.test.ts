import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Agent, ILocation, LocationSecret, S3Location, SmbAuthentication, SmbLocation, Task } from '../../../src';
import { AGENT_ARN, startTestEmulator, TestEmulator } from '../../support/emulator';

/** Locations of the library outside of AWS, whose storage is a folder. */

const SECRET = '{{resolve:secretsmanager:secret:SecretString:::}}';
const secret = LocationSecret.fromSecretValue(SecretValue.secretsManager('secret'));
const agents = (stack: Stack) => [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)];

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator({ s3Endpoint: '' }); });
afterEach(() => emulator.close());

test.each<[string, (stack: Stack) => ILocation]>([
  ['SmbLocation', stack => new SmbLocation(stack, 'Its', {
    serverHostname: 'host', subdirectory: '/share', agents: agents(stack), authentication: SmbAuthentication.ntlm({ user: 'me', password: secret }),
  })],
  ['SmbLocation with Kerberos', stack => new SmbLocation(stack, 'Its', {
    serverHostname: 'host',
    subdirectory: '/share',
    agents: agents(stack),
    authentication: SmbAuthentication.kerberos({ principal: 'cifs/me@EXAMPLE.COM', keytab: secret, krb5Conf: '[libdefaults]' }),
  })],
])('%s is provisioned, and copied from and to', async (_, locationIn) => {
  const stack = new Stack(new App(), 'Kinds');
  const it = locationIn(stack);
  const bucket = new S3Location(stack, 'Bucket', { bucket: new Bucket(stack, 'Storage') });
  const upload = new Task(stack, 'Upload', { source: it, destination: bucket });
  const download = new Task(stack, 'Download', { source: bucket, destination: it });
  const { logicalId } = it.node.defaultChild as CfnResource;
  expect(Template.fromStack(stack).toJSON().Resources[stack.resolve(logicalId)].Type).toMatch(/^AWS::DataSync::Location/);

  const local = await emulator.provision(stack, { values: { [SECRET]: 'c2VjcmV0' } });
  writeFileSync(join(local.location(it).folder, 'up.txt'), 'up');
  expect(await local.run(upload)).toMatchObject({ status: 'SUCCESS', files: ['/up.txt'] });
  writeFileSync(join(local.location(bucket).folder, 'down.txt'), 'down');
  expect(await local.run(download)).toMatchObject({ status: 'SUCCESS', files: ['/down.txt'] });
});
