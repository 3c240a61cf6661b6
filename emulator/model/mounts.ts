import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** A folder that stands in for a file system, or for a part of one. */
export interface Mount {
  /** What LocationUri begins with, without a slash at its end. */
  readonly uri: string;
  readonly folder: string;
}

const SCHEMES = ['nfs', 'smb', 'hdfs', 'efs', 'fsxl', 'fsxz', 'fsxw', 'fsxn-nfs', 'fsxn-smb', 'azure-blob'];

/**
 * Mounts, the most specific first.
 *
 * @param mounts beginnings of location URIs, and the folder that each leads to
 * @throws Error when one of them is no URI of a file system, or no folder
 */
export function parseMounts(mounts: Readonly<Record<string, string>>): Mount[] {
  return Object.entries(mounts).map(([uri, folder]) => {
    const [, scheme, path] = /^([a-z-]+):\/\/([^/].*)$/.exec(uri) ?? [];
    if (!SCHEMES.includes(scheme) || path.split('/').some(part => part === '.' || part === '..')) {
      throw new Error(`mount '${uri}' must begin like the LocationUri of a file system, such as nfs://host/export; the schemes are ${SCHEMES.join(', ')}`);
    }
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`mount '${uri}' leads to '${folder}', which is not an existing folder`);
    return { uri: `${scheme}://${path.split('/').filter(part => part !== '').join('/')}`, folder: resolve(folder) };
  }).sort((one, other) => other.uri.length - one.uri.length);
}

/** The folder that a location's URI leads to: the mounted one, and the folders below it. */
export function mountOf(locationUri: string, mounts: readonly Mount[]): { folder: string; below: string[] } | undefined {
  const mount = mounts.find(({ uri }) => locationUri === uri || locationUri.startsWith(`${uri}/`));
  return mount && { folder: mount.folder, below: locationUri.slice(mount.uri.length).split('/').filter(part => part !== '') };
}
