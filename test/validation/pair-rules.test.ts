import { App, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnLocationEFS, CfnLocationS3, CfnLocationSMB } from 'aws-cdk-lib/aws-datasync';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ILocation } from '../../src';
import { Location, LocationType, S3Location, Task, TaskMode } from '../../src';
import { LOCATION_ARN, locationOf, messageOf, newStack, s3Location, warningsOf } from '../support/stacks';

const SELF_MANAGED = ['NFS', 'SMB', 'HDFS', 'OBJECT_STORAGE', 'AZURE_BLOB'] as const;
const AWS = ['S3', 'EFS', 'FSX_WINDOWS', 'FSX_LUSTRE', 'FSX_OPENZFS_NFS', 'FSX_ONTAP_NFS', 'FSX_ONTAP_SMB'] as const;
const BASIC_ONLY = ['FSX_WINDOWS', 'FSX_OPENZFS_NFS', 'FSX_ONTAP_NFS', 'FSX_ONTAP_SMB'] as const;

function declare(source: string | undefined, destination: string | undefined, taskMode?: TaskMode): string {
  const stack = newStack();
  return messageOf(() => new Task(stack, 'Task', {
    source: locationOf(stack, 'Source', source === undefined ? undefined : LocationType.of(source)),
    destination: locationOf(stack, 'Destination', destination === undefined ? undefined : LocationType.of(destination)),
    taskMode,
  }));
}

const pairs = (left: readonly string[], right: readonly string[]) => left.flatMap(source => right.map(destination => [source, destination]));

test('every kind of location is covered', () => {
  expect([...SELF_MANAGED, ...AWS, 'OUTPOST_S3'].sort()).toEqual(Object.values(LocationType).map(String).sort());
});

test.each([...pairs(AWS, AWS), ...pairs(AWS, SELF_MANAGED), ...pairs(SELF_MANAGED, AWS), ['OUTPOST_S3', 'S3'], ['S3', 'OUTPOST_S3']])(
  'a task accepts %s to %s', (source, destination) => {
    expect(declare(source, destination)).toBe('no error');
  });

test.each(pairs(SELF_MANAGED, SELF_MANAGED))('a task refuses %s to %s', (source, destination) => {
  expect(declare(source, destination)).toBe(
    `DataSyncValidationError: [Stack/Task] source of type ${source} with destination of type ${destination}: `
    + 'one side must be an AWS storage service; transfer by way of an S3 location, with two tasks');
});

test.each([['OUTPOST_S3', 'EFS', 'source', 'destination'], ['NFS', 'OUTPOST_S3', 'destination', 'source']])(
  'a task refuses %s to %s', (source, destination, side, other) => {
    expect(declare(source, destination)).toBe(
      `DataSyncValidationError: [Stack/Task] ${side} of type OUTPOST_S3 with ${other} of type ${source === 'OUTPOST_S3' ? destination : source}: `
      + 'S3 on Outposts transfers from and to S3 in a Region only; use an S3 location as the other side');
  });

test.each(BASIC_ONLY)('a task refuses %s in Enhanced mode, on either side', type => {
  const message = (side: string) => `DataSyncValidationError: [Stack/Task] taskMode "ENHANCED" with ${side} of type ${type}: `
    + 'that type of location is not available in Enhanced mode; use TaskMode.BASIC';
  expect(declare(type, 'S3', TaskMode.ENHANCED)).toBe(message('source'));
  expect(declare('S3', type, TaskMode.ENHANCED)).toBe(message('destination'));
});

test.each([['NFS', 'S3'], ['S3', 'EFS'], ['FSX_LUSTRE', 'S3'], ['AZURE_BLOB', 'S3']])('a task accepts %s to %s in Enhanced mode', (source, destination) => {
  expect(declare(source, destination, TaskMode.ENHANCED)).toBe('no error');
});

test.each([...SELF_MANAGED, ...AWS])('a task accepts %s with a location that nothing is known of', type => {
  expect(declare(type, undefined)).toBe('no error');
  expect(declare(undefined, type)).toBe('no error');
});

describe('a location of another Region', () => {
  const [HERE, THERE] = ['us-east-1', 'eu-west-1'];
  const declareIn = (region: string | undefined, source: [LocationType | undefined, string], destination: [LocationType | undefined, string]) => {
    const stack = newStack(region ? { env: { account: '111122223333', region } } : undefined);
    const locate = (id: string, [locationType, where]: [LocationType | undefined, string]) => Location.fromLocationAttributes(stack, id, {
      locationArn: LOCATION_ARN.replace('us-east-1', where).replace(/0$/, id[0].toLowerCase()), locationType,
    });
    return messageOf(() => new Task(stack, 'Task', { source: locate('Source', source), destination: locate('Destination', destination) }));
  };

  test.each<[string, string | undefined, [LocationType | undefined, string], [LocationType | undefined, string]]>([
    ['as the source', HERE, [LocationType.S3, THERE], [LocationType.S3, HERE]],
    ['as the destination', HERE, [LocationType.EFS, HERE], [LocationType.FSX_LUSTRE, THERE]],
    ['of a kind that is not known', HERE, [undefined, THERE], [LocationType.S3, HERE]],
    ['with one of another cloud', HERE, [LocationType.AZURE_BLOB, HERE], [LocationType.S3, THERE]],
    ['in a stack that does not know where it is', undefined, [LocationType.NFS, THERE], [LocationType.S3, 'ap-south-1']],
  ])('is accepted %s', (_, region, source, destination) => {
    expect(declareIn(region, source, destination)).toBe('no error');
  });

  test('is refused when the other one is elsewhere as well', () => {
    const problem = (side: string, region: string) => `[Stack/Task] ${side.toLowerCase()} "Stack/${side}": is in the Region ${region}, this stack is in us-east-1, `
      + 'and one of the two must be in the Region of the task; make the task in the Region of one of them';
    expect(declareIn(HERE, [LocationType.S3, THERE], [undefined, 'ap-south-1'])).toBe(
      `DataSyncValidationError: ${problem('Source', THERE)}\n${problem('Destination', 'ap-south-1')}`);
  });

  test.each([LocationType.NFS, LocationType.SMB, LocationType.HDFS, LocationType.OBJECT_STORAGE])('is refused together with one of type %s', type => {
    const problem = (side: string) => `DataSyncValidationError: [Stack/Task] ${side.toLowerCase()} "Stack/${side}": is in the Region eu-west-1, this stack is in us-east-1, `
      + `and a transfer with a location of type ${type} cannot cross Regions; use both from the Region of the task`;
    expect(declareIn(HERE, [type, THERE], [LocationType.S3, HERE])).toBe(problem('Source'));
    expect(declareIn(HERE, [LocationType.S3, HERE], [type, THERE])).toBe(problem('Destination'));
    expect(declareIn(HERE, [type, HERE], [LocationType.S3, THERE])).toBe(problem('Destination'));
  });

  test('may be of another stack of the app', () => {
    const app = new App();
    const [here, there] = [HERE, THERE].map(region => new Stack(app, region, { env: { account: '111122223333', region }, crossRegionReferences: true }));
    new Task(here, 'Task', { source: s3Location(there, 'Source'), destination: s3Location(here, 'Destination') });
    expect(messageOf(() => Template.fromStack(here).resourceCountIs('AWS::DataSync::Task', 1))).toBe('no error');
  });
});

describe('a transfer of a place into itself', () => {
  const warnings = (locations: (stack: Stack) => [ILocation, ILocation]) => {
    const stack = newStack();
    const [source, destination] = locations(stack);
    new Task(stack, 'Task', { source, destination });
    return warningsOf(stack);
  };
  const inBucket = (stack: Stack, id: string, subdirectory?: string, bucketName = 'mine') =>
    new S3Location(stack, id, { bucket: Bucket.fromBucketName(stack, `${id}Bucket`, bucketName), subdirectory });
  const known = (stack: Stack, id: string, locationUri?: string, arn = LOCATION_ARN.replace(/0$/, id.toLowerCase())) =>
    Location.fromLocationAttributes(stack, id, { locationArn: arn, locationUri });
  const smb = (stack: Stack, id: string, serverHostname: string, subdirectory: string) =>
    Location.fromLocationArn(stack, id, new CfnLocationSMB(stack, `L1${id}`, { agentArns: [], serverHostname, subdirectory, user: 'me' }).ref);
  const same = 'source "Stack/A" and destination "Stack/B" are the same place; use places that are apart';
  const apart = 'copies may be copied again by the next execution, and with PreserveDeletedFiles.REMOVE files may be lost; use places that are apart';
  const inside = `destination "Stack/B" is inside source "Stack/A": ${apart}`;
  const around = `source "Stack/A" is inside destination "Stack/B": ${apart}`;

  test.each<[string, string, (stack: Stack) => [ILocation, ILocation]]>([
    ['one bucket', same, stack => [inBucket(stack, 'A'), inBucket(stack, 'B')]],
    ['one prefix in two spellings', same, stack => [inBucket(stack, 'A', 'in'), inBucket(stack, 'B', '/in/')]],
    ['a bucket of the stack', inside, stack => {
      const bucket = new Bucket(stack, 'Bucket');
      return [new S3Location(stack, 'A', { bucket }), new S3Location(stack, 'B', { bucket, subdirectory: 'archive/' })];
    }],
    ['a prefix below the other', inside, stack => [inBucket(stack, 'A', 'in'), inBucket(stack, 'B', 'in/archive')]],
    ['a prefix above the other', around, stack => [inBucket(stack, 'A', 'in/new'), inBucket(stack, 'B', 'in/')]],
    ['a prefix that is not known in the whole bucket', inside, stack => [inBucket(stack, 'A'), inBucket(stack, 'B', Fn.importValue('Prefix'))]],
    ['one ARN', same, stack => [known(stack, 'A', undefined, LOCATION_ARN), known(stack, 'B', undefined, LOCATION_ARN)]],
    ['one file system', inside, stack => [known(stack, 'A', 'efs://us-east-1.fs-01234567/'), known(stack, 'B', 'efs://us-east-1.fs-01234567/backup')]],
    ['one ARN, of which one has a URI as well', same, stack => [known(stack, 'A', 's3://mine/', LOCATION_ARN), known(stack, 'B', undefined, LOCATION_ARN)]],
    ['two references to one L1', same, stack => {
      const l1 = new CfnLocationEFS(stack, 'L1', { ec2Config: { subnetArn: 's', securityGroupArns: ['g'] }, efsFilesystemArn: Fn.importValue('FileSystem') });
      return [Location.fromLocationArn(stack, 'A', l1.ref), Location.fromLocationArn(stack, 'B', l1.attrLocationArn)];
    }],
    ['two L1s on one file system', inside, stack => [smb(stack, 'A', 'Files', '/a'), smb(stack, 'B', 'files', '/a/b/')]],
    ['an L1 and a location', inside, stack => {
      const l1 = new CfnLocationS3(stack, 'L1', { s3BucketArn: 'arn:aws:s3:::mine', s3Config: { bucketAccessRoleArn: 'r' }, subdirectory: '/in' });
      return [Location.fromLocationArn(stack, 'A', l1.ref), inBucket(stack, 'B', 'in/x')];
    }],
    ['an imported location and one of the stack', around, stack => [known(stack, 'A', 's3://mine/in/'), inBucket(stack, 'B')]],
  ])('causes a warning: %s', (_, warning, locations) => {
    expect(warnings(locations)).toEqual([`/Stack/Task ${warning} [ack: cdk-datasync:locationsOverlap]`]);
  });

  test('causes one when a location is on both sides', () => {
    expect(warnings(stack => {
      const location = inBucket(stack, 'A');
      return [location, location];
    })).toEqual(['/Stack/Task source "Stack/A" and destination "Stack/A" are the same place; use places that are apart [ack: cdk-datasync:locationsOverlap]']);
  });

  test.each<[string, (stack: Stack) => [ILocation, ILocation]]>([
    ['two buckets', stack => [inBucket(stack, 'A'), inBucket(stack, 'B', undefined, 'mine-too')]],
    ['two prefixes of which one begins like the other', stack => [inBucket(stack, 'A', 'in'), inBucket(stack, 'B', 'in-archive')]],
    ['two prefixes that are not known', stack => [inBucket(stack, 'A', Fn.importValue('A')), inBucket(stack, 'B', Fn.importValue('B'))]],
    ['two L1s of file systems', stack => [smb(stack, 'A', 'one', '/a'), smb(stack, 'B', 'two', '/a')]],
    ['two L1s of which nothing is known', stack => ['', '0'].map(end => Location.fromLocationArn(stack, `A${end}`, new CfnResource(stack, `L1${end}`, { type: 'AWS::DataSync::LocationS3' }).ref)) as [ILocation, ILocation]],
    ['two file systems', stack => [known(stack, 'A', 'efs://us-east-1.fs-01234567/'), known(stack, 'B', 'efs://us-east-1.fs-89abcdef/')]],
    ['a URI that is not known', stack => [known(stack, 'A', Fn.importValue('Uri')), known(stack, 'B', 's3://mine/')]],
  ])('is not what it is between %s', (_, locations) => {
    expect(warnings(locations)).toEqual([]);
  });
});
