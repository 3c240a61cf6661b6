import { join } from 'node:path';
import type { AzureBlobOptions } from '../backends/azure-blob/backend';
import { openAzureBlob } from '../backends/azure-blob/backend';
import { openDirectory } from '../backends/directory/backend';
import { openS3 } from '../backends/s3/backend';
import type { Backend } from '../engine/backend';
import type { S3Access } from '../local-services/s3-access';
import type { Location } from '../model/location';
import type { Mount } from '../model/mounts';
import { mountOf } from '../model/mounts';

/** What leads to the content of locations on this machine. */
export interface ContentAccess {
  /** Folder that holds the content of every file system. */
  readonly root: string;
  /** Folders elsewhere, for the file systems that have one. */
  readonly mounts: readonly Mount[];
  /** URL of a Blob endpoint that holds the containers of Azure. @default - they are folders, too */
  readonly azureEndpoint?: string;
  /** How objects are reached. @default - buckets are folders, too */
  readonly s3?: S3Access;
}

/**
 * Opens the content of a location for one execution.
 *
 * @throws Error when nothing leads there
 */
export function openLocation(location: Location, access: ContentAccess): Backend {
  const { content } = location;
  const s3 = content.kind === 's3' ? content.access ?? access.s3 : undefined;
  if (content.kind === 's3' && s3) return openS3({ ...s3, anonymous: !s3.credentials, bucket: content.bucket, prefix: content.prefix });
  const container = azureContainerOf(location, access);
  if (container) return openAzureBlob(container);
  const { path, root } = folderOf(location, access)!;
  return openDirectory(path, root);
}

/** The folder that holds or stands in for the content of a location, and the one that it must not lead out of; undefined if a store has the content. */
export function folderOf(location: Pick<Location, 'uri' | 'content'>, access: ContentAccess): { readonly path: string; readonly root: string } | undefined {
  const { uri, content } = location;
  if (content.kind === 's3') {
    if (content.access ?? access.s3) return undefined;
    return { path: join(bucketFolder(access.root, content.bucket), ...content.prefix.split('/')), root: access.root };
  }
  if (azureContainerOf(location, access)) return undefined;
  const mount = mountOf(uri, access.mounts);
  if (mount) return { path: join(mount.folder, ...mount.below), root: mount.folder };
  const folders = content.kind === 'directory' ? content.folders : ['azure-blob', content.host, content.container, ...content.folders];
  return { path: join(access.root, ...folders), root: access.root };
}

/** What stands in for a bucket, if it is there and the emulator has no S3 endpoint. */
export function bucketFolder(root: string, bucket: string): string {
  return join(root, 's3', bucket);
}

/** Where a location of Azure leads to at the Blob endpoint; undefined if a folder stands in for it. */
export function azureContainerOf({ uri, content }: Pick<Location, 'uri' | 'content'>, access: ContentAccess): AzureBlobOptions | undefined {
  if (content.kind !== 'azure-blob' || access.azureEndpoint === undefined || mountOf(uri, access.mounts)) return undefined;
  const { host, container, folders, sasToken } = content;
  return { endpoint: access.azureEndpoint, account: host.split('.')[0], container, folders, sasToken };
}
