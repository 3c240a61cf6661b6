import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { Transfer } from './transfer';
import { Filter } from '../filter';
import type { ILocation } from '../location/location';
import { Options } from '../options';

/** What is known of a task: what its executions are checked against. */
export interface TaskDefinition {
  readonly source?: ILocation;
  readonly destination?: ILocation;
  /** Undefined if it is not known which options are set. */
  readonly options?: Options;
  readonly includes?: Filter;
  readonly excludes?: Filter;
  readonly transfer: Transfer;
}

/** Not by `instanceof`: there may be two copies of the library. */
export function definitionOf(task: aws_datasync.ITaskRef): TaskDefinition | undefined {
  return (task as { _definition?: TaskDefinition })._definition;
}
