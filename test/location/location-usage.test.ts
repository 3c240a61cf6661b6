import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { S3Location, Task } from '../../src';
import { LOCATION_ARN, locationOf, newStack, permissionsOf, TASK_ARN, warningsOf } from '../support/stacks';

const WARNING = '/Stack/S3 no Task of this app uses the location, so it gets the permissions to read only; '
  + 'if something else writes to it, set writable to true, if it is only read, to false [ack: cdk-datasync:locationUnused]';

type Use = (location: S3Location) => void;
const unused: Use = () => {};
const reads: Use = location => new Task(location.stack, 'Reader', { source: location, destination: locationOf(location.stack, 'Other') });
const writes: Use = location => new Task(location.stack, 'Writer', { source: locationOf(location.stack, 'Another'), destination: location });
const writesAndReads: Use = location => [writes, reads].forEach(use => use(location));
const cfnTask: Use = location => new CfnTask(location.stack, 'Task', { sourceLocationArn: LOCATION_ARN, destinationLocationArn: location.locationArn });
const importedTask: Use = location => Task.fromTaskAttributes(location.stack, 'Task', { taskArn: TASK_ARN, destination: location });

test.each<[string, boolean | undefined, Use, 'read' | 'written', string[]]>([
  ['that nothing uses', undefined, unused, 'read', [WARNING]],
  ['that nothing uses, and writable', true, unused, 'written', []],
  ['that nothing uses, and not writable', false, unused, 'read', []],
  ['that a CfnTask writes to', undefined, cfnTask, 'read', [WARNING]],
  ['that a CfnTask writes to, and writable', true, cfnTask, 'written', []],
  ['that an imported task writes to', undefined, importedTask, 'read', [WARNING]],
  ['that a task reads', undefined, reads, 'read', []],
  ['that a task reads, and writable', true, reads, 'written', []],
  ['that a task writes to', undefined, writes, 'written', []],
  ['that a task writes to, and not writable otherwise', false, writes, 'written', []],
  ['that one task writes to and then another reads', undefined, writesAndReads, 'written', []],
])('a location %s (writable: %s) has the permissions and warnings that it should', (_, writable, use, expected, warnings) => {
  const stack = newStack();
  use(new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), writable }));
  expect(permissionsOf(stack, 'S3Role').filter(line => line.includes('s3:PutObject '))).toHaveLength(expected === 'written' ? 1 : 0);
  expect(warningsOf(stack)).toEqual(warnings);
});
