import { readFileSync } from 'fs';
import { posix } from 'path';

/** One mounted file system, as `/proc/<pid>/mountinfo` has it (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** Major and minor number. All subvolumes of one Btrfs have the same here, though `stat` has another for each. */
  readonly device: string;
  /** The folder of the file system that is mounted: of a bind mount the one that it was made from, of Btrfs with the subvolume. */
  readonly root: string;
  readonly point: string;
  readonly isReadOnly: boolean;
  readonly type: string;
  /** Options of the file system, such as the folders that an overlay is made of. */
  readonly options: readonly string[];
}

/** Every mount that this process has, in the order in which they were made; empty elsewhere than on Linux. */
export function readMounts(): Mount[] {
  try {
    return parseMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}

export function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').filter(line => line !== '').flatMap(line => {
    const fields = line.split(' ');
    const [id, parent, device, root, point, flags] = fields;
    const separator = fields.indexOf('-', 6); // after any number of optional fields
    if (separator < 0) return [];
    const [type, , options = ''] = fields.slice(separator + 1);
    return [{
      id: Number(id),
      parent: Number(parent),
      device,
      root: unescape(root),
      point: unescape(point),
      isReadOnly: `${flags},${options}`.split(',').includes('ro'), // the mount, or the whole file system
      type,
      options: unescape(options).split(/(?<!\\),/),
    }];
  });
}

/** A space, tab, line feed, backslash and `#` come as octal numbers. */
function unescape(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/**
 * What a folder is whatever leads there: device and path inside the file system, with a slash at the end. Of two folders that share something
 * a name of one begins with a name of the other: what is mounted below a folder counts, and so do the layers of an overlay.
 *
 * @param path real path of the folder
 * @param mount id of the mount that it is in, where that is known
 */
export function namesOfFolder(path: string, mounts: readonly Mount[], mount?: number): string[] {
  const own = mounts.find(({ id }) => id === mount) ?? mountOf(path, mounts);
  if (!own) return [];
  const names = namesIn(own, path, mounts);
  for (const below of visibleBelow(own, path, mounts)) names.push(...namesIn(below, below.point, mounts));
  return [...new Set(names)];
}

/** Is something mounted at the path itself? */
export function isMountPoint(path: string, mounts: readonly Mount[]): boolean {
  return mounts.some(({ point }) => point === path);
}

/** Without its id: the mount with the longest path that leads there, of several the one on top. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) if (isInside(path, mount.point) && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  return found;
}

function namesIn(mount: Mount, path: string, mounts: readonly Mount[], depth = 0): string[] {
  const inside = posix.join(mount.root, posix.relative(mount.point, path));
  const names = [`${mount.device}:${withSlash(inside)}`];
  if (mount.type !== 'overlay' || depth > 8) return names;
  for (const layer of layersOf(mount)) {
    const folder = posix.join(layer, inside);
    const under = mountOf(folder, mounts);
    if (under) names.push(...namesIn(under, folder, mounts, depth + 1));
  }
  return names;
}

/** The folders that an overlay shows, as far as they have absolute paths. */
function layersOf({ options }: Mount): string[] {
  return options.flatMap(option => {
    const [, name, value] = /^(upperdir|lowerdir\+?|datadir\+)=(.*)$/s.exec(option) ?? [];
    if (name === undefined) return [];
    return (name === 'lowerdir' ? value.split(/(?<!\\):+/) : [value]).map(folder => folder.replace(/\\([:,\\])/g, '$1'));
  }).filter(folder => folder.startsWith('/'));
}

/** What is mounted below a folder and not hidden by something that was mounted over it. */
function visibleBelow(mount: Mount, path: string, mounts: readonly Mount[]): Mount[] {
  const children = mounts.filter(({ id, parent, point }) => parent === mount.id && id !== mount.id && isInside(point, path));
  const visible = children.filter(({ point }) => !children.some(other => other.point !== point && isInside(point, other.point)));
  return visible.map(child => onTop(child, mounts)).flatMap(child => [child, ...visibleBelow(child, child.point, mounts)]);
}

/** What was mounted last in the place of a mount. */
function onTop(mount: Mount, mounts: readonly Mount[]): Mount {
  const over = mounts.find(({ parent, point, id }) => parent === mount.id && point === mount.point && id !== mount.id);
  return over ? onTop(over, mounts) : mount;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(withSlash(folder));
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
