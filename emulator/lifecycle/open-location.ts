import { join } from 'node:path';
import { AzureBlobOptions, openAzureBlob } from '../backends/azure-blob';
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
  /** URL of a Blob endpoint that holds the containers of Azure. @default - they are folders, too */
  readonly azureEndpoint?: string;
  /** How objects are reached; absent when the emulator was started without an S3 endpoint. */
  readonly s3?: S3Access;
}

/**
 * Opens the content of a location for one execution.
 *
 * @throws Error when nothing leads there
 */
export function openLocation(location: Location, access: ContentAccess): Backend {
  const { arn, uri, content } = location;
  if (content.kind === 's3') {
    const s3 = content.access ?? access.s3;
    if (!s3) throw new Error(`Location ${arn} is a bucket, and the emulator was started without an S3 endpoint: give --s3-endpoint.`);
    return openS3({ ...s3, anonymous: !s3.credentials, bucket: content.bucket, prefix: content.prefix });
  }
  const container = azureContainerOf(location, access);
  if (container) return openAzureBlob(container);
  const mount = mountOf(uri, access.mounts);
  if (mount) return openDirectory(join(mount.folder, ...mount.below), mount.folder);
  const folders = content.kind === 'directory' ? content.folders : ['azure-blob', content.host, content.container, ...content.folders];
  return openDirectory(join(access.root, ...folders), access.root);
}

/** Where a location of Azure leads to at the Blob endpoint; undefined if a folder stands in for it. */
export function azureContainerOf({ uri, content }: Pick<Location, 'uri' | 'content'>, access: ContentAccess): AzureBlobOptions | undefined {
  if (content.kind !== 'azure-blob' || access.azureEndpoint === undefined || mountOf(uri, access.mounts)) return undefined;
  const { host, container, folders, sasToken } = content;
  return { endpoint: access.azureEndpoint, account: host.split('.')[0], container, folders, sasToken };
}
