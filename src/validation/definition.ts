import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Filter } from '../filter';
import type { ILocation } from '../location/location';
import type { LocationBinding } from '../location/location-binding';
import type { Options } from '../options';
import { TaskMode } from '../task-mode';

/** What the checks know of a transfer. What is not known is `undefined`, and lets everything pass. */
export interface TransferDefinition {
  readonly mode?: string;
  readonly source?: LocationBinding;
  readonly destination?: LocationBinding;
  readonly hasLogGroup?: boolean;
  readonly hasManifest?: boolean;
}

/** What is known of a task: what its executions are checked against. */
export interface TaskDefinition {
  readonly source?: ILocation;
  readonly destination?: ILocation;
  /** Undefined if it is not known which options are set. */
  readonly options?: Options;
  readonly includes?: Filter;
  readonly excludes?: Filter;
  /** Undefined as well if it is not known. */
  readonly logGroup?: ILogGroup;
  readonly transfer: TransferDefinition;
}

/** Not by `instanceof`: there may be two copies of the library. */
export function definitionOf(task: aws_datasync.ITaskRef): TaskDefinition | undefined {
  return (task as { _definition?: TaskDefinition })._definition;
}

/** A mode that only the deployment knows, or that there is not, is not known. */
export function knownMode(mode: TaskMode | undefined): string | undefined {
  return Object.values<unknown>(TaskMode).includes(mode) ? mode : undefined;
}

/** Whether both sides are known to be object stores, between which there is no POSIX metadata. */
export function isBetweenObjects({ source, destination }: TransferDefinition): boolean {
  return [source, destination].every(side => side?.metadata === 'OBJECT');
}

/** Whether one side is known to be reached through SMB, which has no POSIX metadata. */
export function isOverSmb({ source, destination }: TransferDefinition): boolean {
  return [source, destination].some(side => side?.metadata === 'WINDOWS');
}

/** Whether the pair may have Windows security descriptors to copy. */
export function mayHaveSecurityDescriptors({ source, destination }: TransferDefinition): boolean {
  return [source, destination].every(side => side?.metadata === undefined || side.metadata === 'WINDOWS');
}
