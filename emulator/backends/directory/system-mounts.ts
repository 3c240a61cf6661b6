import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** One mounted file system, as `/proc/<pid>/mountinfo` has it (proc_pid_mountinfo(5)). */
export interface SystemMount {
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
export function readSystemMounts(): SystemMount[] {
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return [];
  }
}

export function parseMountInfo(mountinfo: string): SystemMount[] {
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
export function namesOfFolder(path: string, mounts: readonly SystemMount[], mount?: number): string[] {
  const own = mounts.find(({ id }) => id === mount) ?? systemMountOf(path, mounts);
  if (!own) return [];
  const names = namesIn(own, path, mounts);
  for (const below of visibleBelow(own, path, mounts)) names.push(...namesIn(below, below.point, mounts));
  return [...new Set(names)];
}

/** Is something mounted at the path itself, and not hidden by what was mounted over a folder above it later? */
export function isMountPoint(path: string, mounts: readonly SystemMount[]): boolean {
  return systemMountOf(path, mounts)?.point === path;
}

/** Without its id: the mount that somebody who follows the path from the root ends in. */
export function systemMountOf(path: string, mounts: readonly SystemMount[]): SystemMount | undefined {
  const leading = mounts.filter(({ point }) => isInside(path, point));
  const ids = new Set(leading.map(({ id }) => id));
  let found = firstOn(leading.filter(({ id, parent }) => parent === id || !ids.has(parent)));
  for (let next = found; next; next = firstOn(leading.filter(({ id, parent }) => parent === found!.id && id !== parent))) found = next;
  return found;
}

/** Of mounts on one path the one that comes first. */
function firstOn(mounts: readonly SystemMount[]): SystemMount | undefined {
  return mounts.reduce<SystemMount | undefined>((first, mount) => first && first.point.length <= mount.point.length ? first : mount, undefined);
}

function namesIn(mount: SystemMount, path: string, mounts: readonly SystemMount[], depth = 0): string[] {
  const inside = posix.join(mount.root, posix.relative(mount.point, path));
  const names = [`${mount.device}:${withSlash(inside)}`];
  if (mount.type !== 'overlay' || depth > 8) return names;
  for (const layer of layersOf(mount)) {
    const folder = posix.join(layer, inside);
    const under = systemMountOf(folder, mounts);
    if (under) names.push(...namesIn(under, folder, mounts, depth + 1));
  }
  return names;
}

/** The folders that an overlay shows. Relative paths count from where it was mounted, which nothing tells: any folder above it may be that. */
function layersOf({ options, point }: SystemMount): string[] {
  const above: string[] = [];
  for (let folder = posix.dirname(point); above[above.length - 1] !== folder; folder = posix.dirname(folder)) above.push(folder);
  return options.flatMap(option => {
    const [, name, value] = /^(upperdir|lowerdir\+?|datadir\+)=(.*)$/s.exec(option) ?? [];
    if (name === undefined) return [];
    return (name === 'lowerdir' ? value.split(/(?<!\\):+/) : [value]).map(folder => folder.replace(/\\([:,\\])/g, '$1'));
  }).flatMap(folder => folder.startsWith('/') ? [folder] : above.map(each => posix.join(each, folder)));
}

/** What is mounted below a folder and not hidden by something that was mounted over it. */
function visibleBelow(mount: SystemMount, path: string, mounts: readonly SystemMount[]): SystemMount[] {
  const children = mounts.filter(({ id, parent, point }) => parent === mount.id && id !== mount.id && isInside(point, path));
  const visible = children.filter(({ point }) => !children.some(other => other.point !== point && isInside(point, other.point)));
  return visible.map(child => onTop(child, mounts)).flatMap(child => [child, ...visibleBelow(child, child.point, mounts)]);
}

/** What was mounted last in the place of a mount. */
function onTop(mount: SystemMount, mounts: readonly SystemMount[]): SystemMount {
  const over = mounts.find(({ parent, point, id }) => parent === mount.id && point === mount.point && id !== mount.id);
  return over ? onTop(over, mounts) : mount;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(withSlash(folder));
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
