import { InvalidRequestError } from '../errors';
import { S3Access } from './s3-access';
import { Resource } from './store';

/** What the rules of tasks need to know about a type of location. */
export interface LocationType {
  /** As ListLocations filters by it. */
  readonly name: 'S3' | 'NFS' | 'EFS';
  /** An AWS storage service: one side of every task has to be one. */
  readonly aws: boolean;
  /** Knows owners, groups and permission bits. */
  readonly posix: boolean;
}

/** Where the content of a location is. */
export type LocationContent =
  | { readonly kind: 'directory'; /** Below the root, outermost first. */ readonly folders: readonly string[] }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string; /** @default - the emulator's S3 endpoint */ readonly access?: S3Access };

/** A location, and where its content is: plain data, so that it can be kept. */
export interface Location extends Resource {
  readonly type: LocationType;
  readonly uri: string;
  readonly agentArns: readonly string[];
  /** Of an S3 location: what new objects get, as S3 calls it. */
  readonly storageClass?: string;
  /** The members of Describe that only this type of location has. */
  readonly details: object;
  readonly content: LocationContent;
}

/**
 * The folders of a Subdirectory, outermost first.
 *
 * @throws InvalidRequestError when it could lead out of its location
 */
export function foldersOf(subdirectory: string): string[] {
  const folders = subdirectory.split('/').filter(folder => folder !== '');
  const escape = folders.find(folder => folder === '.' || folder === '..');
  if (escape) {
    throw new InvalidRequestError(`Invalid parameter: Subdirectory '${subdirectory}' must not contain '${escape}' as a folder.`);
  }
  return folders;
}

/** Tells the service's texts about a missing location. */
export function locationNotFound(arn: string): string {
  return `Location ${arn} is not found.`;
}
