import { Annotations, Aspects } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { inLanguageOfApp } from './app-language';

/** What is legal but most likely not meant. The ids are part of the public contract: users acknowledge warnings by them. */
export type WarningId =
  | 'agentInstanceArchitecture'
  | 'agentInstanceSmall'
  | 'agentWithoutWayOut'
  | 'aliasAsKey'
  | 'bucketOfOtherAccount'
  | 'chainedStart'
  | 'endpointGroupsUnknown'
  | 'eventsElsewhere'
  | 'fileSystemPolicyWithoutRole'
  | 'filterBackslash'
  | 'filterEmptyPattern'
  | 'filterNotAnchored'
  | 'keyNotChangeable'
  | 'keyOfOtherAccount'
  | 'locationUnused'
  | 'locationsOverlap'
  | 'logGroupUnused'
  | 'logLevelWithoutLogGroup'
  | 'networkRuleMissing'
  | 'objectOwnership'
  | 'objectTagsUnsupported'
  | 'ownershipHalf'
  | 'ownershipUnsupported'
  | 'posixOptionsOverSmb'
  | 'queueingDisabled'
  | 'reportsDeleted'
  | 'roleNotChangeable'
  | 'sameFilters'
  | 'secretKeyUnknown'
  | 'secretOfOtherAccount'
  | 'smbPrincipal'
  | 'taskBesideManifest'
  | 'timeFrameIgnored'
  | 'verifyModeOfArchive';

export function warn(scope: IConstruct, id: WarningId, message: string): void {
  const fullId = `cdk-datasync:${id}`;
  const acknowledgement = inLanguageOfApp(`Annotations.of(construct).acknowledgeWarning('${fullId}')`);
  Annotations.of(scope).addWarningV2(fullId, `${inLanguageOfApp(message)}. If that is what you want: ${acknowledgement}`);
}

/** For warnings that depend on what is declared after the construct: at synthesis all of it has been. */
export function whenSynthesized(construct: IConstruct, action: () => void): void {
  Aspects.of(construct).add({ visit: node => node === construct && action() });
}
