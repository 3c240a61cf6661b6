import type { TaskMode } from '@aws-sdk/client-datasync';
import type { Location, LocationType } from '../../../emulator/model/location';
import { checkPair, checkRegions } from '../../../emulator/model/location-pair';
import { BASIC_ONLY, withoutAgent } from '../../../emulator/model/location-types';

type Name = LocationType['name'];

const AWS: Name[] = ['S3', 'EFS', 'FSX_LUSTRE', 'FSX_OPENZFS_NFS', 'FSX_ONTAP_NFS', 'FSX_ONTAP_SMB', 'FSX_WINDOWS'];
const SELF_MANAGED: Name[] = ['NFS', 'SMB', 'HDFS', 'OBJECT_STORAGE', 'AZURE_BLOB'];
const IN_BASIC_ONLY: Name[] = ['FSX_OPENZFS_NFS', 'FSX_ONTAP_NFS', 'FSX_ONTAP_SMB', 'FSX_WINDOWS'];

/** A location with an agent if it is none of AWS. */
function location(name: Name): Location {
  const aws = AWS.includes(name);
  return {
    arn: `arn:${name}`, agentArns: aws ? [] : ['agent'], type: { name, aws, posix: false, ...(IN_BASIC_ONLY.includes(name) && { onlyMode: BASIC_ONLY }) },
  } as unknown as Location;
}

function agentless(name: Name): Location {
  const { type, ...rest } = location(name);
  return { ...rest, type: withoutAgent(type), agentArns: [] };
}

const pairs = (one: Name[], other: Name[]) => one.flatMap(source => other.map(destination => [source, destination] as const));

test.each([...pairs(AWS, [...AWS, ...SELF_MANAGED]), ...pairs(SELF_MANAGED, AWS)])('a task from %s to %s is accepted in the modes that it has', (source, destination) => {
  expect(() => checkPair(location(source), location(destination), 'BASIC')).not.toThrow();
  const basicOnly = [source, destination].find(name => IN_BASIC_ONLY.includes(name));
  const expected = expect(() => checkPair(location(source), location(destination), 'ENHANCED'));
  if (!basicOnly) {
    expected.not.toThrow();
  } else {
    expected.toThrow(
      `Invalid parameter: TaskMode ENHANCED is not for ${basicOnly} location arn:${basicOnly}: it is available in Basic mode only. please use BASIC.`,
    );
  }
});

test.each(pairs(SELF_MANAGED, SELF_MANAGED))('a task from %s to %s is refused', (source, destination) => {
  for (const mode of ['BASIC', 'ENHANCED'] as const) {
    expect(() => checkPair(location(source), location(destination), mode)).toThrow(
      `Invalid location pair: a task from ${source} to ${destination} is not supported. One of them must be an AWS storage service.`,
    );
  }
});

test.each<[Name, Name, TaskMode, string | undefined]>([
  ['OBJECT_STORAGE', 'S3', 'ENHANCED', undefined],
  ['AZURE_BLOB', 'S3', 'ENHANCED', undefined],
  ['OBJECT_STORAGE', 'S3', 'BASIC', 'TaskMode BASIC is not for OBJECT_STORAGE location arn:OBJECT_STORAGE: it has no agent. please use ENHANCED.'],
  ['AZURE_BLOB', 'S3', 'BASIC', 'TaskMode BASIC is not for AZURE_BLOB location arn:AZURE_BLOB: it has no agent. please use ENHANCED.'],
  ['AZURE_BLOB', 'EFS', 'ENHANCED', 'AZURE_BLOB without an agent goes together with S3 only, got EFS. Create location arn:AZURE_BLOB with AgentArns.'],
  ['OBJECT_STORAGE', 'FSX_LUSTRE', 'ENHANCED', 'OBJECT_STORAGE without an agent goes together with S3 only, got FSX_LUSTRE.'],
])('%s without an agent, with %s in mode %s', (name, other, mode, message) => {
  for (const [source, destination] of [[agentless(name), location(other)], [location(other), agentless(name)]]) {
    const check = () => checkPair(source, destination, mode);
    if (message) expect(check).toThrow(message);
    else expect(check).not.toThrow();
  }
});

describe('a task between Regions', () => {
  const at = (name: Name, region: string): Location => ({ ...location(name), arn: `arn:aws:datasync:${region}:000000000000:location/${name}` });
  const check = (source: Location, destination: Location) => () => checkRegions(source, destination, 'us-east-1');

  test.each<[Name, string, Name, string]>([
    ['S3', 'us-east-1', 'S3', 'us-east-1'], ['S3', 'eu-west-1', 'S3', 'us-east-1'], ['EFS', 'us-east-1', 'FSX_LUSTRE', 'eu-west-1'],
    ['AZURE_BLOB', 'us-east-1', 'S3', 'eu-west-1'], ['NFS', 'us-east-1', 'S3', 'us-east-1'],
  ])('%s in %s to %s in %s', (source, from, destination, to) => {
    expect(check(at(source, from), at(destination, to))).not.toThrow();
  });

  test('never both elsewhere', () => {
    expect(check(at('S3', 'eu-west-1'), at('EFS', 'ap-south-1'))).toThrow(
      'Invalid location pair: not in the Region us-east-1 of the task: arn:aws:datasync:eu-west-1:000000000000:location/S3, '
      + 'arn:aws:datasync:ap-south-1:000000000000:location/EFS. One of its locations must be in us-east-1.');
  });

  test.each<Name>(['NFS', 'SMB', 'HDFS', 'OBJECT_STORAGE'])('never with %s', name => {
    const rule = `A task with a ${name} location cannot cross Regions.`;
    expect(check(at(name, 'eu-west-1'), at('S3', 'us-east-1'))).toThrow(`eu-west-1:000000000000:location/${name}. ${rule}`);
    expect(check(at('S3', 'eu-west-1'), at(name, 'us-east-1'))).toThrow(`eu-west-1:000000000000:location/S3. ${rule}`);
  });
});
