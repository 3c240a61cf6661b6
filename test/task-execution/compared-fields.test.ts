import * as l1 from 'aws-cdk-lib/aws-datasync';
import { FIELD_LISTS, TASK_TYPE } from '../../src/task-execution/compared-fields';
import { ALL_OPTIONS } from '../support/all-options';

/** What does not decide which bytes are transferred, or is secret. A property of a newer CloudFormation has to be put here or into the list. */
const NOT_COUNTED: { readonly [resourceType: string]: string[] } = {
  'AWS::DataSync::Task': [
    'sourceLocationArn', 'destinationLocationArn', // their locations count
    'name', 'tags', 'cloudWatchLogGroupArn', 'schedule', 'taskReportConfig',
  ],
  'AWS::DataSync::LocationS3': ['s3Config', 'tags'],
  'AWS::DataSync::LocationEFS': ['ec2Config', 'fileSystemAccessRoleArn', 'inTransitEncryption', 'tags'],
  'AWS::DataSync::LocationFSxLustre': ['securityGroupArns', 'tags'],
  'AWS::DataSync::LocationFSxOpenZFS': ['securityGroupArns', 'protocol', 'tags'],
  'AWS::DataSync::LocationFSxONTAP': ['securityGroupArns', 'tags'],
  'AWS::DataSync::LocationFSxWindows': ['user', 'domain', 'password', 'cmkSecretConfig', 'customSecretConfig', 'securityGroupArns', 'tags'],
  'AWS::DataSync::LocationNFS': ['onPremConfig', 'mountOptions', 'tags'],
  'AWS::DataSync::LocationSMB': [
    'agentArns', 'user', 'domain', 'password', 'authenticationType', 'kerberosPrincipal', 'kerberosKeytab', 'kerberosKrb5Conf', 'dnsIpAddresses',
    'mountOptions', 'cmkSecretConfig', 'customSecretConfig', 'tags',
  ],
  'AWS::DataSync::LocationHDFS': [
    'authenticationType', 'simpleUser', 'kerberosPrincipal', 'kerberosKeytab', 'kerberosKrb5Conf', 'kmsKeyProviderUri', 'qopConfiguration', 'agentArns',
    'blockSize', 'replicationFactor', 'cmkSecretConfig', 'customSecretConfig', 'tags',
  ],
  'AWS::DataSync::LocationObjectStorage': [
    'serverCertificate', 'accessKey', 'secretKey', 'federatedIdentity', 'agentArns', 'cmkSecretConfig', 'customSecretConfig', 'tags',
  ],
  'AWS::DataSync::LocationAzureBlob': [
    'azureBlobAuthenticationType', 'azureBlobSasConfiguration', 'federatedIdentity', 'agentArns', 'cmkSecretConfig', 'customSecretConfig', 'tags',
  ],
};

const resources = Object.entries(l1).filter(([name]) => /^Cfn(Location.*|Task)$/.test(name) && !name.endsWith('PropsMixin')).map(([, type]) => type as any)
  .filter(type => typeof type.CFN_RESOURCE_TYPE_NAME === 'string');

test('every kind of location of CloudFormation has a list, and the task', () => {
  expect(resources.map(({ CFN_RESOURCE_TYPE_NAME: type }) => type).sort()).toEqual(Object.keys(FIELD_LISTS.types).sort());
});

test.each(resources.map(resource => [resource.CFN_RESOURCE_TYPE_NAME as string, resource]))('every property of %s either counts or is known not to', (type, resource) => {
  const properties = [...Object.getOwnPropertyDescriptor(resource.prototype, 'cfnProperties')!.get!.toString().matchAll(/(\w+):this/g)].map(match => match[1]);
  const counted = FIELD_LISTS.types[type].map(({ path }) => path.split('.')[0]).map(name => name[0].toLowerCase() + name.slice(1));
  expect(properties.filter(name => !counted.includes(name) && !NOT_COUNTED[type].includes(name))).toEqual([]);
  expect(counted.filter(name => !properties.includes(name) || NOT_COUNTED[type].includes(name))).toEqual([]);
});

test('every option counts, but for those that are about how fast, when and with which log', () => {
  const counted = FIELD_LISTS.types[TASK_TYPE].flatMap(({ path }) => /^Options\.(.*)/.exec(path)?.[1] ?? []);
  const all = Object.keys(ALL_OPTIONS).map(name => name[0].toUpperCase() + name.slice(1));
  expect(all.filter(name => !counted.includes(name)).sort()).toEqual(['BytesPerSecond', 'LogLevel', 'TaskQueueing']);
  expect(counted.filter(name => !all.includes(name))).toEqual([]);
});

test('no field comes from a later version than the list', () => {
  const versions = Object.values(FIELD_LISTS.types).flat().map(({ since }) => since);
  expect(Math.max(...versions)).toBe(FIELD_LISTS.version);
  expect(Math.min(...versions)).toBe(1);
});
