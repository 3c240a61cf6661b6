import { Stack, Tags } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Agent, AgentEndpoint, AgentVpcEndpoint, Filter, Task, TaskMode } from '../../src';
import { ALL_OPTIONS } from '../support/all-options';
import { camelCase, L1_PROPERTIES } from '../support/l1-properties';
import { newStack, nfsLocation, resourceOf, s3Location } from '../support/stacks';

/** What CloudFormation has but the library leaves out on purpose. Of locations: `test/location/kinds.ts`. */
const LEFT_OUT: { [property: string]: string } = {
  'CfnTaskProps.manifestConfig': 'to come',
  'CfnTaskProps.taskReportConfig': 'to come',
  'CfnTaskProps.schedule': 'ScheduledTaskExecution does more: overrides, time zones, rates below an hour, retries',
};

function rendered(type: string, declare: (stack: Stack) => void): { [name: string]: any } {
  const stack = newStack();
  declare(stack);
  Tags.of(stack).add('team', 'storage');
  return resourceOf(stack, type).Properties;
}

const task = rendered('AWS::DataSync::Task', stack => new Task(stack, 'Task', {
  source: nfsLocation(stack, 'Nfs'),
  destination: s3Location(stack, 'S3'),
  taskName: 'name',
  taskMode: TaskMode.BASIC,
  options: ALL_OPTIONS,
  includes: Filter.simplePattern('/a'),
  excludes: Filter.simplePattern('/b'),
  logGroup: new LogGroup(stack, 'Logs'),
}));

const agent = rendered('AWS::DataSync::Agent', stack => {
  const vpc = new Vpc(stack, 'Vpc');
  const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { vpc, subnet: vpc.privateSubnets[0] });
  new Agent(stack, 'Agent', { activationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', agentName: 'name', endpoint });
});

test.each<[string, object]>([
  ['CfnAgentProps', agent],
  ['CfnTaskProps', task],
  ['CfnTask.OptionsProperty', task.Options],
  ['CfnTask.FilterRuleProperty', task.Includes[0]],
])('every property of %s can be set, or is left out on purpose', (name, properties) => {
  const mapped = Object.keys(properties).map(camelCase);
  const missing = L1_PROPERTIES[name].filter(property => !mapped.includes(property)).map(property => `${name}.${property}`);
  expect(missing.sort()).toEqual(Object.keys(LEFT_OUT).filter(key => key.startsWith(`${name}.`)).sort());
});
