import { CreateLocationNfsCommand, DescribeLocationNfsCommand } from '@aws-sdk/client-datasync';
import { AGENT_ARN, startTestEmulator, TestEmulator } from '../../support/emulator';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());

const OnPremConfig = { AgentArns: [AGENT_ARN] };

test.each([
  ['fileserver.example.com', '/export/a', 'nfs://fileserver.example.com/export/a'],
  ['10.0.0.7', 'export//a/', 'nfs://10.0.0.7/export/a'],
  ['fileserver', '/', 'nfs://fileserver/'],
])('%s %s is %s', async (ServerHostname, Subdirectory, uri) => {
  const { LocationArn } = await emulator.client.send(new CreateLocationNfsCommand({ ServerHostname, Subdirectory, OnPremConfig }));
  expect(await emulator.client.send(new DescribeLocationNfsCommand({ LocationArn }))).toMatchObject({
    LocationArn,
    LocationUri: uri,
    OnPremConfig,
    MountOptions: { Version: 'AUTOMATIC' },
    CreationTime: expect.any(Date),
  });
});

test('the version of the protocol comes back', async () => {
  const { LocationArn } = await emulator.client.send(new CreateLocationNfsCommand({
    ServerHostname: 'fileserver', Subdirectory: '/a', OnPremConfig, MountOptions: { Version: 'NFS4_1' },
  }));
  expect((await emulator.client.send(new DescribeLocationNfsCommand({ LocationArn }))).MountOptions).toEqual({ Version: 'NFS4_1' });
});

test.each([
  ['/export/../../etc', '..'], ['..', '..'], ['/a/./b', '.'], ['/../', '..'],
])('Subdirectory %s is refused', async (Subdirectory, folder) => {
  await expect(emulator.client.send(new CreateLocationNfsCommand({ ServerHostname: 'fileserver', Subdirectory, OnPremConfig }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
    errorCode: 'InvalidParameter',
    message: `Invalid parameter: Subdirectory '${Subdirectory}' must not contain '${folder}' as a folder.`,
  });
});

test.each(['..', '.', '../x', 'a/b', 'host/..'])('ServerHostname %s is refused', async ServerHostname => {
  await expect(emulator.client.send(new CreateLocationNfsCommand({ ServerHostname, Subdirectory: '/a', OnPremConfig })))
    .rejects.toThrow("at 'ServerHostname' failed to satisfy constraint");
});

test('an agent is needed', async () => {
  await expect(emulator.client.send(new CreateLocationNfsCommand({ ServerHostname: 'h', Subdirectory: '/a', OnPremConfig: { AgentArns: [] } })))
    .rejects.toThrow("at 'OnPremConfig.AgentArns' failed to satisfy constraint: Member must have length greater than or equal to 1");
});
