import { join } from 'node:path';
import { openDirectory } from '../backends/directory';
import { openS3 } from '../backends/s3';
import type { Backend } from '../engine/types';
import { Location } from '../model/location';
import { Mount, mountOf } from '../model/mounts';
import { S3Access } from '../model/s3-access';

/** What leads to the content of locations on this machine. */
export interface ContentAccess {
  /** Folder that holds the content of every file system. */
  readonly root: string;
  /** Folders elsewhere, for the file systems that have one. */
  readonly mounts: readonly Mount[];
  /** How objects are reached; absent when the emulator was started without an S3 endpoint. */
  readonly s3?: S3Access;
}

/**
 * Opens the content of a location for one execution.
 *
 * @throws Error when nothing leads there
 */
export function openLocation({ arn, uri, content }: Location, { root, mounts, s3 }: ContentAccess): Backend {
  if (content.kind === 'directory') {
    const mount = mountOf(uri, mounts);
    return mount ? openDirectory(join(mount.folder, ...mount.below), mount.folder) : openDirectory(join(root, ...content.folders), root);
  }
  const access = content.access ?? s3;
  if (!access) throw new Error(`Location ${arn} is a bucket, and the emulator was started without an S3 endpoint: give --s3-endpoint.`);
  return openS3({ ...access, anonymous: !access.credentials, bucket: content.bucket, prefix: content.prefix });
}
