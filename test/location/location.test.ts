import { Fn, Stack } from 'aws-cdk-lib';
import { Agent, Location, LocationType, Task } from '../../src';
import { AGENT_ARN, LOCATION_ARN, messageOf, newStack, TASK_ARN } from '../support/stacks';

type Import = (stack: Stack, arn: string) => unknown;
const importLocation: Import = (stack, arn) => Location.fromLocationArn(stack, 'It', arn);
const importAgent: Import = (stack, arn) => Agent.fromAgentArn(stack, 'It', arn);
const importTask: Import = (stack, arn) => Task.fromTaskArn(stack, 'It', arn);

test('a location is imported by its ARN', () => {
  const location = Location.fromLocationArn(newStack(), 'It', LOCATION_ARN);
  expect(location.locationArn).toBe(LOCATION_ARN);
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

test('refuses a kind that is no member of LocationType', () => {
  expect(messageOf(() => Location.fromLocationAttributes(newStack(), 'It', { locationArn: LOCATION_ARN, locationType: 'EFS' as any }))).toBe(
    'DataSyncValidationError: [Stack/It] locationType "EFS": must be a member of LocationType; use one, or LocationType.of()');
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
])('accepts a %s', (_, importIt, arn) => {
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
])('refuses %s', (_, importIt, arn, message) => {
  expect(messageOf(() => importIt(newStack(), arn))).toBe(`DataSyncValidationError: [Stack/It] ${message}`);
});
