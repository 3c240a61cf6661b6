import type { QueryStringProps } from 'aws-cdk-lib/aws-logs';
import { QueryString } from 'aws-cdk-lib/aws-logs';
import { locationIdOf } from '../private/arn';
import { SERVICE_LOG_GROUP } from '../private/log-access';
import type { ITask } from '../task-base';
import { TaskMode } from '../task-mode';
import { definitionOf } from '../validation/definition';

/** Where the executions of a task log to, and what can be asked there. */
export interface TaskLogs {
  readonly logGroupName: string;
  /** Queries by what they answer. */
  readonly queries: { readonly [name: string]: QueryString };
}

/** Enough to see what is wrong: the console shows no more at once. */
const LATEST = { sort: '@timestamp desc', limit: 1_000 };

/** Undefined if the task logs nowhere, or if it is not known where. */
export function logsOf(task: ITask): TaskLogs | undefined {
  const definition = definitionOf(task);
  if (definition?.transfer.mode === TaskMode.ENHANCED) {
    const { source, destination } = definition;
    return { logGroupName: SERVICE_LOG_GROUP, queries: enhancedQueries({ Source: source?.locationArn, Destination: destination?.locationArn }) };
  }
  return definition?.logGroup && { logGroupName: definition.logGroup.logGroupName, queries: basicQueries() };
}

/** Of lines of text, of which only the level at their beginning is documented. */
function basicQueries(): TaskLogs['queries'] {
  return {
    Errors: new QueryString({
      fields: ['@timestamp', '@logStream', '@message'],
      filterStatements: ['@message like /\\[(ERROR|WARN)\\]/'],
      ...LATEST,
    }),
    Activity: new QueryString({
      parseStatements: ['@message "[*] *" as level, line'],
      statsStatements: ['count(*) as lines by level, bin(5m)'],
    }),
  };
}

/** Of lines of JSON, without those of tasks with other locations. */
function enhancedQueries(locations: { readonly [side: string]: string | undefined }): TaskLogs['queries'] {
  const ofTask = Object.entries(locations).flatMap(([side, arn]) =>
    arn ? [`not ispresent(${side}.LocationId) or ${side}.LocationId = "${locationIdOf(arn)}"`] : []);
  const query = (filter: string, rest: QueryStringProps): QueryString => new QueryString({ filterStatements: [filter, ...ofTask], ...rest });
  return {
    Errors: query('ispresent(ErrorCode)', {
      fields: ['@timestamp', 'Action', 'Source.RelativePath', 'Destination.RelativePath', 'ErrorCode', 'ErrorDetail'],
      ...LATEST,
    }),
    ErrorsByCode: query('ispresent(ErrorCode)', {
      statsStatements: ['count(*) as items by ErrorCode, Action'],
      sort: 'items desc',
    }),
    Activity: query('ispresent(Action)', {
      statsStatements: ['count(*) as items, sum(Source.Metadata.ContentSize) as bytes by Action, bin(5m)'],
    }),
  };
}
