import { CfnAgent } from 'aws-cdk-lib/aws-datasync';
import type { Construct } from 'constructs';
import type { IAgent } from './agent-base';
import { AgentBase } from './agent-base';
import type { AgentEndpoint } from './agent-endpoint';
import { checkArn } from '../private/arn';
import { checkTags, checkText, NAME_RULE } from '../validation/checks';
import { Problems } from '../validation/problems';

/** Properties of an `Agent`. */
export interface AgentProps {
  /**
   * The key that the machine of the agent has given, five groups of five capital letters and digits. It makes one agent, within 30 minutes.
   *
   * It must never change again: CloudFormation would make another agent of the new key, and delete this one.
   */
  readonly activationKey: string;

  /**
   * Name of the agent: 1 to 256 letters, digits, white space and `+ = . _ : @ / -`. It is changed in place.
   *
   * @default - no name
   */
  readonly agentName?: string;

  /**
   * How the agent reaches the service. Only `AgentEndpoint.privateLink()` matters here: the others lie in the key.
   *
   * @default - what the key says
   */
  readonly endpoint?: AgentEndpoint;
}

/**
 * An agent whose machine is there already, next to your storage, and whose activation key you have.
 *
 * **What this creates**: the agent, and with `AgentEndpoint.privateLink()` a security group for the network interfaces of tasks, unless you bring one.
 *
 * @resource AWS::DataSync::Agent
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/activate-agent.html
 * @example
 * new datasync.Agent(this, 'Basement', { activationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', agentName: 'Basement' });
 */
export class Agent extends AgentBase {
  /**
   * An agent that is activated already.
   *
   * @throws when the ARN is not that of an agent
   */
  public static fromAgentArn(scope: Construct, id: string, agentArn: string): IAgent {
    checkArn(scope, id, 'agentArn', agentArn, 'agent');

    class Import extends AgentBase {
      public readonly agentArn = agentArn;
    }
    return new Import(scope, id, { environmentFromArn: agentArn });
  }

  /** @attribute */
  public readonly agentArn: string;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: AgentProps) {
    super(scope, id);
    const { activationKey, agentName, endpoint } = props;
    const problems = new Problems(this.node.path);
    checkText(problems, 'activationKey', activationKey, {
      required: true,
      max: 29,
      pattern: /^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/,
      says: 'must be five groups of five capital letters and digits, with hyphens between them',
      remedy: 'copy the whole key, such as F0EFT-7FPPR-GG7MC-3I9R3-27DOH',
    });
    checkText(problems, 'agentName', agentName, NAME_RULE);
    endpoint?._check(problems, this);
    problems.throwIfAny();

    const link = this._link = endpoint?._bind(this);
    const resource = new CfnAgent(this, 'Resource', {
      activationKey,
      agentName,
      vpcEndpointId: link?.vpcEndpointId,
      subnetArns: link && [link.subnetArn],
      securityGroupArns: link && [link.securityGroupArn],
    });
    if (link) resource.node.addDependency(...link.dependables);
    checkTags(this, resource);
    this.agentArn = resource.ref;
  }
}
