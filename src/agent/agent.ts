import { IResource, Resource } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { checkArn } from '../private/arn';

/** A virtual machine or instance that reads and writes storage which the service cannot reach itself. */
export interface IAgent extends IResource, aws_datasync.IAgentRef {
  /**
   * ARN of the agent.
   *
   * @attribute
   */
  readonly agentArn: string;
}

/**
 * Agents: virtual machines that you deploy and activate, next to your storage.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/working-with-agents.html
 */
export abstract class Agent extends Resource implements IAgent {
  /**
   * An agent that is activated already.
   *
   * @throws when the ARN is not that of an agent
   */
  public static fromAgentArn(scope: Construct, id: string, agentArn: string): IAgent {
    checkArn(scope, id, 'agentArn', agentArn, 'agent');

    class Import extends Agent {
      public readonly agentArn = agentArn;
    }
    return new Import(scope, id, { environmentFromArn: agentArn });
  }

  public abstract readonly agentArn: string;

  /** What L1s that take the agent, and properties of this library, take of it. */
  public get agentRef(): aws_datasync.AgentReference {
    return { agentArn: this.agentArn };
  }
}
