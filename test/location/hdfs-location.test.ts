import type { Stack } from 'aws-cdk-lib';
import { Fn, SecretValue, Size, Token } from 'aws-cdk-lib';
import { CfnLocationHDFS } from 'aws-cdk-lib/aws-datasync';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { HdfsLocationProps } from '../../src';
import { Agent, HdfsAuthentication, HdfsLocation, HdfsProtection, Location, LocationSecret, Task, TaskMode } from '../../src';
import { AGENT_ARN, messageOf, newStack, resourceOf, s3Location, snapshotOf, warningsOf } from '../support/stacks';

const SECRET = LocationSecret.fromSecretValue(SecretValue.secretsManager('keytab'));
const TICKET = { principal: 'me@EXAMPLE.COM', keytab: SECRET, krb5Conf: '[libdefaults]' };
const KMS = 'kms://http@kms.example.com:9600/kms';

const hdfs = (stack: Stack, props: Partial<HdfsLocationProps> = {}) => new HdfsLocation(stack, 'Hdfs', {
  nameNodes: [{ hostname: 'namenode' }], agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)], authentication: HdfsAuthentication.simple('hdfs'), ...props,
});

test('a minimal location is rendered', () => {
  const stack = newStack();
  hdfs(stack);
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with Kerberos, and a keytab of the app, is rendered', () => {
  const stack = newStack();
  hdfs(stack, {
    authentication: HdfsAuthentication.kerberos({ ...TICKET, keytab: LocationSecret.fromSecretsManager(new Secret(stack, 'Secret')) }),
    nameNodes: [{ hostname: 'one.example.com', port: 9000 }, { hostname: '192.0.2.7' }],
    blockSize: Size.mebibytes(64),
    replicationFactor: 2,
    kmsKeyProviderUri: KMS,
    qop: { dataTransferProtection: HdfsProtection.PRIVACY },
    subdirectory: '/user/me',
  });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

const hostname = 'must be a host name of ASCII letters, digits, hyphens and dots, or an IPv4 address (CloudFormation takes no IPv6 address); '
  + 'give the name of the server alone, without protocol, port or path';
const port = 'must be a port, a whole number from 1 to 65536; give the one that the server listens on, such as 8020';
const size = 'must be between 1 MiB and 1 GiB, and a multiple of 512 bytes; choose such as Size.mebibytes(128), or leave it out for that';
const factor = 'must be a whole number of DataNodes, between 1 and 512; choose one in that range, or leave it out for 3';
const uri = 'must have the form of kms://http@host:port/kms, with several hosts separated by ";"; '
  + 'copy hadoop.security.key.provider.path of the cluster, such as "kms://http@kms.example.com:9600/kms"';
const user = 'must consist of letters and digits of ASCII and _ . -, and must not begin with a hyphen; give the name of the user alone, such as "hdfs"';
const kerberos = (wrong: object) => ({ authentication: HdfsAuthentication.kerberos({ ...TICKET, ...wrong }) });
const nameNode = (name: string, number?: number) => ({ nameNodes: [{ hostname: 'one' }, { hostname: name, port: number }] });

test.each<[string, Partial<HdfsLocationProps>, string]>([
  ['no NameNode', { nameNodes: [] }, 'nameNodes []: must have one; give that of the cluster, such as { hostname: "namenode.example.com" }'],
  ['a host with its port', nameNode('namenode:8020'), `nameNodes[1].hostname "namenode:8020": ${hostname}`],
  ['a URI', nameNode('hdfs://namenode'), `nameNodes[1].hostname "hdfs://namenode": ${hostname}`],
  ['port 0', nameNode('namenode', 0), `nameNodes[1].port 0: ${port}`],
  ['a port that there is not', nameNode('namenode', 65537), `nameNodes[1].port 65537: ${port}`],
  ['no agents', { agents: [] }, 'agents (0 given): must have between 1 and 8 agents; add one'],
  ['small blocks', { blockSize: Size.kibibytes(512) }, `blockSize of 524288 bytes: ${size}`],
  ['large blocks', { blockSize: Size.mebibytes(1025) }, `blockSize of 1074790400 bytes: ${size}`],
  ['odd blocks', { blockSize: Size.bytes(1_048_577) }, `blockSize of 1048577 bytes: ${size}`],
  ['no copies', { replicationFactor: 0 }, `replicationFactor 0: ${factor}`],
  ['half a copy', { replicationFactor: 1.5 }, `replicationFactor 1.5: ${factor}`],
  ['a key provider of another form', { kmsKeyProviderUri: 'http://kms:9600' }, `kmsKeyProviderUri "http://kms:9600": ${uri}`],
  ['a protection that there is not', { qop: { rpcProtection: 'TLS' as HdfsProtection } },
    'qop.rpcProtection "TLS": must be one of DISABLED, AUTHENTICATION, INTEGRITY, PRIVACY; use a member of the enum'],
  ['no path', { subdirectory: '' }, 'subdirectory "": must not be empty; leave it out for the root'],
  ['a partition', { subdirectory: '/warehouse/day=1' }, 'subdirectory "/warehouse/day=1": may only contain letters and digits of ASCII, spaces and _ - + . / ( ) $; '
    + 'use subdirectory "/warehouse/", and have the task transfer what is meant with includes: Filter.simplePattern("/day=1")'],
  ['no user', { authentication: HdfsAuthentication.simple('') }, 'user "": must not be empty; give the name of the user alone, such as "hdfs"'],
  ['a user with a realm', { authentication: HdfsAuthentication.simple('me@EXAMPLE.COM') }, `user "me@EXAMPLE.COM": ${user}`],
  ['a user that is an option', { authentication: HdfsAuthentication.simple('-me') }, `user "-me": ${user}`],
  ['no principal', kerberos({ principal: '' }), 'principal "": must not be empty; give it as it stands in the keytab, such as "datasync@EXAMPLE.COM"'],
  ['no krb5.conf', kerberos({ krb5Conf: '' }), 'krb5Conf "": must not be empty; give the text of krb5.conf'],
])('a location refuses %s', (_, wrong, message) => {
  expect(messageOf(() => hdfs(newStack(), wrong))).toBe(`DataSyncValidationError: [Stack/Hdfs] ${message}`);
});

test.each<[string, Partial<HdfsLocationProps>]>([
  ['an IPv4 address', { nameNodes: [{ hostname: '192.0.2.7' }] }],
  ['a host and a port that the deployment knows', { nameNodes: [{ hostname: Fn.importValue('Host'), port: Token.asNumber(Fn.importValue('Port')) }] }],
  ['the last port that the service takes', { nameNodes: [{ hostname: 'namenode', port: 65536 }] }],
  ['the smallest blocks', { blockSize: Size.mebibytes(1) }],
  ['the largest blocks', { blockSize: Size.gibibytes(1) }],
  ['blocks that the deployment knows', { blockSize: Size.bytes(Token.asNumber(Fn.importValue('Size'))) }],
  ['512 copies', { replicationFactor: 512 }],
  ['a key provider of several hosts', { kmsKeyProviderUri: 'kms://https@kms01.example.com;kms02.example.com:9600/kms' }],
  ['a user with dots', { authentication: HdfsAuthentication.simple('_hdfs.user-1') }],
  ['a principal of a service', kerberos({ principal: 'hdfs/namenode@EXAMPLE.COM' })],
])('a location accepts %s', (_, props) => {
  const stack = newStack();
  expect(messageOf(() => hdfs(stack, props))).toBe('no error');
  expect(warningsOf(stack)).toEqual([]);
});

test('a location says only what the user says of the protection', () => {
  const stack = newStack();
  hdfs(stack, { qop: { rpcProtection: HdfsProtection.DISABLED } });
  expect(resourceOf(stack, 'AWS::DataSync::LocationHDFS').Properties.QopConfiguration).toEqual({ RpcProtection: 'DISABLED' });
});

describe('Basic mode', () => {
  const declare = (props: Partial<HdfsLocationProps>, taskMode?: TaskMode) => {
    const stack = newStack();
    return messageOf(() => new Task(stack, 'Task', { source: hdfs(stack, props), destination: s3Location(stack, 'S3'), taskMode }));
  };
  const several = { nameNodes: [{ hostname: 'one' }, { hostname: 'other' }] };
  const encrypted = { ...kerberos({}), kmsKeyProviderUri: KMS };

  test.each<[string, Partial<HdfsLocationProps>, string]>([
    ['several NameNodes', several, 'with 2 NameNodes: Basic mode takes one NameNode; use TaskMode.ENHANCED, or give one NameNode'],
    ['Kerberos and a key provider', encrypted,
      'with Kerberos and a kmsKeyProviderUri: Basic mode has no transparent data encryption with Kerberos; use TaskMode.ENHANCED, or simple authentication'],
  ])('has no %s, other than Enhanced mode', (_, props, message) => {
    expect(declare(props)).toBe(`DataSyncValidationError: [Stack/Task] taskMode "BASIC" with source of type HDFS ${message}`);
    expect(declare(props, TaskMode.ENHANCED)).toBe('no error');
  });

  test.each<[string, Partial<HdfsLocationProps>]>([['one NameNode', {}], ['Kerberos alone', kerberos({})], ['a key provider alone', { kmsKeyProviderUri: KMS }]])('has %s', (_, props) => {
    expect([declare(props), declare(props, TaskMode.ENHANCED)]).toEqual(['no error', 'no error']);
  });

  test('has no several NameNodes of an L1 either', () => {
    const stack = newStack();
    const l1 = new CfnLocationHDFS(stack, 'L1', {
      nameNodes: [{ hostname: 'one', port: 8020 }, { hostname: 'other', port: 8020 }], agentArns: [AGENT_ARN], authenticationType: 'SIMPLE', simpleUser: 'hdfs',
    });
    expect(messageOf(() => new Task(stack, 'Task', { source: Location.fromCfnLocation(l1), destination: s3Location(stack, 'S3') })))
      .toContain('source of type HDFS with 2 NameNodes');
  });
});

test('a folder is inside another one of the same cluster, and of no other', () => {
  const stack = newStack();
  const [whole, below, elsewhere] = [['name', '/'], ['name', '/user'], ['other', '/user']].map(([name, subdirectory], index) => new HdfsLocation(stack, `Hdfs${index}`, {
    nameNodes: [{ hostname: name }], subdirectory, agents: [Agent.fromAgentArn(stack, `Agent${index}`, AGENT_ARN)], authentication: HdfsAuthentication.simple('hdfs'),
  })._describe().place);
  expect([below.startsWith(whole), elsewhere.startsWith(whole)]).toEqual([true, false]);
});
