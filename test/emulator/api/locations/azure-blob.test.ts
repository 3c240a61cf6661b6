import { tmpdir } from 'node:os';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ContainerClient } from '@azure/storage-blob';
import { callAws } from '../../../../emulator/local-services/aws-call';
import type { Azurite } from '../../../support/azurite';
import { ACCOUNT, sasToken, startAzurite } from '../../../support/azurite';
import type { TestEmulator } from '../../../support/emulator';
import { finished, startTestEmulator } from '../../../support/emulator';
import { AGENTS, CUSTOM_SECRET, KMS_KEY, LocationCalls, MANAGED_SECRET, testLocations } from '../../../support/location-table';
import type { MiniStack } from '../../../support/ministack';
import { startMiniStack } from '../../../support/ministack';

const SAS = { AuthenticationType: 'SAS', SasConfiguration: { Token: 'sp=r&sig=not-to-be-seen' } };
const PLAIN = { LocationUri: 'azure-blob://account.blob.core.windows.net/container/', AuthenticationType: 'NONE', BlobType: 'BLOCK', AccessTier: 'HOT' };
const MANAGED = { AuthenticationType: 'SAS', ManagedSecretConfig: { SecretArn: MANAGED_SECRET } };

testLocations({
  api: 'AzureBlob',
  type: 'AZURE_BLOB',
  minimum: { ContainerUrl: 'https://account.blob.core.windows.net/container', AuthenticationType: 'NONE' },
  created: [
    ['nothing else', {}, PLAIN],
    ['a path, a tier and agents', { Subdirectory: '/a/ü', AccessTier: 'COOL', ...AGENTS },
      { ...PLAIN, LocationUri: `${PLAIN.LocationUri}a/ü/`, AccessTier: 'COOL', ...AGENTS }],
    ['a token', SAS, { ...PLAIN, ...MANAGED }],
    ['a token under a key of the own', { ...SAS, CmkSecretConfig: { KmsKeyArn: KMS_KEY } },
      { ...PLAIN, AuthenticationType: 'SAS', CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } }],
    ['a secret of the own', { AuthenticationType: 'SAS', CustomSecretConfig: CUSTOM_SECRET }, { ...PLAIN, AuthenticationType: 'SAS', CustomSecretConfig: CUSTOM_SECRET }],
  ],
  updated: [
    ['path and tier', {}, { Subdirectory: 'b', AccessTier: 'ARCHIVE', BlobType: 'BLOCK' }, { LocationUri: `${PLAIN.LocationUri}b/`, AccessTier: 'ARCHIVE' }],
    ['to a token', {}, SAS, MANAGED],
    ['to no authentication', SAS, { AuthenticationType: 'NONE' }, { AuthenticationType: 'NONE', ManagedSecretConfig: undefined }],
    ['from a secret of the own to no authentication', { AuthenticationType: 'SAS', CustomSecretConfig: CUSTOM_SECRET }, { AuthenticationType: 'NONE' },
      { AuthenticationType: 'NONE', CustomSecretConfig: undefined }],
    ['to a secret of the own', SAS, { CustomSecretConfig: CUSTOM_SECRET }, { ManagedSecretConfig: undefined, CustomSecretConfig: CUSTOM_SECRET }],
    ['other agents', AGENTS, { AgentArns: [AGENTS.AgentArns[0].replace(/0$/, '7')] }, { AgentArns: [AGENTS.AgentArns[0].replace(/0$/, '7')] }],
  ],
  refused: [
    ['SAS without a token', { AuthenticationType: 'SAS' }, 'AuthenticationType SAS needs SasConfiguration or CustomSecretConfig.'],
    ['a token as it stands in an address', { ...SAS, SasConfiguration: { Token: '?sp=r' } }, "SasConfiguration.Token must not begin with '?'."],
    ['a token that is too long', { ...SAS, SasConfiguration: { Token: 'x'.repeat(256) } }, "Value *** at 'SasConfiguration.Token' failed"],
    ['a container that leads out', { ContainerUrl: 'https://../container' }, "at 'ContainerUrl' failed"],
    ['a path that leads out', { Subdirectory: 'a/../../..' }, "must not contain '..' as a folder"],
    ['a path with an empty folder', { Subdirectory: 'a//b' }, "must not contain '//'"],
    ['a path that no system call takes', { Subdirectory: 'a\0b' }, 'Subdirectory must not contain a NUL character.'],
    ['a token and a secret', { ...SAS, CustomSecretConfig: CUSTOM_SECRET }, 'SasConfiguration and CustomSecretConfig exclude each other'],
  ],
  refusedUpdates: [
    ['agents where there were none', {}, AGENTS, 'AgentArns cannot be added to a location that was created without agents'],
    ['SAS without a token', {}, { AuthenticationType: 'SAS' }, 'AuthenticationType SAS needs'],
  ],
  content: { input: { Subdirectory: '/a/b', ...AGENTS }, folder: 'azure-blob/account.blob.core.windows.net/container/a/b' },
});

describe('with a Blob endpoint', () => {
  const minimum = { ContainerUrl: `https://${ACCOUNT}.blob.core.windows.net/shelf`, AuthenticationType: 'NONE' };
  let azurite: Azurite;
  let stack: MiniStack;
  let emulator: TestEmulator;
  let calls: LocationCalls;
  let shelf: ContainerClient;
  let s3: S3Client;
  let token: object;

  beforeAll(async () => {
    [azurite, stack] = await Promise.all([startAzurite(), startMiniStack()]);
    emulator = await startTestEmulator({
      s3Endpoint: stack.url, secretsEndpoint: stack.url, azureEndpoint: azurite.url, mounts: { 'azure-blob://mounted.blob.core.windows.net/shelf': tmpdir() },
    });
    calls = new LocationCalls(emulator, 'AzureBlob');
    shelf = await azurite.makeContainer('shelf');
    await azurite.makeContainer('public', 'container');
    token = { AuthenticationType: 'SAS', SasConfiguration: { Token: sasToken('shelf') } };
    s3 = new S3Client({ endpoint: stack.url, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    await s3.send(new CreateBucketCommand({ Bucket: 'inbox' }));
  });
  afterAll(async () => {
    s3?.destroy();
    await emulator?.close();
    await azurite?.close();
    await stack?.close();
  });

  const bucketLocation = async () => (await calls.call('CreateLocationS3', {
    S3BucketArn: 'arn:aws:s3:::inbox', S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/access' },
  })).LocationArn;
  const run = async (SourceLocationArn: string, DestinationLocationArn: string, more: object) => {
    const { TaskArn } = await calls.call('CreateTask', { SourceLocationArn, DestinationLocationArn, ...more });
    const { TaskExecutionArn } = await calls.call('StartTaskExecution', { TaskArn });
    const { Status, Result, Options } = await finished(emulator.client, TaskExecutionArn);
    return { Status, Detail: Result!.ErrorDetail, Options };
  };

  test('blobs are copied to S3 and back, without an agent in Enhanced mode, with one in Basic mode', async () => {
    await shelf.getBlockBlobClient('books/one').upload('hello', 5, { metadata: { colour: 'red' }, tags: { kind: 'book' } });
    const [bucket, books] = [await bucketLocation(), await calls.create({ ...minimum, ...token, Subdirectory: 'books' })];
    expect(await run(books, bucket, { TaskMode: 'ENHANCED' })).toMatchObject({ Status: 'SUCCESS' });
    const copy = await s3.send(new GetObjectCommand({ Bucket: 'inbox', Key: 'one' }));
    expect([await copy.Body!.transformToString(), copy.Metadata, copy.TagCount]).toEqual(['hello', { colour: 'red' }, 1]);

    const archive = await calls.create({ ...minimum, ...token, Subdirectory: '/copies/', AccessTier: 'ARCHIVE', ...AGENTS });
    expect(await run(bucket, archive, {})).toMatchObject({ Status: 'SUCCESS', Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED', Uid: 'NONE' } });
    expect(await shelf.getBlobClient('copies/one').getProperties()).toMatchObject({ accessTier: 'Archive', metadata: { colour: 'red' }, tagCount: 1 });
    await expect(calls.call('CreateTask', {
      SourceLocationArn: bucket, DestinationLocationArn: archive, Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
    })).rejects.toThrow('VerifyMode, Value: POINT_IN_TIME_CONSISTENT invalid for storage class Archive. please use ONLY_FILES_TRANSFERRED or NONE.');
  });

  test('a public container needs no token', async () => {
    const ContainerUrl = minimum.ContainerUrl.replace('shelf', 'public');
    expect(await calls.describe(await calls.create({ ...minimum, ContainerUrl }))).toMatchObject({ AuthenticationType: 'NONE' });
  });

  test('a secret of the own is read and never told', async () => {
    const SecretString = sasToken('shelf', 'rl');
    const secretsManager = { service: 'secretsmanager', target: 'secretsmanager.CreateSecret' };
    const { ARN: SecretArn } = await callAws(stack.url, secretsManager, { account: '000000000000', region: 'us-east-1' }, { Name: 'sas-token', SecretString });
    const CustomSecretConfig = { ...CUSTOM_SECRET, SecretArn };
    const described = await calls.describe(await calls.create({ ...minimum, AuthenticationType: 'SAS', CustomSecretConfig }));
    expect(described).toMatchObject({ AuthenticationType: 'SAS', CustomSecretConfig });
    expect(JSON.stringify(described)).not.toContain(SecretString);
  });

  test('a mounted folder wins', async () => {
    const ContainerUrl = 'https://mounted.blob.core.windows.net/shelf';
    expect(await calls.describe(await calls.create({ ...minimum, ContainerUrl }))).toMatchObject({ AuthenticationType: 'NONE' });
  });

  test.each<[string, () => object, string]>([
    ['a token for something else', () => ({ AuthenticationType: 'SAS', SasConfiguration: { Token: sasToken('other') } }), 'cannot be used: AuthorizationFailure: '],
    ['no token', () => ({}), `azure-blob://${ACCOUNT}/shelf/ cannot be used: `],
    ['a container that is not there', () => ({ ContainerUrl: minimum.ContainerUrl.replace('shelf', 'attic'), ...token, SasConfiguration: { Token: sasToken('attic') } }),
      'cannot be used: ContainerNotFound: '],
  ])('%s is taken, as by the service, and ends the execution', async (_, input, detail) => {
    const arn = await calls.create({ ...minimum, ...input() });
    expect(await run(arn, await bucketLocation(), { TaskMode: 'ENHANCED' })).toMatchObject({ Status: 'ERROR', Detail: expect.stringContaining(detail) });
  });

  test('a secret that is not there is refused', async () => {
    const before = await calls.call('ListLocations', {});
    await expect(calls.create({ ...minimum, AuthenticationType: 'SAS', CustomSecretConfig: CUSTOM_SECRET })).rejects.toMatchObject({
      name: 'InvalidRequestException', message: expect.stringContaining('cannot be read: ResourceNotFoundException: '),
    });
    expect((await calls.call('ListLocations', {})).Locations).toEqual(before.Locations);
  });

  test('an update mends a location that leads nowhere', async () => {
    const arn = await calls.create(minimum);
    await calls.update(arn, { AuthenticationType: 'SAS', SasConfiguration: { Token: sasToken('shelf', 'rl') }, Subdirectory: 'books' });
    expect(await calls.describe(arn)).toMatchObject({ LocationUri: `azure-blob://${ACCOUNT}.blob.core.windows.net/shelf/books/` });
    expect(await run(arn, await bucketLocation(), { TaskMode: 'ENHANCED', Options: { ObjectTags: 'NONE' } })).toMatchObject({ Status: 'SUCCESS' });
  });
});
