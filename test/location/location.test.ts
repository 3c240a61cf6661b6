import type { Stack } from 'aws-cdk-lib';
import { Fn } from 'aws-cdk-lib';
import { Agent, AzureAccessTier, Location, LocationType, S3StorageClass, Task, VerifyMode } from '../../src';
import { AGENT_ARN, LOCATION_ARN, locationOf, messageOf, newStack, TASK_ARN } from '../support/stacks';

type Import = (stack: Stack, arn: string) => unknown;
const importLocation: Import = (stack, arn) => Location.fromLocationArn(stack, 'It', arn);
const importAgent: Import = (stack, arn) => Agent.fromAgentArn(stack, 'It', arn);
const importTask: Import = (stack, arn) => Task.fromTaskArn(stack, 'It', arn);

test('a location is imported by its ARN', () => {
  const location = Location.fromLocationArn(newStack(), 'It', LOCATION_ARN);
  expect(location.locationArn).toBe(LOCATION_ARN);
  expect(location.locationId).toBe(LOCATION_ARN.split('/')[1]);
  expect(location.locationType).toBeUndefined();
  expect(location.locationUri).toBeUndefined();
  expect(location.env).toEqual({ account: '111122223333', region: 'us-east-1' });
});

test('an imported location may be of a known kind', () => {
  const location = Location.fromLocationAttributes(newStack(), 'It', {
    locationArn: LOCATION_ARN, locationType: LocationType.EFS, locationUri: 'efs://us-east-1.fs-0123456789abcdef0/',
  });
  expect(location).toMatchObject({ locationType: LocationType.EFS, locationUri: 'efs://us-east-1.fs-0123456789abcdef0/' });
});

test.each<[string, object, string]>([
  ['agents', { locationType: LocationType.AZURE_BLOB, agents: [] }, 'taskMode "BASIC" with destination of type AZURE_BLOB without agents'],
  ['access tier', { locationType: LocationType.AZURE_BLOB, accessTier: AzureAccessTier.ARCHIVE }, 'a destination of access tier ARCHIVE cannot be read back'],
  ['storage class', { locationType: LocationType.S3, storageClass: S3StorageClass.GLACIER }, 'a destination of storage class GLACIER cannot be read back'],
])('an imported location may have known %s, which a task checks', (_, attributes, message) => {
  const stack = newStack();
  const destination = Location.fromLocationAttributes(stack, 'It', { locationArn: LOCATION_ARN, ...attributes });
  const source = locationOf(stack, 'Source', LocationType.S3);
  expect(messageOf(() => new Task(stack, 'Task', { source, destination, options: { verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT } }))).toContain(message);
});

test('an imported location may have agents', () => {
  const stack = newStack();
  const source = Location.fromLocationAttributes(stack, 'It', {
    locationArn: LOCATION_ARN, locationType: LocationType.AZURE_BLOB, agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)],
  });
  expect(messageOf(() => new Task(stack, 'Task', { source, destination: locationOf(stack, 'Destination', LocationType.EFS) }))).toBe('no error');
});

test('a location refuses a kind that is no member of LocationType', () => {
  expect(messageOf(() => Location.fromLocationAttributes(newStack(), 'It', { locationArn: LOCATION_ARN, locationType: 'EFS' as any }))).toBe(
    'DataSyncValidationError: [Stack/It] locationType "EFS": must be a member of LocationType; use one, or LocationType.of()');
});

test('a location refuses an access tier that there is not', () => {
  expect(messageOf(() => Location.fromLocationAttributes(newStack(), 'It', { locationArn: LOCATION_ARN, accessTier: 'COLD' as AzureAccessTier }))).toBe(
    'DataSyncValidationError: [Stack/It] accessTier "COLD": must be one of HOT, COOL, ARCHIVE; use a member of the enum');
});

test.each<[string, Import, string]>([
  ['location', importLocation, LOCATION_ARN],
  ['agent', importAgent, AGENT_ARN],
  ['task', importTask, TASK_ARN],
  ['location in China', importLocation, LOCATION_ARN.replace('aws', 'aws-cn').replace('us-east-1', 'cn-north-1')],
  ['task in GovCloud', importTask, TASK_ARN.replace('aws', 'aws-us-gov').replace('us-east-1', 'us-gov-west-1')],
  ['location by a token', importLocation, Fn.importValue('Location')],
  ['agent by a token', importAgent, Fn.importValue('Agent')],
  ['task by a token', importTask, Fn.importValue('Task')],
])('a location accepts a %s', (_, importIt, arn) => {
  expect(messageOf(() => importIt(newStack(), arn))).toBe('no error');
});

test.each<[string, Import, string, string]>([
  ['the ARN of something else', importLocation, TASK_ARN,
    `locationArn "${TASK_ARN}": must be the ARN of a location, such as ${LOCATION_ARN}; copy the whole ARN from the console or from list-locations`],
  ['an id', importAgent, 'agent-0123456789abcdef0',
    `agentArn "agent-0123456789abcdef0": must be the ARN of an agent, such as ${AGENT_ARN}; copy the whole ARN from the console or from list-agents`],
  ['nothing', importTask, '',
    `taskArn "": must be the ARN of a task, such as ${TASK_ARN}; copy the whole ARN from the console or from list-tasks`],
  ['the ARN of an execution', importTask, `${TASK_ARN}/execution/exec-0123456789abcdef0`,
    `taskArn "${TASK_ARN}/execution/exec-0123456789abcdef0": must be the ARN of a task, such as ${TASK_ARN}; `
    + 'this is the ARN of an execution: cut it off before "/execution/"'],
])('a location refuses %s', (_, importIt, arn, message) => {
  expect(messageOf(() => importIt(newStack(), arn))).toBe(`DataSyncValidationError: [Stack/It] ${message}`);
});
