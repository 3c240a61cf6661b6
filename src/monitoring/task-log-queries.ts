import { LogGroup, QueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logsOf } from './task-logs';
import type { ITask } from '../task-base';
import { requireTask } from '../validation/checks';
import { Problems, show } from '../validation/problems';

/** Properties of `TaskLogQueries`. */
export interface TaskLogQueriesProps {
  /** The task whose logs to ask: in Enhanced mode, or with a `logGroup`. */
  readonly task: ITask;

  /**
   * What the names of the queries begin with. The console shows each part before a `/` as a folder.
   *
   * @default - the path of the task, with a `/`
   */
  readonly queryNamePrefix?: string;
}

/**
 * Saved queries of CloudWatch Logs Insights for what the executions of a task log: which items failed and why, what fails how often (in Enhanced mode),
 * and what happened when.
 *
 * **What this creates**: two or three saved queries. They cost something only when they are run.
 *
 * **Limitations**: a line of the log does not name its task. In Enhanced mode the log group is that of all tasks of the account, and the queries show the
 * lines of this task's locations; in Basic mode they show all lines of the log group.
 *
 * @resource AWS::Logs::QueryDefinition
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/configure-logging.html
 * @example
 * new datasync.TaskLogQueries(this, 'Queries', { task });
 */
export class TaskLogQueries extends Construct {
  /**
   * @throws when the task logs nowhere, or it is not known where
   */
  constructor(scope: Construct, id: string, props: TaskLogQueriesProps) {
    super(scope, id);
    const { task } = props;
    requireTask(this, 'task', task);
    const { queryNamePrefix = `${task.node.path}/` } = props;
    const logs = logsOf(task);
    if (!logs) {
      const problems = new Problems(this.node.path);
      problems.add(`task ${show(task.node.path)}`, 'must be in Enhanced mode, or have a logGroup: otherwise it has no log that is known',
        'give the task a logGroup; of an imported task, tell it, or its taskMode, by Task.fromTaskAttributes()');
      problems.throwIfAny();
      return;
    }
    const logGroup = LogGroup.fromLogGroupName(this, 'LogGroup', logs.logGroupName);
    for (const [name, queryString] of Object.entries(logs.queries)) {
      new QueryDefinition(this, name, { queryDefinitionName: `${queryNamePrefix}${name}`, queryString, logGroups: [logGroup] });
    }
  }
}
