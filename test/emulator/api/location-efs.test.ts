import { CreateLocationEfsCommand, CreateLocationEfsCommandInput, DescribeLocationEfsCommand } from '@aws-sdk/client-datasync';
import { EFS_CONFIG, startTestEmulator, TestEmulator } from '../../support/emulator';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());

const BASE = { EfsFilesystemArn: 'arn:aws:elasticfilesystem:eu-west-1:000000000000:file-system/fs-0123456789abcdef0', Ec2Config: EFS_CONFIG };
const ACCESS = {
  AccessPointArn: 'arn:aws:elasticfilesystem:eu-west-1:000000000000:access-point/fsap-0123456789abcdef0',
  FileSystemAccessRoleArn: 'arn:aws:iam::000000000000:role/efs',
};

async function describeNew(input: Partial<CreateLocationEfsCommandInput>) {
  const { LocationArn } = await emulator.client.send(new CreateLocationEfsCommand({ ...BASE, ...input }));
  return emulator.client.send(new DescribeLocationEfsCommand({ LocationArn }));
}

test('defaults', async () => {
  const described = await describeNew({});
  expect(described).toMatchObject({
    LocationUri: 'efs://eu-west-1.fs-0123456789abcdef0/', Ec2Config: EFS_CONFIG, InTransitEncryption: 'NONE', CreationTime: expect.any(Date),
  });
  expect(described.AccessPointArn).toBeUndefined();
});

test('everything given comes back', async () => {
  expect(await describeNew({ Subdirectory: '/a/b', InTransitEncryption: 'TLS1_2', ...ACCESS })).toMatchObject({
    LocationUri: 'efs://eu-west-1.fs-0123456789abcdef0/a/b', InTransitEncryption: 'TLS1_2', ...ACCESS,
  });
});

test.each(['AccessPointArn', 'FileSystemAccessRoleArn'] as const)('%s needs encryption in transit', async member => {
  await expect(describeNew({ [member]: ACCESS[member] })).rejects.toThrow(`Invalid parameter: ${member} needs InTransitEncryption TLS1_2, got NONE.`);
});

test('a path out of the file system is refused', async () => {
  await expect(describeNew({ Subdirectory: '/a/../../fs-1' })).rejects.toThrow("must not contain '..' as a folder");
});
