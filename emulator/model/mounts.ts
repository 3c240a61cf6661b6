import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** A folder that stands in for a file system, or for a part of one. */
export interface Mount {
  /** What LocationUri begins with, without a slash at its end. */
  readonly uri: string;
  readonly folder: string;
}

const ANY_HOST = [/^/, 'fileserver.example.com'] as const;
const FILE_SYSTEM = [/^[a-z0-9-]+\.fs-[0-9a-f]+$/, 'us-east-1.fs-0123456789abcdef0'] as const;
const STORAGE_VIRTUAL_MACHINE = [/^[a-z0-9-]+\.fs-[0-9a-f]+\.svm-[0-9a-f]+$/, 'us-east-1.fs-0123456789abcdef0.svm-0123456789abcdef0'] as const;

/** What stands before the first slash of each scheme's URIs, and an example. */
const HOSTS: Readonly<Record<string, readonly [form: RegExp, example: string]>> = {
  'nfs': ANY_HOST,
  'smb': ANY_HOST,
  'hdfs': [/:\d+$/, 'namenode.example.com:8020'],
  'efs': FILE_SYSTEM,
  'fsxl': FILE_SYSTEM,
  'fsxz': FILE_SYSTEM,
  'fsxw': FILE_SYSTEM,
  'fsxn-nfs': STORAGE_VIRTUAL_MACHINE,
  'fsxn-smb': STORAGE_VIRTUAL_MACHINE,
  'azure-blob': ANY_HOST,
};

/** Is the location of a kind that a folder can stand in for? Buckets are none. */
export function isMountable(uri: string): boolean {
  return Object.hasOwn(HOSTS, uri.slice(0, uri.indexOf(':')));
}

/**
 * Mounts, the most specific first.
 *
 * @param mounts beginnings of location URIs, and the folder that each leads to
 * @throws Error when one of them is no URI of a file system, or no folder
 */
export function parseMounts(mounts: Readonly<Record<string, string>>): Mount[] {
  const parsed = new Map<string, Mount>();
  for (const [uri, folder] of Object.entries(mounts)) {
    const mount = { uri: tidy(uri), folder: resolve(folder) };
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`mount '${uri}' leads to '${folder}', which is not an existing folder`);
    if (parsed.has(mount.uri)) throw givenTwice(mount.uri);
    parsed.set(mount.uri, mount);
  }
  return [...parsed.values()].sort((one, other) => other.uri.length - one.uri.length);
}

export function givenTwice(uri: string): Error {
  return new Error(`mount '${uri}' is given twice`);
}

function tidy(uri: string): string {
  const [, scheme, path] = /^([a-z-]+):\/\/([^/].*)$/.exec(uri) ?? [];
  const parts = path?.split('/').filter(part => part !== '') ?? [];
  if (!Object.hasOwn(HOSTS, scheme ?? '') || parts.some(part => part === '.' || part === '..')) {
    throw new Error(`mount '${uri}' must begin like the LocationUri of a file system, such as nfs://host/export; the schemes are ${Object.keys(HOSTS).join(', ')}`);
  }
  const [form, example] = HOSTS[scheme];
  if (!form.test(parts[0])) throw new Error(`mount '${uri}' is the beginning of no LocationUri: those begin like ${scheme}://${example}`);
  return `${scheme}://${parts.join('/')}`;
}

/** The folder that a location's URI leads to: the mounted one, and the folders below it. */
export function mountOf(locationUri: string, mounts: readonly Mount[]): { folder: string; below: string[] } | undefined {
  const mount = mounts.find(({ uri }) => locationUri === uri || locationUri.startsWith(`${uri}/`));
  return mount && { folder: mount.folder, below: locationUri.slice(mount.uri.length).split('/').filter(part => part !== '') };
}
