import type { IResource } from 'aws-cdk-lib';
import { Resource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { AgentLink } from './agent-endpoint';
import { AgentStatus } from './agent-status';
import { agentIdOf } from '../private/arn';
import { serviceMetric } from '../private/service-metric';
import type { StateChange } from '../private/state-change-rule';
import { stateChangeMetric, stateChangeRule } from '../private/state-change-rule';
import type { TaskMode } from '../task-mode';

/** Which changes of state of an agent to react to, and how. */
export interface OnAgentStateChangeOptions extends OnEventOptions {
  /**
   * The states to react to: at least one.
   *
   * @default - all of them
   */
  readonly states?: AgentStatus[];
}

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

  /**
   * Calls a target whenever this agent gets into another state. The service sends these events at best effort.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/events.html
   */
  onAgentStateChange(id: string, options?: OnAgentStateChangeOptions): Rule;

  /**
   * Calls a target whenever this agent has been out of touch with the service for five minutes or more, and, for a moment, right after it was
   * activated. An agent that was never in touch sends no event.
   */
  onAgentOffline(id: string, options?: OnEventOptions): Rule;

  /**
   * A metric of the service of all transfers through this agent, by its name. The service emits it every five minutes while an execution runs.
   *
   * @default - sum over 5 minutes
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html
   */
  metric(metricName: string, options?: MetricOptions): Metric;

  /**
   * How often the agent went offline: of events that say so, which may be lost. Their rule is made when the metric is first asked for, in the stack of
   * the agent.
   *
   * @default - sum over 5 minutes
   */
  metricAgentOffline(options?: MetricOptions): Metric;

  /**
   * Number of files, objects and (in Basic mode) folders transferred through this agent.
   *
   * @default - sum over 5 minutes
   */
  metricFilesTransferred(options?: MetricOptions): Metric;

  /**
   * In Basic mode only. Number of bytes that this agent sent over the network, before compression.
   *
   * @default - sum over 5 minutes
   */
  metricBytesTransferred(options?: MetricOptions): Metric;

  /**
   * Number of bytes written to destinations through this agent.
   *
   * @default - sum over 5 minutes
   */
  metricBytesWritten(options?: MetricOptions): Metric;
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

  /**
   * The mode of the tasks that use the agent, if it is known.
   *
   * @internal
   */
  public _taskMode?: TaskMode;

  public get agentId(): string {
    return agentIdOf(this.agentArn);
  }

  /** What L1s that take the agent, and properties of this library, take of it. */
  public get agentRef(): aws_datasync.AgentReference {
    return { agentArn: this.agentArn };
  }

  public onAgentStateChange(id: string, options: OnAgentStateChangeOptions = {}): Rule {
    const { states, ...rule } = options;
    return stateChangeRule(this, id, this.stateChange(states), rule);
  }

  public onAgentOffline(id: string, options?: OnEventOptions): Rule {
    return stateChangeRule(this, id, this.stateChange([AgentStatus.OFFLINE]), options);
  }

  public metric(metricName: string, options?: MetricOptions): Metric {
    return serviceMetric(this, { AgentId: this.agentId }, metricName, options);
  }

  public metricAgentOffline(options?: MetricOptions): Metric {
    return stateChangeMetric(this, 'OfflineMetricRule', this.stateChange([AgentStatus.OFFLINE]), options);
  }

  public metricFilesTransferred(options?: MetricOptions): Metric {
    return this.metric('FilesTransferred', options);
  }

  public metricBytesTransferred(options?: MetricOptions): Metric {
    return this.metric('BytesTransferred', options);
  }

  public metricBytesWritten(options?: MetricOptions): Metric {
    return this.metric('BytesWritten', options);
  }

  private stateChange(states?: AgentStatus[]): StateChange {
    return { detailType: 'DataSync Agent State Change', arnPrefix: this.agentArn, className: 'AgentStatus', states };
  }
}
