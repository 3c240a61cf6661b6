import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** What is legal but most likely not meant. The ids are part of the public contract: users acknowledge warnings by them. */
export type WarningId =
  | 'bucketOfOtherAccount'
  | 'filterBackslash'
  | 'logGroupUnused'
  | 'logLevelWithoutLogGroup'
  | 'ownershipHalf'
  | 'ownershipUnsupported'
  | 'queueingDisabled'
  | 'roleNotChangeable'
  | 'verifyModeOfArchive';

export function warn(scope: IConstruct, id: WarningId, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-datasync:${id}`, message);
}
