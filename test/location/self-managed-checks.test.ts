import { Fn } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { IInterfaceVpcEndpoint, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { InterfaceVpcEndpoint, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Ec2AgentProps, IAgent } from '../../src';
import { Agent, AgentEndpoint, AgentVpcEndpoint, Ec2Agent, NfsLocation, Task, TaskMode } from '../../src';
import { AGENT_ARN, locationOf, messageOf, newStack } from '../support/stacks';

/** Agents on instances in one VPC, each with what is given of it. */
function agentsOf(stack: Stack, given: ReadonlyArray<Partial<Ec2AgentProps>>, vpc: IVpc = new Vpc(stack, 'Vpc')): IAgent[] {
  return given.map((props, index) => new Ec2Agent(stack, `Agent${index}`, { vpc, ...props }));
}

const location = (stack: Stack, agents: IAgent[]) => new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents });
const times = (count: number, props: Partial<Ec2AgentProps>) => Array.from({ length: count }, () => props);

describe('the modes of agents', () => {
  const ENHANCED = { taskMode: TaskMode.ENHANCED };

  test('a location takes four agents of each mode', () => {
    const stack = newStack();
    expect(messageOf(() => location(stack, agentsOf(stack, [...times(4, {}), ...times(4, ENHANCED)])))).toBe('no error');
  });

  test('a location refuses five agents of one mode', () => {
    const stack = newStack();
    expect(messageOf(() => location(stack, agentsOf(stack, times(5, ENHANCED)))))
      .toBe('DataSyncValidationError: [Stack/Nfs] agents of mode ENHANCED (5 given): a location may have at most 4 of a mode; remove some');
  });

  const imported = (stack: Stack) => Agent.fromAgentArn(stack, 'Imported', AGENT_ARN);
  const task = (taskMode: TaskMode | undefined, agents: (stack: Stack) => IAgent[]) => {
    const stack = newStack();
    return messageOf(() => new Task(stack, 'Task', { source: location(stack, agents(stack)), destination: locationOf(stack, 'To'), taskMode }));
  };

  test('a task in Enhanced mode refuses a location that has Basic agents only', () => {
    expect(task(TaskMode.ENHANCED, stack => agentsOf(stack, [{}, {}]))).toBe('DataSyncValidationError: [Stack/Task] taskMode "ENHANCED" with source of type '
      + 'NFS with agents of mode BASIC: a task uses the agents of its mode; give the task and its agents the same taskMode');
  });

  test('a task without a mode is Basic, and refuses a location that has Enhanced agents only', () => {
    expect(task(undefined, stack => agentsOf(stack, [ENHANCED]))).toMatch(/^DataSyncValidationError: \[Stack\/Task\] taskMode "BASIC" with source of type NFS with agents of mode ENHANCED/);
  });

  test.each<[string, TaskMode | undefined, (stack: Stack) => IAgent[]]>([
    ['agents of its mode', TaskMode.ENHANCED, stack => agentsOf(stack, [ENHANCED])],
    ['agents of both modes', TaskMode.ENHANCED, stack => agentsOf(stack, [{}, ENHANCED])],
    ['an agent that was imported', TaskMode.ENHANCED, stack => [imported(stack)]],
    ['an agent of its own and one that was imported', TaskMode.ENHANCED, stack => [...agentsOf(stack, [{}]), imported(stack)]],
    ['a Basic agent by default', undefined, stack => agentsOf(stack, [{}])],
  ])('a task accepts %s', (_, taskMode, agents) => {
    expect(task(taskMode, agents)).toBe('no error');
  });
});

describe('the VPC endpoints of agents', () => {
  const together = (endpoints: (stack: Stack, vpc: Vpc) => Array<[IInterfaceVpcEndpoint, ISubnet]>) => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2 });
    const given = endpoints(stack, vpc).map(([endpoint, subnet]) => ({ endpoint: AgentEndpoint.privateLink(endpoint, { subnet }) }));
    return messageOf(() => location(stack, agentsOf(stack, given, vpc)));
  };
  const own = (stack: Stack, vpc: IVpc, id = 'Endpoint') => new AgentVpcEndpoint(stack, id, { vpc });
  const imported = (stack: Stack, vpcEndpointId: string) =>
    InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, vpcEndpointId, { vpcEndpointId, port: 443 });
  const subnet = (stack: Stack, id: string, subnetId: string) => Subnet.fromSubnetId(stack, id, subnetId);
  const REFUSAL = 'DataSyncValidationError: [Stack/Nfs] agents (2 given): must all have the same VPC endpoint and the same subnet; '
    + 'give their AgentEndpoint.privateLink() the same endpoint and subnet, or leave out the agents of another';

  test.each<[string, Parameters<typeof together>[0]]>([
    ['two endpoints', (stack, vpc) => [[own(stack, vpc, 'One'), vpc.privateSubnets[0]], [own(stack, vpc, 'Two'), vpc.privateSubnets[0]]]],
    ['two subnets', (stack, vpc) => {
      const endpoint = own(stack, vpc);
      return [[endpoint, vpc.privateSubnets[0]], [endpoint, vpc.privateSubnets[1]]];
    }],
    ['two endpoints that were imported', (stack, vpc) =>
      [[imported(stack, 'vpce-1'), vpc.privateSubnets[0]], [imported(stack, 'vpce-2'), vpc.privateSubnets[0]]]],
    ['two subnets that were imported', (stack, vpc) => {
      const endpoint = own(stack, vpc);
      return [[endpoint, subnet(stack, 'One', 'subnet-1')], [endpoint, subnet(stack, 'Two', 'subnet-2')]];
    }],
  ])('a location refuses agents of %s', (_, endpoints) => {
    expect(together(endpoints)).toBe(REFUSAL);
  });

  test.each<[string, Parameters<typeof together>[0]]>([
    ['one endpoint and subnet', (stack, vpc) => {
      const endpoint = own(stack, vpc);
      return [[endpoint, vpc.privateSubnets[0]], [endpoint, vpc.privateSubnets[0]]];
    }],
    ['an endpoint that was imported twice', stack => {
      const [endpoint, again] = [imported(stack, 'vpce-1'), InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Again', { vpcEndpointId: 'vpce-1', port: 443 })];
      return [[endpoint, subnet(stack, 'One', 'subnet-1')], [again, subnet(stack, 'Two', 'subnet-1')]];
    }],
    ['endpoints of which only the deployment tells the ids', (stack, vpc) =>
      [[imported(stack, Fn.importValue('One')), vpc.privateSubnets[0]], [own(stack, vpc), vpc.privateSubnets[0]]]],
  ])('a location accepts agents of %s', (_, endpoints) => {
    expect(together(endpoints)).toBe('no error');
  });

  test('a location accepts agents with and without an endpoint', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc');
    const endpoint = AgentEndpoint.privateLink(own(stack, vpc), { subnet: vpc.privateSubnets[0] });
    expect(messageOf(() => location(stack, agentsOf(stack, [{ endpoint }, {}], vpc)))).toBe('no error');
  });
});
