import { CfnTask } from 'aws-cdk-lib/aws-datasync';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Filter } from './filter';
import { letAgentsIn } from './location/agent-network';
import type { ILocation } from './location/location';
import { bindLocation, describeLocation } from './location/location-binding';
import type { Manifest } from './manifest';
import type { Options } from './options';
import { checkArn, taskIdOf } from './private/arn';
import { LogAccess, mayBeServiceLogGroup } from './private/log-access';
import type { ITask } from './task-base';
import { TaskBase } from './task-base';
import { TaskMode } from './task-mode';
import type { TaskReport } from './task-report';
import type { TaskSchedule } from './task-schedule';
import { checkAccount, checkEnvironment, checkMember, checkTags, checkText, checkValue, NAME_RULE, requireKind } from './validation/checks';
import type { TaskDefinition, TransferDefinition } from './validation/definition';
import { knownMode } from './validation/definition';
import { checkFilters } from './validation/filter-rules';
import { checkBesideManifest } from './validation/manifest-rules';
import { checkOptions } from './validation/options-rules';
import { checkOverlap, checkPair, checkRegions } from './validation/pair-rules';
import { Problems, show } from './validation/problems';
import { warnOfDeletedReports } from './validation/report-rules';

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
   * `options.logLevel`. In Enhanced mode the service always logs to the group `/aws/datasync`,
   * and takes no other.
   *
   * @default - no logs in Basic mode
   */
  readonly logGroup?: ILogGroup;

  /**
   * A list of what to transfer, in place of filters. It counts as a change of what is transferred where its key or version changes, not where the
   * object does.
   *
   * @default - none: what the filters leave is transferred
   */
  readonly manifest?: Manifest;

  /**
   * What to report on each execution, and where.
   *
   * @default - no reports
   */
  readonly taskReport?: TaskReport;

  /**
   * When the service itself starts the task. A `ScheduledTaskExecution` can do more.
   *
   * @default - the service does not start it by itself
   */
  readonly schedule?: TaskSchedule;
}

/** What is known of a task that exists already: what its executions are checked against, and where they log to. */
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
   * How the task transfers: all options that it has, `{}` if it has none.
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

  /**
   * Where the executions of a task in Basic mode log to, for `TaskLogQueries` and `TaskDashboard`. Its policy stays as it is.
   *
   * @default - not known: in Basic mode there are no queries of the log
   */
  readonly logGroup?: ILogGroup;
}

/**
 * A transfer from one location to another.
 *
 * A task does nothing by itself: start it with a `TaskExecution` as part of a deployment, or with a `ScheduledTaskExecution`.
 *
 * **What this creates**: the task, with a `logGroup` in Basic mode one log resource policy for all tasks of the stack, and for a `manifest` and a
 * `taskReport` a role each, unless you bring one.
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
    const { taskArn, source, destination, taskMode, options, includes, excludes, logGroup } = attrs;
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
        logGroup,
        transfer: { mode: knownMode(taskMode), source: from, destination: to, hasLogGroup: logGroup && taskMode !== TaskMode.ENHANCED },
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
  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    for (const side of ['source', 'destination'] as const) {
      requireKind(this, side, props[side], 'locationArn', 'give a location; one of an L1 is made by Location.fromCfnLocation()');
    }

    if (props.logGroup) requireKind(this, 'logGroup', props.logGroup, 'logGroupArn', 'give a log group; of an L1 one is made by LogGroup.fromLogGroupArn()');

    const options = props.options ?? {};
    const mode = knownMode(props.taskMode ?? TaskMode.BASIC);
    const transfer: TransferDefinition = {
      mode,
      source: describeLocation(props.source),
      destination: describeLocation(props.destination),
      hasLogGroup: mode !== TaskMode.ENHANCED && props.logGroup !== undefined,
      hasManifest: props.manifest && !props.manifest._isNone,
    };

    this.checkProps(props, transfer);
    checkOverlap(this, props.source, props.destination, transfer);
    // Not earlier: a task that is refused leaves its locations as they are.
    const bindings = [bindLocation(props.source, 'source', this), bindLocation(props.destination, 'destination', this)];

    const manifest = props.manifest?._bind(this);
    const report = props.taskReport?._bind(this);
    warnOfDeletedReports(this, props.taskReport, options.preserveDeletedFiles, transfer);

    const resource = new CfnTask(this, 'Resource', {
      sourceLocationArn: props.source.locationArn,
      destinationLocationArn: props.destination.locationArn,
      name: props.taskName,
      taskMode: props.taskMode,
      options: renderOptions(options),
      includes: renderFilter(props.includes),
      excludes: renderFilter(props.excludes),
      cloudWatchLogGroupArn: props.logGroup?.logGroupArn,
      manifestConfig: manifest?.config,
      taskReportConfig: report?.config,
      schedule: props.schedule?._render(),
    });
    // newer than the oldest L1 that this library works with
    if (options.objectMetadata !== undefined) resource.addPropertyOverride('Options.ObjectMetadata', options.objectMetadata);
    resource.node.addDependency(...manifest?.dependables ?? [], ...report?.dependables ?? []);
    resource.node.addDependency(...bindings.flatMap(({ dependencies }) => dependencies), ...letAgentsIn(this, props.source, props.destination));
    checkTags(this, resource);
    if (props.logGroup && mode !== TaskMode.ENHANCED) {
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
      logGroup: props.logGroup,
      transfer,
    };
  }

  private checkProps(props: TaskProps, transfer: TransferDefinition): void {
    const { options = {} } = props;
    const problems = new Problems(this.node.path);
    checkText(problems, 'taskName', props.taskName, NAME_RULE);
    checkMember(problems, 'taskMode', props.taskMode, TaskMode);
    checkAccount(problems, this, 'source', props.source);
    checkAccount(problems, this, 'destination', props.destination);
    checkRegions(problems, this, props.source, props.destination, transfer);
    checkPair(problems, transfer);
    checkOptions(problems, this, [{ property: 'options', options }], transfer);
    checkFilters(problems, this, props);
    if (props.logGroup && transfer.mode === TaskMode.ENHANCED && !mayBeServiceLogGroup(props.logGroup)) {
      problems.add(`logGroup ${show(props.logGroup.node.path)}`, 'in Enhanced mode the service logs to its own group /aws/datasync', 'leave logGroup out');
    }
    if (transfer.hasManifest) checkBesideManifest(problems, 'options', options, props);
    checkValue(problems, this, 'manifest', props.manifest, 'Manifest.fromBucket()');
    checkValue(problems, this, 'taskReport', props.taskReport, 'TaskReport.summary() or .standard()');
    checkValue(problems, this, 'schedule', props.schedule, 'TaskSchedule.cron() or .rate()');
    if (props.logGroup) checkEnvironment(problems, this, 'logGroup', props.logGroup);
    problems.throwIfAny();
  }
}

function renderOptions({ objectMetadata, ...options }: Options): CfnTask.OptionsProperty | undefined {
  return Object.keys(options).length > 0 ? options : undefined;
}

function renderFilter(filter: Filter | undefined): CfnTask.FilterRuleProperty[] | undefined {
  return filter && [{ filterType: filter.filterType, value: filter.value }];
}
