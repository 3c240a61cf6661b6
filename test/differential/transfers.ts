import fc from 'fast-check';
import { shape } from '../../emulator/model/api';
import { LocationType } from '../../src';
import { AGENT_ARN, EFS_CONFIG } from '../support/emulator';

/** The Region of every task. */
export const HOME = 'us-east-1';

/** Another Region of the same partition. */
export const OTHER_REGION = 'eu-west-1';

/** A location as both sides are to know it. */
export interface Place {
  readonly type: LocationType;
  /** As in `CreateLocation<api>`. */
  readonly api: string;
  /** The request that creates it in the emulator. */
  readonly input: object;
  readonly region: string;
  /** Of a bucket. */
  readonly storageClass?: string;
  /** What synthesis cannot know of it, since it sees a location of another app by its ARN and type only. */
  readonly hidden?: 'archive tier';
  /** Of a store of objects. */
  readonly agentless?: boolean;
}

/** A text that is short in messages, however long it is. */
export type Text = string | { readonly character: string; readonly times: number };

export function textOf(text: Text): string {
  return typeof text === 'string' ? text : text.character.repeat(text.times);
}

/** What both sides are asked to accept. Options have the API's names. */
export interface TransferCase {
  readonly source: Place;
  readonly destination: Place;
  readonly name?: string;
  readonly mode?: string;
  readonly options: Record<string, unknown>;
  readonly logGroup?: string;
  readonly includes?: Text;
  readonly excludes?: Text;
  /** What one execution does differently. */
  readonly start: { readonly options: Record<string, unknown>; readonly includes?: Text; readonly excludes?: Text };
}

const AGENTS = (region: string) => [AGENT_ARN.replace(HOME, region)];
const FILE_SYSTEM = (region: string) => `arn:aws:fsx:${region}:000000000000:file-system/fs-01234567`;
const { SubnetArn, SecurityGroupArns } = EFS_CONFIG;

type Template = Pick<Place, 'type' | 'api' | 'hidden' | 'agentless' | 'storageClass'> & { readonly input: (region: string) => object };

const bucket = (storageClass: string): Template => ({
  type: LocationType.S3,
  api: 'S3',
  storageClass,
  input: () => ({
    S3BucketArn: 'arn:aws:s3:::bucket', S3Config: { BucketAccessRoleArn: 'arn:aws:iam::000000000000:role/reader' }, S3StorageClass: storageClass,
  }),
});

const objectStorage = (input: (region: string) => object, more: Partial<Template> = {}): Template => ({
  type: LocationType.OBJECT_STORAGE, api: 'ObjectStorage', ...more, input: region => ({ ServerHostname: 'objects', BucketName: 'bucket', ...input(region) }),
});

const azure = (input: (region: string) => object, more: Partial<Template> = {}): Template => ({
  type: LocationType.AZURE_BLOB,
  api: 'AzureBlob',
  ...more,
  input: region => ({ ContainerUrl: 'https://account.blob.core.windows.net/container', AuthenticationType: 'NONE', ...input(region) }),
});

const hdfs = (hosts: readonly string[], more: object = { AuthenticationType: 'SIMPLE', SimpleUser: 'user' }): Template => ({
  type: LocationType.HDFS,
  api: 'Hdfs',
  input: region => ({ NameNodes: hosts.map(Hostname => ({ Hostname, Port: 8020 })), AgentArns: AGENTS(region), ...more }),
});
const KERBEROS = { AuthenticationType: 'KERBEROS', KerberosPrincipal: 'user@REALM', KerberosKeytab: 'a2V5dGFi', KerberosKrb5Conf: 'Y29uZg==' };
const KmsKeyProviderUri = 'kms://http@kms:9600/kms';

const ontap = (type: LocationType, Protocol: object): Template => ({
  type,
  api: 'FsxOntap',
  input: region => ({
    StorageVirtualMachineArn: `arn:aws:fsx:${region}:000000000000:storage-virtual-machine/fs-01234567/svm-0123456789abcdef0`, Protocol, SecurityGroupArns,
  }),
});

/** Every kind of location that the service has, but for S3 on Outposts, which the emulator refuses to create. */
const TEMPLATES: readonly Template[] = [
  bucket('STANDARD'),
  bucket('DEEP_ARCHIVE'),
  bucket('GLACIER'),
  {
    type: LocationType.EFS,
    api: 'Efs',
    input: region => ({
      EfsFilesystemArn: `arn:aws:elasticfilesystem:${region}:000000000000:file-system/fs-01234567`, Ec2Config: { SubnetArn, SecurityGroupArns },
    }),
  },
  {
    type: LocationType.FSX_LUSTRE,
    api: 'FsxLustre',
    input: region => ({ FsxFilesystemArn: FILE_SYSTEM(region), SecurityGroupArns }),
  },
  {
    type: LocationType.FSX_OPENZFS_NFS,
    api: 'FsxOpenZfs',
    input: region => ({ FsxFilesystemArn: FILE_SYSTEM(region), SecurityGroupArns, Protocol: { NFS: {} } }),
  },
  ontap(LocationType.FSX_ONTAP_NFS, { NFS: {} }),
  ontap(LocationType.FSX_ONTAP_SMB, { SMB: { User: 'user', Password: 'password' } }),
  {
    type: LocationType.FSX_WINDOWS,
    api: 'FsxWindows',
    input: region => ({ FsxFilesystemArn: FILE_SYSTEM(region), SecurityGroupArns, User: 'user', Password: 'password' }),
  },
  {
    type: LocationType.NFS,
    api: 'Nfs',
    input: region => ({ ServerHostname: 'server', Subdirectory: '/export', OnPremConfig: { AgentArns: AGENTS(region) } }),
  },
  {
    type: LocationType.SMB,
    api: 'Smb',
    input: region => ({ ServerHostname: 'server', Subdirectory: '/share', User: 'user', Password: 'password', AgentArns: AGENTS(region) }),
  },
  hdfs(['namenode']),
  hdfs(['one', 'other']),
  hdfs(['namenode'], KERBEROS),
  hdfs(['namenode'], { ...KERBEROS, KmsKeyProviderUri }),
  hdfs(['namenode'], { AuthenticationType: 'SIMPLE', SimpleUser: 'user', KmsKeyProviderUri }),
  objectStorage(region => ({ AgentArns: AGENTS(region) })),
  objectStorage(() => ({}), { agentless: true }),
  azure(region => ({ AgentArns: AGENTS(region) })),
  azure(region => ({ AgentArns: AGENTS(region), AccessTier: 'ARCHIVE' }), { hidden: 'archive tier' }),
  azure(() => ({}), { agentless: true }),
];

/** All locations that cases are made of. */
export const PLACES: readonly Place[] = [HOME, OTHER_REGION].flatMap(region => (
  TEMPLATES.map(template => ({ ...template, region, input: template.input(region) }))
));

const placesAt = (region: string) => PLACES.filter(place => place.region === region);

const place = fc.oneof({ withCrossShrink: true },
  { weight: 6, arbitrary: fc.constantFrom(...placesAt(HOME)) },
  { weight: 4, arbitrary: fc.constantFrom(...placesAt(HOME).filter(({ type }) => [LocationType.S3, LocationType.EFS].includes(type))) },
  { weight: 1, arbitrary: fc.constantFrom(...placesAt(OTHER_REGION)) },
);

/** Mostly nothing, so that there are cases without a fault, and cases with one only. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ withCrossShrink: true }, { weight, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** Options as the model has them, and now and then a value that it does not have. */
function options(weight: number): fc.Arbitrary<Record<string, unknown>> {
  const values = (name: string, of: string): fc.Arbitrary<unknown> => name === 'BytesPerSecond'
    ? fc.constantFrom(-1, 0, 1, 1_048_576, -2)
    : fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...shape(of).enum!) }, { weight: 1, arbitrary: fc.constant('SOMETIMES') });
  const members = Object.entries(shape('Options').members!).map(([name, of]) => [name, seldom(values(name, of), weight)] as const);
  return fc.record(Object.fromEntries(members)).map(all => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
}

const PATTERNS = [
  '/folder', '/folder/', '/reports*', '/a/b.txt', 'folder', '*', '*.tmp', '/a*b', '/**', '/50\\*', '/a\\|b', '/a\\\\*', '/a\\x', '\\', '', '/ü', '/😀', '/nul\0',
];

/** Just fits beside nothing else, or does not by one character; of characters that are two units of UTF-16 each. */
const LONG: Text[] = ['x', '😀'].flatMap(character => [102_400, 102_401, 51_200].map(times => ({ character, times })));

const filter: fc.Arbitrary<Text> = fc.oneof(
  { weight: 12, arbitrary: fc.array(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }).map(patterns => patterns.join('|')) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);

export const transferCase: fc.Arbitrary<TransferCase> = fc.record({
  source: place,
  destination: place,
  name: seldom(fc.constantFrom('Nightly copy', 'a=b@c:d', '', 'x'.repeat(256), 'x'.repeat(257), 'ü', 'a&b'), 10),
  mode: seldom(fc.constantFrom('BASIC', 'ENHANCED', 'ENHANCED', 'ENHANCED', 'FAST'), 1),
  options: options(20),
  logGroup: seldom(fc.constantFrom('/aws/datasync', '/mine'), 6),
  includes: seldom(filter, 5),
  excludes: seldom(filter, 5),
  start: fc.record({ options: options(20), includes: seldom(filter, 5), excludes: seldom(filter, 5) }),
});

