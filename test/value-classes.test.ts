import { Fn } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AgentStatus, LocationType, NfsVersion, S3Location, S3StorageClass, SmbVersion, Task, TaskExecutionStatus, TaskMode, TaskStatus } from '../src';
import { locationOf, messageOf, newStack, resourceOf } from './support/stacks';

test.each<[string, object]>([
  ['AgentStatus', AgentStatus], ['LocationType', LocationType], ['NfsVersion', NfsVersion], ['S3StorageClass', S3StorageClass], ['SmbVersion', SmbVersion],
  ['TaskExecutionStatus', TaskExecutionStatus], ['TaskStatus', TaskStatus],
])('members of %s have their names as values', (_, type) => {
  const members = Object.entries(type) as Array<[string, { readonly value: string }]>;
  expect(members.length).toBeGreaterThan(1);
  expect(members.map(([, { value }]) => value)).toEqual(members.map(([name]) => name));
  expect(members.map(([, member]) => `${member}`)).toEqual(members.map(([name]) => name));
});

test('values that are newer than the library are taken', () => {
  const stack = newStack();
  new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), storageClass: S3StorageClass.of('GLACIER_NEXT') });
  expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.S3StorageClass).toBe('GLACIER_NEXT');
});

test('values that only the deployment knows are taken', () => {
  const stack = newStack();
  new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), storageClass: S3StorageClass.of(Fn.importValue('Class')) });
  expect(resourceOf(stack, 'AWS::DataSync::LocationS3').Properties.S3StorageClass).toEqual({ 'Fn::ImportValue': 'Class' });
});

test.each([['made by of()', LocationType.of('FSX_WINDOWS')], ['of another copy of the library', { value: 'FSX_WINDOWS' } as LocationType]])(
  'a member %s is checked like a constant', (_, locationType) => {
    const stack = newStack();
    expect(messageOf(() => new Task(stack, 'Task', {
      source: locationOf(stack, 'Source', locationType), destination: locationOf(stack, 'Destination'), taskMode: TaskMode.ENHANCED,
    }))).toContain('taskMode "ENHANCED" with source of type FSX_WINDOWS');
  });
