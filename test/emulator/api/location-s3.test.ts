import { CreateLocationS3Command, CreateLocationS3CommandInput, DescribeLocationS3Command } from '@aws-sdk/client-datasync';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { MiniStack, startMiniStack } from '../../../examples/local-demo/ministack';
import { startTestEmulator, TestEmulator } from '../../support/emulator';

let stack: MiniStack;
let emulator: TestEmulator;

beforeAll(async () => {
  stack = await startMiniStack();
  emulator = await startTestEmulator({ s3Endpoint: stack.url });
  const s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await s3.send(new CreateBucketCommand({ Bucket: 'inbox' }));
  s3.destroy();
}, 120_000);
afterAll(async () => {
  await emulator?.close();
  await stack?.close();
});

const S3Config = { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' };

async function create(input: Partial<CreateLocationS3CommandInput>) {
  return emulator.client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::inbox', S3Config, ...input }));
}

test.each([
  [undefined, 's3://inbox/'], ['/', 's3://inbox/'], ['landing', 's3://inbox/landing/'], ['/a/b/', 's3://inbox/a/b/'],
])('Subdirectory %s is %s', async (Subdirectory, uri) => {
  const { LocationArn } = await create({ Subdirectory });
  expect(await emulator.client.send(new DescribeLocationS3Command({ LocationArn }))).toMatchObject({
    LocationArn, LocationUri: uri, S3StorageClass: 'STANDARD', S3Config, CreationTime: expect.any(Date),
  });
});

test('the storage class comes back', async () => {
  const { LocationArn } = await create({ S3StorageClass: 'GLACIER' });
  expect((await emulator.client.send(new DescribeLocationS3Command({ LocationArn }))).S3StorageClass).toBe('GLACIER');
});

test('a bucket that cannot be listed is refused when the location is created', async () => {
  await expect(create({ S3BucketArn: 'arn:aws:s3:::no-such-bucket' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: expect.stringMatching(
      /^DataSync location access test failed: could not perform s3:ListObjectsV2 on bucket no-such-bucket\. Ensure bucket access role has s3:ListBucket permission\. \(http:.* answered NoSuchBucket/),
  });
});

test('so is an endpoint that nothing listens on', async () => {
  const lonely = await startTestEmulator({ s3Endpoint: 'http://127.0.0.1:9' });
  await expect(lonely.client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::inbox', S3Config })))
    .rejects.toThrow(/access test failed: .* on bucket inbox\..*127\.0\.0\.1:9 answered/);
  await lonely.close();
});

test('without an endpoint there are no S3 locations', async () => {
  const without = await startTestEmulator({ s3Endpoint: '' });
  await expect(without.client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::inbox', S3Config })))
    .rejects.toThrow('The emulator was started without an S3 endpoint: give --s3-endpoint or AWS_ENDPOINT_URL_S3.');
  await without.close();
});

test.each<[string, Partial<CreateLocationS3CommandInput>, string]>([
  ['an access point', { S3BucketArn: 'arn:aws:s3:us-east-1:000000000000:accesspoint/ap' }, 'An S3 access point as a location is not emulated yet'],
  ['Outposts', { S3BucketArn: 'arn:aws:s3-outposts:us-east-1:000000000000:outpost/op-1/accesspoint/ap' }, 'S3 on Outposts is not emulated yet'],
  ['the storage class of Outposts', { S3StorageClass: 'OUTPOSTS' }, 'S3 on Outposts is not emulated yet'],
  ['agents', { AgentArns: ['arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0'] }, 'AgentArns is only for S3 on Outposts'],
  ['a prefix that leads out', { Subdirectory: 'a/../../b' }, "must not contain '..' as a folder"],
])('%s is refused', async (_, input, message) => {
  await expect(create(input)).rejects.toThrow(message);
});
