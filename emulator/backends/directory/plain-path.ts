import { lstatSync, readlinkSync, statfsSync } from 'node:fs';
import { pathTo } from './handle';

/** When a plain path is worth the calls that it takes to be sure of it. */
export const plainPaths = {
  /** Names to look up, for each folder on the way. */
  names: 8,
  /** How long, in ms, a folder has to be unchanged. Times of changes are told by a clock that ticks every 10 ms or oftener. */
  unchanged: 20,
};

/** By their magic numbers: ext, XFS, Btrfs, tmpfs, overlayfs. Nobody but this kernel changes their folders, so it knows at once when they changed. */
const LOCAL = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630];

/** What tells a folder from all others of this machine. */
export interface Identity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** A folder that is held open, and where it should be. */
export interface HeldPlace {
  readonly path: string;
  readonly identity: Identity;
}

/** The path of a folder that is held open, if it is in a local file system and can be told. Without a slash at its end. */
export function localPath(descriptor: number): string | undefined {
  try {
    return LOCAL.includes(statfsSync(pathTo(descriptor)).type) ? readlinkSync(pathTo(descriptor)).replace(/\/$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The path of a folder as everybody sees it. Through the descriptor of a folder every look takes nearly twice as long, but stays in that folder. What
 * was seen by way of the plain path counts if `isUnchanged` afterwards: each folder on the way, from that of the location on, is in its place, and
 * nothing in it was made, renamed or removed. So no other folder and no link can have been in the place of one of them, not even for a moment.
 */
export class PlainPath {
  /** @param places the folder of the location, which has a `localPath`, and those on the way to the folder, which is the last one */
  public static of(places: readonly HeldPlace[]): PlainPath | undefined {
    const settled = BigInt(Date.now() - plainPaths.unchanged) * 1_000_000n;
    const changes = places.map(changeOf);
    const isReliable = places.every(({ identity: { dev } }, i) => dev === places[0].identity.dev && changes[i] !== undefined && changes[i] < settled);
    return isReliable ? new PlainPath(places, changes) : undefined;
  }

  private constructor(private readonly places: readonly HeldPlace[], private readonly changes: ReadonlyArray<bigint | undefined>) {}

  /** What is in the folder comes after a slash. */
  public get path(): string {
    return this.places[this.places.length - 1].path;
  }

  public isUnchanged(): boolean {
    return this.places.every((place, i) => changeOf(place) === this.changes[i]);
  }
}

/** When the folder changed, in nanoseconds, if it is in its place. */
function changeOf({ path, identity }: HeldPlace): bigint | undefined {
  try {
    const { dev, ino, ctimeNs } = lstatSync(path === '' ? '/' : path, { bigint: true });
    return dev === identity.dev && ino === identity.ino ? ctimeNs : undefined;
  } catch {
    return undefined;
  }
}
