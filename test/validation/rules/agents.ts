import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { InstanceType, InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, SecurityGroup, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IInterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { OURS } from './rule';
import type { Section } from './rule';
import { Agent, AgentEndpoint, AgentVpcEndpoint, Ec2Agent, EfsLocation, NfsLocation, S3Location, Task, TaskMode } from '../../../src';
import type { Ec2AgentProps, IAgent, PrivateLinkOptions } from '../../../src';

const ISOLATED = { subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] };
const ACTIVATION_KEY = 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH';
const ec2 = (props: Partial<Ec2AgentProps>) => (stack: Stack) => new Ec2Agent(stack, 'Agent', { vpc: new Vpc(stack, 'Vpc'), ...props });
const imported = (stack: Stack) => InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-0123456789abcdef0', port: 443 });
const subnet = (stack: Stack) => Subnet.fromSubnetId(stack, 'Subnet', 'subnet-0123456789abcdef0');

const nfs = (stack: Stack, agents: IAgent[]) => new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents });

const linked = (stack: Stack, make: (vpc: Vpc) => IInterfaceVpcEndpoint, options: Partial<PrivateLinkOptions> = {}) => {
  const vpc = new Vpc(stack, 'Vpc');
  const endpoint = AgentEndpoint.privateLink(make(vpc), { vpc, subnet: vpc.privateSubnets[0], ...options });
  return new Agent(stack, 'Agent', { activationKey: ACTIVATION_KEY, endpoint });
};

export const AGENT_SECTIONS: Section[] = [
  {
    title: 'Agents',
    source: 'activate-agent',
    errors: [
      ['a key of another form', stack => new Agent(stack, 'Agent', { activationKey: 'F0EFT' })],
      ['a name with other characters', stack => new Agent(stack, 'Agent', { activationKey: ACTIVATION_KEY, agentName: 'a*b' }), 'API_CreateAgent'],
      ['an ARN of something else', stack => Agent.fromAgentArn(stack, 'Import', 'agent-0123456789abcdef0'), 'API_DescribeAgent'],
      ['no key', stack => new Agent(stack, 'Agent', { activationKey: process.env.NO_KEY! })],
      ['a VPC endpoint of another service', stack => linked(stack, vpc => vpc.addInterfaceEndpoint('Queues', { service: InterfaceVpcEndpointAwsService.SQS })), 'API_CreateAgent'],
      ['a VPC endpoint that is said to be what it is not', stack => linked(stack, vpc => new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { fips: true }), 'choose-service-endpoint'],
      ['a subnet that there is not', stack => linked(stack, vpc => new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: undefined }), 'choose-service-endpoint'],
      ['a subnet of another VPC than the group of the network interfaces of tasks', stack => linked(stack, vpc => new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { vpc: new Vpc(stack, 'Other') }),
        'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html'],
      ['a VPC endpoint without a network for tasks', stack => new Agent(stack, 'Agent', {
        activationKey: ACTIVATION_KEY, endpoint: AgentEndpoint.privateLink(imported(stack), { subnet: subnet(stack) }),
      }), 'choose-service-endpoint'],
    ],
  },
  {
    title: 'Agents on instances',
    source: 'agent-requirements',
    errors: [
      ['a name with other characters', ec2({ agentName: 'a*b' }), 'API_CreateAgent'],
      ['a longer activation than the deployment waits', ec2({ activationTimeout: Duration.hours(2) }), OURS],
      ['no group', ec2({ securityGroups: [] }), OURS],
      ['a group of another VPC', stack => ec2({ securityGroups: [new SecurityGroup(stack, 'Group', { vpc: new Vpc(stack, 'Other') })] })(stack),
        'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html'],
      ['a subnet of another VPC', stack => ec2({ vpcSubnets: { subnets: new Vpc(stack, 'Other').privateSubnets } })(stack),
        'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html'],
      ['subnets that the VPC does not have', ec2({ vpcSubnets: { subnetGroupName: 'Storage' } }), OURS],
      ['no subnet', stack => new Ec2Agent(stack, 'Agent', { vpc: new Vpc(stack, 'Vpc'), vpcSubnets: { subnets: [] } }), OURS],
      ['agents of another mode than the task', stack => new Task(stack, 'Task', {
        source: nfs(stack, [ec2({})(stack)]),
        destination: new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket') }),
        taskMode: TaskMode.ENHANCED,
      }), 'do-i-need-datasync-agent'],
      ['five agents of one mode', stack => {
        const vpc = new Vpc(stack, 'Vpc');
        nfs(stack, [1, 2, 3, 4, 5].map(n => new Ec2Agent(stack, `Agent${n}`, { vpc })));
      }, 'do-i-need-datasync-agent'],
      ['agents of two VPC endpoints', stack => {
        const vpc = new Vpc(stack, 'Vpc');
        nfs(stack, ['One', 'Two'].map(name => new Ec2Agent(stack, name, {
          vpc, endpoint: AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, `${name}Endpoint`, { vpc }), { subnet: vpc.privateSubnets[0] }),
        })));
      }, 'do-i-need-datasync-agent'],
    ],
    warnings: [
      ['an instance for other images', ec2({ instanceType: new InstanceType('m7g.2xlarge') })],
      ['a subnet without a way out', stack => new Ec2Agent(stack, 'Agent', { vpc: new Vpc(stack, 'Vpc', ISOLATED), vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }), 'datasync-network'],
      ['a small instance', ec2({ instanceType: new InstanceType('t3.micro') })],
      ['a VPC endpoint without its groups', stack => {
        const vpc = new Vpc(stack, 'Vpc');
        new Ec2Agent(stack, 'Agent', { vpc, endpoint: AgentEndpoint.privateLink(imported(stack), { subnet: vpc.privateSubnets[0] }) });
      }, 'datasync-network'],
      ['a group that cannot be changed', stack => {
        const vpc = new Vpc(stack, 'Vpc');
        const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Theirs', 'sg-0123456789abcdef0', { mutable: false });
        new Ec2Agent(stack, 'Agent', { vpc, endpoint: AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: vpc.privateSubnets[0], securityGroup }) });
      }, 'datasync-network'],
      ['an agent that nobody knows where it is', stack => {
        const vpc = new Vpc(stack, 'Vpc');
        const endpoint = AgentEndpoint.privateLink(new AgentVpcEndpoint(stack, 'Endpoint', { vpc }), { subnet: vpc.privateSubnets[0], vpc });
        const agents = [new Agent(stack, 'Agent', { activationKey: ACTIVATION_KEY, endpoint })];
        new Task(stack, 'Task', {
          source: new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents }),
          destination: new EfsLocation(stack, 'Efs', { vpc, fileSystem: new FileSystem(stack, 'FileSystem', { vpc }) }),
        });
      }, 'datasync-network'],
    ],
  },
];
