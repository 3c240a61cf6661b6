import { IResource, Resource } from 'aws-cdk-lib';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Match, OnEventOptions, Rule } from 'aws-cdk-lib/aws-events';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Construct } from 'constructs';
import { Filter } from './filter';
import type { ILocation } from './location/location';
import { bindLocation, describeLocation } from './location/location-binding';
import { Options } from './options';
import { checkArn, taskIdOf } from './private/arn';
import { arnUnderCondition } from './private/conditions';
import { LogAccess } from './private/log-access';
import { TaskExecutionStatus } from './task-execution/task-execution-status';
import { TaskGrants } from './task-grants';
import { TaskMode } from './task-mode';
import { checkAccount, checkClass, checkEnvironment, checkMember, checkTags, checkText, NAME_RULE } from './validation/checks';
import { knownMode, TaskDefinition, Transfer } from './validation/definition';
import { checkFilters } from './validation/filter-rules';
import { checkOptions } from './validation/options-rules';
import { checkOverlap, checkPair, checkRegions } from './validation/pair-rules';
import { Problems, show } from './validation/problems';

/** A transfer from one location to another that can be started any number of times. */
export interface ITask extends IResource, aws_datasync.ITaskRef {
  /**
   * ARN of the task.
   *
   * @attribute
   */
  readonly taskArn: string;

  /**
   * Id of the task, `task-` and 17 hexadecimal digits.
   *
   * @attribute
   */
  readonly taskId: string;

  /** Permissions on the task and its executions. */
  readonly grants: TaskGrants;

  /**
   * A metric of this task.
   *
   * The service emits metrics every five minutes while an execution runs. There is none of success or failure.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html
   */
  metric(metricName: string, props?: MetricOptions): Metric;

  /**
   * Number of files, objects and (in Basic mode) directories transferred.
   *
   * @default - sum over 5 minutes
   */
  metricFilesTransferred(props?: MetricOptions): Metric;

  /**
   * Number of bytes sent over the network, before compression. In Basic mode only.
   *
   * @default - sum over 5 minutes
   */
  metricBytesTransferred(props?: MetricOptions): Metric;

  /**
   * Number of bytes written to the destination.
   *
   * @default - sum over 5 minutes
   */
  metricBytesWritten(props?: MetricOptions): Metric;

  /**
   * Calls a target whenever an execution of this task gets into another state. The service sends these events at best effort.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/events.html
   * @example
   * task.onExecutionStateChange('Failed', { states: [datasync.TaskExecutionStatus.ERROR], target: new SnsTopic(topic) });
   */
  onExecutionStateChange(id: string, options?: OnExecutionStateChangeOptions): Rule;
}

/** Which changes of state to react to, and how. */
export interface OnExecutionStateChangeOptions extends OnEventOptions {
  /**
   * The states to react to: at least one.
   *
   * @default - all of them
   */
  readonly states?: TaskExecutionStatus[];
}

/** Properties of a `Task`. */
export interface TaskProps {
  /** Where to read. One of the two locations must be in the Region of the task. */
  readonly source: ILocation;

  /** Where to write. */
  readonly destination: ILocation;

  /**
   * Name of the task: 1 to 256 letters, digits, white space and `+ = . _ : @ / -`. It need not be unique.
   *
   * @default - no name
   */
  readonly taskName?: string;

  /**
   * How the task works. Another mode makes another task.
   *
   * @default - BASIC
   */
  readonly taskMode?: TaskMode;

  /**
   * How to transfer.
   *
   * @default - the service's defaults, which depend on the pair of locations
   */
  readonly options?: Options;

  /**
   * What to transfer.
   *
   * @default - everything
   */
  readonly includes?: Filter;

  /**
   * What not to transfer, even if it is included.
   *
   * @default - nothing
   */
  readonly excludes?: Filter;

  /**
   * Where the executions of a task in Basic mode log to, in the account and Region of the task. The service gets the permission to write there. What it logs is up to
   * `options.logLevel`. In Enhanced mode the service always logs to the group `/aws/datasync`.
   *
   * @default - no logs in Basic mode
   */
  readonly logGroup?: ILogGroup;
}

/** What is known of a task that exists already: what its executions are checked against. */
export interface TaskAttributes {
  /** ARN of the task. */
  readonly taskArn: string;

  /**
   * Where the task reads.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly source?: ILocation;

  /**
   * Where the task writes.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly destination?: ILocation;

  /**
   * How the task works.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly taskMode?: TaskMode;

  /**
   * How the task transfers: all options that it has, an empty object if it has none.
   *
   * @default - not known: only what an execution overrides is checked
   */
  readonly options?: Options;

  /**
   * What the task transfers.
   *
   * @default - not known, taken for everything
   */
  readonly includes?: Filter;

  /**
   * What the task leaves out.
   *
   * @default - not known, taken for nothing
   */
  readonly excludes?: Filter;
}

abstract class TaskBase extends Resource implements ITask {
  public abstract readonly taskArn: string;
  public abstract readonly taskId: string;

  public readonly grants: TaskGrants = TaskGrants.fromTask(this);

  /** What L1s that take the task, and starts of this library, take of it. */
  public get taskRef(): aws_datasync.TaskReference {
    return { taskArn: this.taskArn };
  }

  public metric(metricName: string, props?: MetricOptions): Metric {
    return new Metric({
      namespace: 'AWS/DataSync',
      metricName,
      dimensionsMap: { TaskId: this.taskId },
      statistic: 'Sum',
      ...props,
    }).attachTo(this);
  }

  public metricFilesTransferred(props?: MetricOptions): Metric {
    return this.metric('FilesTransferred', props);
  }

  public metricBytesTransferred(props?: MetricOptions): Metric {
    return this.metric('BytesTransferred', props);
  }

  public metricBytesWritten(props?: MetricOptions): Metric {
    return this.metric('BytesWritten', props);
  }

  public onExecutionStateChange(id: string, options: OnExecutionStateChangeOptions = {}): Rule {
    const { states, target, eventPattern, crossStackScope, ...props } = options;
    const problems = new Problems(`${(crossStackScope ?? this).node.path}/${id}`);
    if (states?.length === 0) problems.add('states []', 'names no state, so the rule would match nothing', 'name one, or leave states out to react to all of them');
    states?.forEach((state, index) => checkClass(problems, `states[${index}]`, state, 'TaskExecutionStatus'));
    problems.throwIfAny();
    const rule = new Rule(crossStackScope ?? this, id, props);
    rule.addEventPattern(eventPattern);
    rule.addEventPattern({
      source: ['aws.datasync'],
      detailType: ['DataSync Task Execution State Change'],
      resources: Match.prefix(`${arnUnderCondition(this)}/execution/`),
      detail: states && { State: states.map(({ value }) => value) },
    });
    rule.addTarget(target);
    return rule;
  }
}

/**
 * A transfer from one location to another.
 *
 * A task does nothing by itself: start it with a `TaskExecution` as part of a deployment, or with a `ScheduledTaskExecution`.
 *
 * **What this creates**: the task, and with a `logGroup` in Basic mode one log resource policy for all tasks of the stack.
 *
 * **Limitations**: another location or mode makes another task, without the history of the old one.
 *
 * @resource AWS::DataSync::Task
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-task-how-to.html
 * @example
 * new datasync.Task(this, 'Nightly', {
 *   source,
 *   destination,
 *   options: { verifyMode: datasync.VerifyMode.ONLY_FILES_TRANSFERRED, overwriteMode: datasync.OverwriteMode.NEVER },
 *   excludes: datasync.Filter.simplePattern('*.tmp'),
 * });
 */
export class Task extends TaskBase {
  /**
   * A task that exists already.
   *
   * @throws when the ARN is not that of a task
   */
  public static fromTaskArn(scope: Construct, id: string, taskArn: string): ITask {
    return Task.fromTaskAttributes(scope, id, { taskArn });
  }

  /**
   * A task that exists already, with more known of it, so that its executions can be checked.
   *
   * @throws when the ARN is not that of a task
   */
  public static fromTaskAttributes(scope: Construct, id: string, attrs: TaskAttributes): ITask {
    const { taskArn, source, destination, taskMode, options, includes, excludes } = attrs;
    checkArn(scope, id, 'taskArn', taskArn, 'task');
    const problems = new Problems(`${scope.node.path}/${id}`);
    checkMember(problems, 'taskMode', taskMode, TaskMode);
    problems.throwIfAny();
    const [from, to] = [source, destination].map(location => location && describeLocation(location));

    class Import extends TaskBase {
      public readonly taskArn = taskArn;
      public readonly taskId = taskIdOf(taskArn);
      public readonly _definition: TaskDefinition = {
        source,
        destination,
        options,
        includes,
        excludes,
        transfer: { mode: knownMode(taskMode), source: from, destination: to },
      };
    }
    return new Import(scope, id, { environmentFromArn: taskArn });
  }

  /** @attribute */
  public readonly taskArn: string;

  /** @attribute */
  public readonly taskId: string;

  /** Where the task reads. */
  public readonly source: ILocation;

  /** Where the task writes. */
  public readonly destination: ILocation;

  /** Name of the task, if it was given one. */
  public readonly taskName?: string;

  /** @internal */
  public readonly _definition: TaskDefinition;

  /**
   * @throws when the locations, the mode, the options or the filters do not go together, naming everything that does not
   */
  public constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);

    const options = props.options ?? {};
    const transfer: Transfer = {
      mode: knownMode(props.taskMode ?? TaskMode.BASIC),
      source: describeLocation(props.source),
      destination: describeLocation(props.destination),
      hasLogGroup: props.logGroup !== undefined,
    };

    const problems = new Problems(this.node.path);
    checkText(problems, 'taskName', props.taskName, NAME_RULE);
    checkMember(problems, 'taskMode', props.taskMode, TaskMode);
    checkAccount(problems, this, 'source', props.source);
    checkAccount(problems, this, 'destination', props.destination);
    checkRegions(problems, this, props.source, props.destination, transfer);
    checkPair(problems, transfer);
    checkOptions(problems, this, [{ property: 'options', options }], transfer);
    checkFilters(problems, this, props);
    if (props.logGroup && transfer.mode === TaskMode.ENHANCED) {
      problems.add(`logGroup ${show(props.logGroup.node.path)}`, 'in Enhanced mode the service logs to its own group /aws/datasync', 'leave logGroup out');
    }
    if (props.logGroup) checkEnvironment(problems, this, 'logGroup', props.logGroup);
    problems.throwIfAny();

    checkOverlap(this, props.source, props.destination, transfer);
    // Not earlier: a task that is refused leaves its locations as they are.
    const bindings = [bindLocation(props.source, 'source', this), bindLocation(props.destination, 'destination', this)];

    const resource = new CfnTask(this, 'Resource', {
      sourceLocationArn: props.source.locationArn,
      destinationLocationArn: props.destination.locationArn,
      name: props.taskName,
      taskMode: props.taskMode,
      options: renderOptions(options),
      includes: renderFilter(props.includes),
      excludes: renderFilter(props.excludes),
      cloudWatchLogGroupArn: props.logGroup?.logGroupArn,
    });
    // newer than the oldest L1 that this library works with
    if (options.objectMetadata !== undefined) resource.addPropertyOverride('Options.ObjectMetadata', options.objectMetadata);
    resource.node.addDependency(...bindings.flatMap(({ dependencies }) => dependencies));
    checkTags(this, resource);
    if (props.logGroup) {
      const access = LogAccess.of(this);
      access.allow(props.logGroup);
      resource.node.addDependency(access);
    }

    this.source = props.source;
    this.destination = props.destination;
    this.taskName = props.taskName;
    this.taskArn = resource.ref;
    this.taskId = taskIdOf(this.taskArn);
    this._definition = {
      source: props.source,
      destination: props.destination,
      options,
      includes: props.includes,
      excludes: props.excludes,
      transfer,
    };
  }
}

function renderOptions({ objectMetadata, ...options }: Options): CfnTask.OptionsProperty | undefined {
  return Object.keys(options).length > 0 ? options : undefined;
}

function renderFilter(filter: Filter | undefined): CfnTask.FilterRuleProperty[] | undefined {
  return filter && [{ filterType: filter.filterType, value: filter.value }];
}
