import { createHash } from 'node:crypto';
import type { ITaggableV2 } from 'aws-cdk-lib';
import { CfnResource, Duration, Lazy, RemovalPolicy, Stack, TagManager, TagType, Token, Validations } from 'aws-cdk-lib';
import type {
  IConnectable, IInstance, IKeyPair, IMachineImage, ISecurityGroup, ISubnet, IVpc, SubnetSelection,
} from 'aws-cdk-lib/aws-ec2';
import {
  Connections, Instance, InstanceArchitecture, InstanceType, MachineImage, Port, SecurityGroup, SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { AgentActivation } from './activation/agent-activation';
import { ACTIVATION_TIMEOUT, AGENT_RESOURCE_TYPE, ATTRIBUTE_AGENT_ARN, OWN_AGENT_TAGS } from './activation/contract';
import type { WireAgentProperties } from './activation/contract';
import { AgentBase } from './agent-base';
import { AgentEndpoint } from './agent-endpoint';
import { WAITED_SERVICE_TIMEOUT } from '../custom-resource/waiter/contract';
import { selectSubnets } from '../private/subnets';
import { showVpc, vpcBehind, vpcOfGroup, vpcOfSubnet } from '../private/vpc-of';
import type { WireTag } from '../task-execution/contract';
import { TaskMode } from '../task-mode';
import { checkDuration, checkMember, checkTags, checkText, NAME_RULE, requireSecurityGroups } from '../validation/checks';
import { Problems, show } from '../validation/problems';
import { warn } from '../validation/warnings';

/** What the agents of each mode run on. */
const MACHINES: { readonly [mode in TaskMode]: { readonly image: string; readonly instanceType: string } } = {
  [TaskMode.BASIC]: { image: '/aws/service/datasync/ami', instanceType: 'm5.2xlarge' },
  [TaskMode.ENHANCED]: { image: '/aws/service/datasync/ami/v3', instanceType: 'm6a.2xlarge' },
};

/** Properties of an `Ec2Agent`. */
export interface Ec2AgentProps {
  /** The network of the agent, from which it must reach your storage. */
  readonly vpc: IVpc;

  /**
   * The subnet of the agent: of several, the first one is used. Its zone must have the instance type. Another subnet makes another agent.
   *
   * @default - the private subnets; with `AgentEndpoint.privateLink()` the isolated ones if there are no private ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The mode of the tasks that use the agent. Another mode makes another agent.
   *
   * @default TaskMode.BASIC
   */
  readonly taskMode?: TaskMode;

  /**
   * The type of the instance: 2xlarge or larger. In Basic mode m5.2xlarge does for up to 20 million items of a task, above that m5.4xlarge.
   *
   * @default - m5.2xlarge; with `TaskMode.ENHANCED` m6a.2xlarge
   */
  readonly instanceType?: InstanceType;

  /**
   * The image of the instance: one of DataSync's agents, of the mode. Choose one by a parameter only with
   * `MachineImage.resolveSsmParameterAtLaunch()`: with another way each new image replaces instance and agent.
   *
   * @default - the newest when the instance is made; a newer one replaces nothing, as agents update themselves
   */
  readonly machineImage?: IMachineImage;

  /**
   * The security groups of the instance.
   *
   * @default - a new one, which allows all outbound traffic
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The key pair for the local console of the agent, by SSH.
   *
   * @default - none
   */
  readonly keyPair?: IKeyPair;

  /**
   * The role of the instance. The agent itself needs no permissions.
   *
   * @default - a new one without permissions
   */
  readonly role?: IRole;

  /**
   * How the agent reaches the service. Another one makes another agent.
   *
   * @default AgentEndpoint.publicEndpoint()
   */
  readonly endpoint?: AgentEndpoint;

  /**
   * Name of the agent: 1 to 256 letters, digits, white space and `+ = . _ : @ / -`. It is changed in place.
   *
   * @default - no name
   */
  readonly agentName?: string;

  /**
   * How long the instance may take to boot, and the agent to be online: 1 to 50 minutes.
   *
   * @default Duration.minutes(15)
   */
  readonly activationTimeout?: Duration;
}

/**
 * An agent on an instance of its own: the deployment launches the instance, fetches the activation key, makes the agent, and goes on when it is
 * online.
 *
 * The agent stays as long as its instance: a new image, tags, a name and security groups replace neither. A new instance is a new agent; locations of
 * NFS, SMB and HDFS take it in place, those of object storage and Azure are replaced with it. `applyRemovalPolicy(RemovalPolicy.RETAIN)` keeps both.
 *
 * **What this creates**: an instance with its role and security group, and a custom resource; once per stack a function, its role, its log group,
 * and a state machine with which it waits; once per VPC a function that fetches keys, with its role, log group and security group.
 *
 * **Limitations**: CloudFormation detects no drift of the agent. When functions die in the middle of a deployment that CloudFormation gives up, an
 * agent may be left, which `list-agents` shows. Lambda keeps the network interface of the function in the VPC for 20 to 40 minutes
 * when the last agent of the stack in that VPC is deleted, and as long its security group cannot be deleted.
 *
 * @resource Custom::DataSyncAgent
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/deploy-agents.html
 * @example
 * const agent = new datasync.Ec2Agent(this, 'Agent', { vpc });
 * new datasync.NfsLocation(this, 'Share', {
 *   serverHostname: 'fileserver.example.com',
 *   subdirectory: '/export/projects',
 *   agents: [agent],
 * });
 */
export class Ec2Agent extends AgentBase implements IConnectable, ITaggableV2 {
  /** @attribute */
  public readonly agentArn: string;

  /** The instance that the agent runs on. */
  public readonly instance: IInstance;

  /** The network connections of the instance: let it in to your file server. */
  public readonly connections: Connections;

  /** The tags of the agent, which come from `Tags.of()` and from the stack. */
  public readonly cdkTagManager: TagManager;

  private readonly parts: Construct[] = [];

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: Ec2AgentProps) {
    super(scope, id);
    this.cdkTagManager = new TagManager(TagType.STANDARD, AGENT_RESOURCE_TYPE);
    this.checkProps(props);
    const { vpc, taskMode = TaskMode.BASIC, endpoint = AgentEndpoint.publicEndpoint(), agentName, activationTimeout } = props;
    this._taskMode = taskMode;
    const machine = MACHINES[taskMode];
    const instanceType = props.instanceType ?? new InstanceType(machine.instanceType);
    this.warnOfType(instanceType, props.machineImage);

    const securityGroup = props.securityGroups ? undefined : new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'DataSync agent' });
    const [first, ...others] = props.securityGroups ?? [securityGroup!];
    const [subnet] = vpc.selectSubnets(props.vpcSubnets ?? defaultSubnets(vpc, endpoint)).subnets;
    if (endpoint._isPublic && vpc.isolatedSubnets.includes(subnet)) {
      warn(this, 'agentWithoutWayOut', `subnet ${subnet.node.path} is isolated, so that the agent reaches the public endpoint by routes that this app does not make; `
        + 'use AgentEndpoint.privateLink(), or a subnet with a way out');
    }
    // What an instance was activated for it cannot be activated for again: another endpoint or mode takes another instance.
    const key = [taskMode === TaskMode.BASIC ? '' : taskMode, endpoint._key].join('');
    const instance = new Instance(this, `Instance${key && createHash('sha256').update(key).digest('hex').slice(0, 8)}`, {
      vpc,
      vpcSubnets: { subnets: [subnet] },
      instanceType,
      machineImage: props.machineImage ?? MachineImage.resolveSsmParameterAtLaunch(machine.image),
      securityGroup: first,
      keyPair: props.keyPair,
      role: props.role,
    });
    others.forEach(group => instance.addSecurityGroup(group));
    // The agent reaches the service as soon as it has booted.
    instance.node.addDependency(subnet.internetConnectivityEstablished);
    if (!props.machineImage) Validations.of(instance).acknowledge({ id: 'CloudFormation-Validate::E1152', reason: 'EC2 itself resolves resolve:ssm: in an ImageId' });
    this.instance = instance;
    this.connections = new Connections({ securityGroups: [first, ...others] });

    const activation = AgentActivation.of(this);
    const fetcher = activation.fetcherIn(vpc, { subnets: [subnet] });
    fetcher.connections.allowTo(this, Port.HTTP, 'Activation key of a DataSync agent');
    const link = this._link = endpoint._bind(this, { vpc, connections: this.connections });
    if (link) activation.allowEndpoints();

    const resource = new CfnResource(this, 'Resource', {
      type: AGENT_RESOURCE_TYPE,
      properties: {
        ServiceToken: activation.lambdaFunction.functionArn,
        ServiceTimeout: String(WAITED_SERVICE_TIMEOUT),
        ...{
          InstanceId: instance.instanceId,
          Address: instance.instancePrivateIp,
          Fetcher: fetcher.functionName,
          EndpointType: endpoint._type,
          VpcEndpointId: link?.vpcEndpointId,
          SubnetArn: link?.subnetArn,
          SecurityGroupArn: link?.securityGroupArn,
          InstanceSubnetId: link && subnet.subnetId,
          AgentName: agentName,
          // A token in the place of the list that it becomes.
          Tags: Lazy.any({ produce: () => this.renderedTags() }, { omitEmptyArray: true }) as any,
          ActivationTimeout: String(Math.ceil(activationTimeout?.toSeconds({ integral: false }) ?? ACTIVATION_TIMEOUT.default)),
          Waiter: activation.waiter.stateMachineArn,
        } satisfies WireAgentProperties,
      },
    });
    activation.waiter.precede(resource);
    // Rules are children of their groups, which may be those of somebody else.
    resource.node.addDependency(...this.connections.securityGroups, ...fetcher.connections.securityGroups, ...link?.dependables ?? []);
    resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
    checkTags(this, { cfnResourceType: AGENT_RESOURCE_TYPE, tags: this.cdkTagManager }, OWN_AGENT_TAGS);
    this.parts.push(resource, instance, ...securityGroup ? [securityGroup] : []);
    this.agentArn = resource.getAtt(ATTRIBUTE_AGENT_ARN).toString();
  }

  /** Of agent and instance, with what the instance needs: one is of no use without the other. */
  public applyRemovalPolicy(policy: RemovalPolicy): void {
    for (const part of this.parts) {
      for (const child of part.node.findAll()) {
        if (CfnResource.isCfnResource(child)) child.applyRemovalPolicy(policy);
      }
    }
  }

  /** CloudFormation gives the tags of a stack to all resources but custom ones. */
  private renderedTags(): WireTag[] {
    const tags = { ...Stack.of(this).tags.tagValues(), ...this.cdkTagManager.tagValues() };
    return Object.entries(tags).sort().map(([Key, Value]) => ({ Key, Value }));
  }

  private checkProps({ taskMode, agentName, activationTimeout, securityGroups, endpoint, vpc, vpcSubnets }: Ec2AgentProps): void {
    const problems = new Problems(this.node.path);
    requireSecurityGroups(this, 'securityGroups', securityGroups);
    checkMember(problems, 'taskMode', taskMode, TaskMode);
    checkText(problems, 'agentName', agentName, NAME_RULE);
    checkDuration(problems, 'activationTimeout', activationTimeout, Duration.minutes(1), Duration.seconds(ACTIVATION_TIMEOUT.max));
    if (securityGroups?.length === 0) {
      problems.add('securityGroups []', 'must have one group', 'add one, or leave securityGroups out for a new one');
    }
    const network = vpcBehind(vpc.vpcId);
    const checkVpc = (subject: string, own: CfnResource | undefined) => {
      if (!network || !own || own === network) return;
      problems.add(subject, `is of the VPC ${showVpc(own)}, the agent is in ${showVpc(network)}`, 'use both from one VPC');
    };
    securityGroups?.forEach((group, index) => checkVpc(`securityGroups[${index}] ${show(group.node.path)}`, vpcOfGroup(group)));
    endpoint?._check(problems, this, vpc);
    const subnet = selectSubnet(problems, vpc, vpcSubnets, endpoint);
    if (subnet) checkVpc(`vpcSubnets ${show(subnet.node.path)}`, vpcOfSubnet(subnet));
    problems.throwIfAny();
  }

  private warnOfType(instanceType: InstanceType, machineImage: IMachineImage | undefined): void {
    const name = instanceType.toString();
    if (Token.isUnresolved(name)) return;
    const [, factor] = /\.(\d*)x?large$/.exec(name) ?? [];
    const isLarge = /metal/.test(name) || (/\d+xlarge$/.test(name) && Number(factor) >= 2);
    const remedy = 'use m5.2xlarge for Basic mode, m6a.2xlarge for Enhanced mode, or larger';
    if (!isLarge) {
      warn(this, 'agentInstanceSmall', `instanceType ${name} is smaller than 2xlarge, the least that the service asks of an agent; ${remedy}`);
    }
    if (!machineImage && instanceType.architecture === InstanceArchitecture.ARM_64) {
      warn(this, 'agentInstanceArchitecture', `instanceType ${name} is of Arm, and the images of agents are for x86; ${remedy}`);
    }
  }
}

/** The one that the agent will be in. */
function selectSubnet(problems: Problems, vpc: IVpc, vpcSubnets: SubnetSelection | undefined, endpoint?: AgentEndpoint): ISubnet | undefined {
  const subnets = selectSubnets(problems, vpc, vpcSubnets, vpcSubnets ?? defaultSubnets(vpc, endpoint));
  if (subnets?.length === 0) problems.add(`vpcSubnets ${show(vpcSubnets)}`, 'select no subnet', 'select one that the VPC has');
  return subnets?.[0];
}

/** What has a way to the endpoint. */
function defaultSubnets(vpc: IVpc, endpoint = AgentEndpoint.publicEndpoint()): SubnetSelection {
  const isIsolated = !endpoint._isPublic && vpc.privateSubnets.length === 0;
  return { subnetType: isIsolated ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS };
}
