import { LocationType, Task, TaskMode } from '../../src';
import { locationOf, messageOf, newStack } from '../support/stacks';

const SELF_MANAGED = ['NFS', 'SMB', 'HDFS', 'OBJECT_STORAGE', 'AZURE_BLOB'] as const;
const AWS = ['S3', 'EFS', 'FSX_WINDOWS', 'FSX_LUSTRE', 'FSX_OPENZFS_NFS', 'FSX_ONTAP_NFS', 'FSX_ONTAP_SMB'] as const;
const BASIC_ONLY = ['FSX_WINDOWS', 'FSX_OPENZFS_NFS', 'FSX_ONTAP_NFS', 'FSX_ONTAP_SMB'] as const;

function declare(source: string | undefined, destination: string | undefined, taskMode?: TaskMode): string {
  const stack = newStack();
  return messageOf(() => new Task(stack, 'Task', {
    source: locationOf(stack, 'Source', source as LocationType | undefined),
    destination: locationOf(stack, 'Destination', destination as LocationType | undefined),
    taskMode,
  }));
}

const pairs = (left: readonly string[], right: readonly string[]) => left.flatMap(source => right.map(destination => [source, destination]));

test('every kind of location is covered', () => {
  expect([...SELF_MANAGED, ...AWS, 'OUTPOST_S3'].sort()).toEqual(Object.values(LocationType).sort());
});

test.each([...pairs(AWS, AWS), ...pairs(AWS, SELF_MANAGED), ...pairs(SELF_MANAGED, AWS), ['OUTPOST_S3', 'S3'], ['S3', 'OUTPOST_S3']])(
  'accepts %s to %s', (source, destination) => {
    expect(declare(source, destination)).toBe('no error');
  });

test.each(pairs(SELF_MANAGED, SELF_MANAGED))('refuses %s to %s', (source, destination) => {
  expect(declare(source, destination)).toBe(
    `DataSyncValidationError: [Stack/Task] source of type ${source} with destination of type ${destination}: `
    + 'one side must be an AWS storage service; transfer by way of an S3 location, with two tasks');
});

test.each([['OUTPOST_S3', 'EFS', 'source', 'destination'], ['NFS', 'OUTPOST_S3', 'destination', 'source']])(
  'refuses %s to %s', (source, destination, side, other) => {
    expect(declare(source, destination)).toBe(
      `DataSyncValidationError: [Stack/Task] ${side} of type OUTPOST_S3 with ${other} of type ${source === 'OUTPOST_S3' ? destination : source}: `
      + 'S3 on Outposts transfers from and to S3 in a Region only; use an S3 location as the other side');
  });

test.each(BASIC_ONLY)('refuses %s in Enhanced mode, on either side', type => {
  const message = (side: string) => `DataSyncValidationError: [Stack/Task] taskMode "ENHANCED" with ${side} of type ${type}: `
    + 'that type of location is not available in Enhanced mode; use TaskMode.BASIC';
  expect(declare(type, 'S3', TaskMode.ENHANCED)).toBe(message('source'));
  expect(declare('S3', type, TaskMode.ENHANCED)).toBe(message('destination'));
});

test.each([['NFS', 'S3'], ['S3', 'EFS'], ['FSX_LUSTRE', 'S3'], ['AZURE_BLOB', 'S3']])('accepts %s to %s in Enhanced mode', (source, destination) => {
  expect(declare(source, destination, TaskMode.ENHANCED)).toBe('no error');
});

test.each([...SELF_MANAGED, ...AWS])('accepts %s with a location that nothing is known of', type => {
  expect(declare(type, undefined)).toBe('no error');
  expect(declare(undefined, type)).toBe('no error');
});
