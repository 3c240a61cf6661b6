import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CreateLocationS3CommandInput, UpdateLocationS3CommandInput } from '@aws-sdk/client-datasync';
import {
  CreateLocationS3Command, CreateTaskCommand, DescribeLocationS3Command, StartTaskExecutionCommand,
  UpdateLocationS3Command,
} from '@aws-sdk/client-datasync';
import { CreateBucketCommand, DeleteBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { TestEmulator } from '../../../support/emulator';
import { finished, startTestEmulator } from '../../../support/emulator';
import type { MiniStack } from '../../../support/ministack';
import { startMiniStack } from '../../../support/ministack';
import { createNfsLocation, SOURCE_FOLDER } from '../../../support/tasks';

let stack: MiniStack;
let emulator: TestEmulator;
let s3: S3Client;

beforeAll(async () => {
  stack = await startMiniStack();
  emulator = await startTestEmulator({ s3Endpoint: stack.url });
  s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  await s3.send(new CreateBucketCommand({ Bucket: 'inbox' }));
});
afterAll(async () => {
  s3?.destroy();
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

test('an endpoint that nothing listens on is refused', async () => {
  const unconnected = await startTestEmulator({ s3Endpoint: 'http://127.0.0.1:9' });
  await expect(unconnected.client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::inbox', S3Config })))
    .rejects.toThrow(/access test failed: .* on bucket inbox\..*127\.0\.0\.1:9 answered/);
  await unconnected.close();
});

test('without an endpoint and without a folder there is no S3 location', async () => {
  const without = await startTestEmulator({ s3Endpoint: '' });
  await expect(without.client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::inbox', S3Config })))
    .rejects.toThrow(`The emulator was started without an S3 endpoint: give --s3-endpoint or AWS_ENDPOINT_URL_S3, or create ${without.root}/s3/inbox, `
      + 'a folder that stands in for the bucket.');
  await without.close();
});

test('without an endpoint a folder can stand in for a bucket', async () => {
  const without = await startTestEmulator({ s3Endpoint: '' });
  for (const [bucket, file] of [['inbox', 'in/a.txt'], ['archive', 'old']]) without.write(`s3/${bucket}/${file}`, file);
  const { client } = without;
  const source = await client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::inbox', Subdirectory: 'in', S3Config }));
  const destination = await client.send(new CreateLocationS3Command({ S3BucketArn: 'arn:aws:s3:::archive', S3Config }));
  const pair = { SourceLocationArn: source.LocationArn, DestinationLocationArn: destination.LocationArn };
  const { TaskArn } = await client.send(new CreateTaskCommand(pair));
  const { TaskExecutionArn } = await client.send(new StartTaskExecutionCommand({ TaskArn }));
  expect((await finished(client, TaskExecutionArn)).Status).toBe('SUCCESS');
  expect(readdirSync(join(without.root, 's3/archive')).sort()).toEqual(['a.txt', 'old']);
  await without.close();
});

describe('an access point', () => {
  const ARN = 'arn:aws:s3:us-east-1:000000000000:accesspoint';
  const describeOne = async (input: Partial<CreateLocationS3CommandInput>) =>
    emulator.client.send(new DescribeLocationS3Command({ LocationArn: (await create(input)).LocationArn }));

  test('leads to its bucket, as the S3 endpoint knows it', async () => {
    const Body = '<CreateAccessPointRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Bucket>inbox</Bucket></CreateAccessPointRequest>';
    const made = await fetch(new URL('/v20180820/accesspoint/way-in', stack.url), {
      method: 'PUT',
      body: Body,
      headers: {
        'X-Amz-Account-Id': '000000000000',
        'Authorization': 'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
      },
    });
    expect([made.status, await made.text()]).toEqual([200, expect.stringContaining('way-in')]);
    expect(await describeOne({ S3BucketArn: `${ARN}/way-in`, Subdirectory: 'a' })).toMatchObject({ LocationUri: `s3://${ARN}/way-in/a/` });
  });

  test.each(['/', ':'])('leads to the bucket of its name otherwise, written with %s', async separator => {
    expect(await describeOne({ S3BucketArn: `${ARN}${separator}inbox` })).toMatchObject({ LocationUri: `s3://${ARN}${separator}inbox/` });
  });

  test('is refused without either', async () => {
    await expect(create({ S3BucketArn: `${ARN}/nowhere` })).rejects.toThrow(/access test failed: .* on bucket nowhere\./);
  });

  test('leads to the folder of its name without an endpoint', async () => {
    const without = await startTestEmulator({ s3Endpoint: '' });
    without.write('s3/inbox/a.txt', 'a');
    const { LocationArn } = await without.client.send(new CreateLocationS3Command({ S3BucketArn: `${ARN}/inbox`, S3Config }));
    expect((await without.client.send(new DescribeLocationS3Command({ LocationArn }))).LocationUri).toBe(`s3://${ARN}/inbox/`);
    await without.close();
  });
});

test.each<[string, Partial<CreateLocationS3CommandInput>, string]>([
  ['an access point of another partition', { S3BucketArn: 'arn:aws-cn:s3:cn-north-1:000000000000:accesspoint/ap' }, 'must be in the partition aws.'],
  ['Outposts', { S3BucketArn: 'arn:aws:s3-outposts:us-east-1:000000000000:outpost/op-1/accesspoint/ap' }, 'S3 on Outposts is not emulated yet'],
  ['the storage class of Outposts', { S3StorageClass: 'OUTPOSTS' }, 'S3 on Outposts is not emulated yet'],
  ['agents', { AgentArns: ['arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0'] }, 'AgentArns is only for S3 on Outposts'],
  ['a bucket of another partition', { S3BucketArn: 'arn:aws-cn:s3:::inbox' }, 'S3BucketArn arn:aws-cn:s3:::inbox must be in the partition aws.'],
  ['a prefix with an empty folder in it', { Subdirectory: 'a//b' }, "Subdirectory 'a//b' must not contain '//'"],
  ['a prefix that leads out', { Subdirectory: 'a/../../b' }, "must not contain '..' as a folder"],
])('%s is refused', async (_, input, message) => {
  await expect(create(input)).rejects.toThrow(message);
});

async function execute(SourceLocationArn: string, DestinationLocationArn: string) {
  const { TaskArn } = await emulator.client.send(new CreateTaskCommand({ SourceLocationArn, DestinationLocationArn }));
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn }));
  return finished(emulator.client, TaskExecutionArn);
}

test('executions write below the prefix, in the storage class of the location, and read from there', async () => {
  emulator.write(`${SOURCE_FOLDER}/a/one.txt`, 'one');
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(200_000, 'x'));
  const prefix = (await create({ Subdirectory: '/landing', S3StorageClass: 'STANDARD_IA' })).LocationArn!;
  const other = (await create({ Subdirectory: '/copy' })).LocationArn!;
  expect(await execute(await createNfsLocation(emulator.client), prefix)).toMatchObject({
    Status: 'SUCCESS', BytesWritten: 200_003, Options: { PosixPermissions: 'PRESERVE', Uid: 'INT_VALUE' },
  });
  expect(await execute(prefix, other)).toMatchObject({
    Status: 'SUCCESS', BytesWritten: 200_003, Options: { PosixPermissions: 'NONE', Uid: 'NONE', Gid: 'NONE' },
  });
  const copy = await s3.send(new GetObjectCommand({ Bucket: 'inbox', Key: 'copy/a/one.txt' }));
  expect(await copy.Body!.transformToString()).toBe('one');
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'inbox', Prefix: 'landing/' }));
  expect(Contents!.filter(({ Size }) => Size).map(({ Key, StorageClass }) => [Key, StorageClass])).toEqual([
    ['landing/a/one.txt', 'STANDARD'], // as every object below 128 KiB, whatever the class of the location
    ['landing/large', 'STANDARD_IA'],
  ]);
});

test('an instant retrieval class has the name that S3 knows', async () => {
  emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(200_000, 'x'));
  const archive = (await create({ Subdirectory: '/archive', S3StorageClass: 'GLACIER_INSTANT_RETRIEVAL' })).LocationArn!;
  expect((await execute(await createNfsLocation(emulator.client), archive)).Status).toBe('SUCCESS');
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'inbox', Prefix: 'archive/large' }));
  expect(Contents!.map(({ StorageClass }) => StorageClass)).toEqual(['GLACIER_IR']);
});

test.each<[string, Partial<UpdateLocationS3CommandInput>, object]>([
  ['nothing', {}, {}],
  ['the prefix', { Subdirectory: 'other/' }, { LocationUri: 's3://inbox/other/' }],
  ['the storage class', { S3StorageClass: 'GLACIER' }, { S3StorageClass: 'GLACIER' }],
  ['the role', { S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/new' } }, { S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/new' } }],
])('an update of %s', async (_, update, different) => {
  const { LocationArn } = await create({ Subdirectory: 'landing' });
  await emulator.client.send(new UpdateLocationS3Command({ LocationArn, ...update }));
  expect(await emulator.client.send(new DescribeLocationS3Command({ LocationArn }))).toMatchObject({
    LocationArn, LocationUri: 's3://inbox/landing/', S3StorageClass: 'STANDARD', S3Config, ...different,
  });
});

test('an update that is refused changes nothing', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'fleeting' }));
  const { LocationArn } = await create({ S3BucketArn: 'arn:aws:s3:::fleeting', Subdirectory: 'a' });
  const update = (input: Partial<UpdateLocationS3CommandInput>) => emulator.client.send(new UpdateLocationS3Command({ LocationArn, ...input }));
  await expect(update({ Subdirectory: '../b' })).rejects.toThrow("must not contain '..' as a folder");
  await expect(update({ S3StorageClass: 'OUTPOSTS' })).rejects.toThrow('S3 on Outposts is not emulated yet');
  await s3.send(new DeleteBucketCommand({ Bucket: 'fleeting' }));
  await expect(update({ Subdirectory: 'b' })).rejects.toThrow('access test failed: could not perform s3:ListObjectsV2 on bucket fleeting');
  expect((await emulator.client.send(new DescribeLocationS3Command({ LocationArn }))).LocationUri).toBe('s3://fleeting/a/');
});

test('a bucket that is gone ends the execution', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
  const { LocationArn } = await create({ S3BucketArn: 'arn:aws:s3:::short-lived' });
  await s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
  const { Status, Result } = await execute(LocationArn!, (await create({ Subdirectory: '/copy' })).LocationArn!);
  expect(Status).toBe('ERROR');
  expect(Result!.ErrorDetail).toContain(`Task failed to access location ${LocationArn!.split('/')[1]}: `);
});
