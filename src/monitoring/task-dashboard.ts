import { Duration } from 'aws-cdk-lib';
import type { IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmStatusWidget, Dashboard, GraphWidget, LogQueryWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { TaskAlarms } from './task-alarms';
import { logsOf } from './task-logs';
import { consoleUrlOf } from '../private/arn';
import type { ITask } from '../task-base';
import { TaskMode } from '../task-mode';
import { checkCount, requireTask } from '../validation/checks';
import { definitionOf } from '../validation/definition';
import { Problems } from '../validation/problems';

/** Properties of a `TaskDashboard`. */
export interface TaskDashboardProps {
  /** The tasks to show, each with a row of its own: 1 to 50. */
  readonly tasks: ITask[];

  /**
   * Alarms to show at the top.
   *
   * @default - none
   */
  readonly alarms?: TaskAlarms[];

  /**
   * Name of the dashboard, unique in the account.
   *
   * @default - a generated name
   */
  readonly dashboardName?: string;

  /**
   * How far back the dashboard looks when it is opened.
   *
   * @default - one week
   */
  readonly defaultInterval?: Duration;
}

/** Of the 24 columns of a dashboard. */
const FULL_WIDTH = 24;
/** More would make a page that nobody reads; CloudWatch takes 500 widgets. */
const MAX_TASKS = 50;

/**
 * A dashboard of tasks: alarms, executions that succeeded and failed, bytes, files, what was prepared and verified, and the latest errors of the log.
 *
 * What a task shows depends on its mode. Of an imported task whose mode is not known it shows the metrics of both.
 *
 * **What this creates**: a dashboard, and of each task two rules that count its executions.
 *
 * @resource AWS::CloudWatch::Dashboard
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/monitor-datasync.html
 * @example
 * new datasync.TaskDashboard(this, 'Dashboard', { tasks: [task] });
 */
export class TaskDashboard extends Construct {
  /** The dashboard, to which more can be added. */
  public readonly dashboard: Dashboard;

  /**
   * @throws when there is no task, or there are too many
   */
  constructor(scope: Construct, id: string, props: TaskDashboardProps) {
    super(scope, id);
    const { tasks, alarms = [], dashboardName, defaultInterval = Duration.days(7) } = props;
    const problems = new Problems(this.node.path);
    checkCount(problems, 'tasks', tasks, 1, MAX_TASKS, 'tasks');
    problems.throwIfAny();
    tasks.forEach((task, index) => requireTask(this, `tasks[${index}]`, task));

    this.dashboard = new Dashboard(this, 'Resource', { dashboardName, defaultInterval });
    const watched = alarms.flatMap(({ all }) => all);
    if (watched.length > 0) this.dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', width: FULL_WIDTH, height: 3, alarms: watched }));
    for (const task of tasks) this.addRows(task);
  }

  private addRows(task: ITask): void {
    this.dashboard.addWidgets(new TextWidget({
      markdown: `## ${task.node.path}\n[${task.taskArn}](${consoleUrlOf(this, task.taskArn)})`, width: FULL_WIDTH, height: 2,
    }));
    this.dashboard.addWidgets(...graphs([
      ['Executions', 'by their end', [task.metricExecutionsSucceeded({ label: 'succeeded' }), task.metricExecutionsFailed({ label: 'failed or cancelled' })]],
      ...metricsOf(task),
    ]));
    const logs = logsOf(task);
    if (logs) {
      this.dashboard.addWidgets(new LogQueryWidget({
        title: 'Latest errors', width: FULL_WIDTH, height: 6, logGroupNames: [logs.logGroupName], queryString: logs.queries.Errors.toString(),
      }));
    }
  }
}

type Graph = [title: string, unit: string, metrics: IMetric[]];

function graphs(rows: Graph[]): IWidget[] {
  return rows.map(([title, label, left]) => new GraphWidget({
    title, left, width: FULL_WIDTH / rows.length, leftYAxis: { label, min: 0, showUnits: false },
  }));
}

function metricsOf(task: ITask): Graph[] {
  const mode = definitionOf(task)?.transfer.mode;
  const [basic, enhanced] = [mode !== TaskMode.ENHANCED, mode !== TaskMode.BASIC];
  const compared = [
    ...basic ? [task.metricFilesPreparedSource(), task.metricFilesPreparedDestination()] : [],
    ...basic ? [task.metricFilesVerifiedSource(), task.metricFilesVerifiedDestination()] : [],
    ...enhanced ? [task.metricFilesListedSource(), task.metricFilesPrepared(), task.metricFilesVerified()] : [],
  ];
  return [
    ['Transferred', 'bytes', [task.metricBytesWritten(), ...basic ? [task.metricBytesTransferred(), task.metricBytesCompressed()] : []]],
    ['Transferred', 'files', [task.metricFilesTransferred(), task.metricFilesDeleted(), ...basic ? [task.metricFilesSkipped()] : []]],
    ['Prepared and verified', 'files', compared],
  ];
}
