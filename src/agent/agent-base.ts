import type { IResource } from 'aws-cdk-lib';
import { Resource } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { AgentLink } from './agent-endpoint';
import { agentIdOf } from '../private/arn';

/** A virtual machine or instance that reads and writes storage which the service cannot reach itself. */
export interface IAgent extends IResource, aws_datasync.IAgentRef {
  /**
   * ARN of the agent.
   *
   * @attribute
   */
  readonly agentArn: string;

  /**
   * Id of the agent, `agent-` and 17 characters.
   *
   * @attribute
   */
  readonly agentId: string;
}

/**
 * What all agents have in common.
 *
 * @internal
 */
export abstract class AgentBase extends Resource implements IAgent {
  public abstract readonly agentArn: string;

  /**
   * The VPC endpoint by which the agent reaches the service, if it does by one.
   *
   * @internal
   */
  public _link?: AgentLink;

  public get agentId(): string {
    return agentIdOf(this.agentArn);
  }

  /** What L1s that take the agent, and properties of this library, take of it. */
  public get agentRef(): aws_datasync.AgentReference {
    return { agentArn: this.agentArn };
  }
}
