import type { TaskMode } from '@aws-sdk/client-datasync';
import { InvalidRequestError } from '../errors';
import type { Resource } from './store';
import type { S3Access } from '../local-services/s3-access';

/** What the rules of tasks need to know about a type of location. */
export interface LocationType {
  /** As ListLocations filters by it. */
  readonly name:
    | 'S3' | 'EFS' | 'FSX_LUSTRE' | 'FSX_OPENZFS_NFS' | 'FSX_ONTAP_NFS' | 'FSX_ONTAP_SMB' | 'FSX_WINDOWS'
    | 'NFS' | 'SMB' | 'HDFS' | 'OBJECT_STORAGE' | 'AZURE_BLOB';
  /** An AWS storage service: one side of every task has to be one. */
  readonly aws: boolean;
  /** Knows owners, groups and permission bits. */
  readonly posix: boolean;
  /** Speaks SMB, which has security descriptors in place of owners, groups and permission bits. */
  readonly windows?: boolean;
  /** The only task mode that it is for, and why. */
  readonly onlyMode?: { readonly mode: TaskMode; readonly reason: string };
}

/** Where the content of a location is. */
export type LocationContent =
  | { readonly kind: 'directory'; /** Below the root, outermost first. */ readonly folders: readonly string[] }
  | { readonly kind: 'azure-blob'; readonly host: string; readonly container: string; /** Below the container. */ readonly folders: readonly string[]; readonly sasToken?: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string; /** @default - the emulator's S3 endpoint */ readonly access?: S3Access };

/** What follows from the settings of a location. */
export interface DerivedMembers {
  readonly type: LocationType;
  readonly uri: string;
  readonly agentArns: readonly string[];
  /** Of an S3 location the storage class, of one in Azure the access tier that new objects get, as these call it. */
  readonly storageClass?: string;
  /** The members of Describe that only this type of location has. */
  readonly details: object;
  readonly content: LocationContent;
}

/** A location: plain data, so that it can be kept. An update replaces its settings, and with them everything that follows from them. */
export interface Location extends Resource, DerivedMembers {
  /** The operations are `CreateLocation<api>`, `DescribeLocation<api>` and `UpdateLocation<api>`. */
  readonly api: string;
  /** The members of the create request, secrets included, as updates left them. */
  readonly settings: object;
}

/**
 * The folders of a Subdirectory, outermost first.
 *
 * @throws InvalidRequestError when it could lead out of its location
 */
export function foldersOf(subdirectory: string): string[] {
  const folders = subdirectory.split('/').filter(folder => folder !== '');
  const escape = folders.find(folder => folder === '.' || folder === '..' || folder.includes('\0'));
  if (escape?.includes('\0')) throw new InvalidRequestError('Invalid parameter: Subdirectory must not contain a NUL character.');
  if (escape) {
    throw new InvalidRequestError(`Invalid parameter: Subdirectory '${subdirectory}' must not contain '${escape}' as a folder.`);
  }
  return folders;
}

/** The end of a location's URI: a slash behind each folder, as the service has it however the Subdirectory was written. */
export function joinFolders(folders: readonly string[]): string {
  return folders.map(folder => `${folder}/`).join('');
}

/**
 * The prefix of an object store's keys: a Subdirectory with a slash at its end and none at its start, as the service adds and removes them.
 *
 * @throws InvalidRequestError when it could lead out of its location
 */
export function prefixOf(subdirectory: string): string {
  // Unlike a file system, a bucket tells `a//b` from `a/b`; the service transfers neither such keys nor what is below them.
  if (/[^/]\/\/+[^/]/.test(subdirectory)) throw new InvalidRequestError(`Invalid parameter: Subdirectory '${subdirectory}' must not contain '//'.`);
  return joinFolders(foldersOf(subdirectory));
}

/** The service's text about a missing location. */
export function locationNotFound(arn: string): string {
  return `Location ${arn} is not found.`;
}
