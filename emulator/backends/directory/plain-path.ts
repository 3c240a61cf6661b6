import { fstatSync, lstatSync, readlinkSync, statfsSync } from 'node:fs';
import { identityOf, pathTo } from './handle';

/** When a plain path is worth the calls that it takes to be sure of it. */
export const plainPaths = {
  /** Names to look up, for each folder on the way. */
  names: 8,
  /** How long, in ms, a folder has to be unchanged. Times of changes are told by a clock that ticks every 10 ms or oftener. */
  unchanged: 20,
};

/** By their magic numbers: ext, XFS, Btrfs, tmpfs, overlayfs. Nobody but this kernel changes their folders, so it knows at once when they changed. */
const LOCAL = [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630];

/** A folder that is held open, and where it should be. */
export interface HeldPlace {
  /** From the folder of the location, '' for that itself. */
  readonly path: string;
  readonly descriptor: number;
}

interface Watched {
  readonly path: string;
  readonly identity: string;
  readonly changed: bigint;
}

/**
 * The path of a folder as everybody sees it. Through the descriptor of a folder every look takes nearly twice as long, but stays in that folder. What
 * was seen by way of the plain path counts if `isUnchanged` afterwards: each folder on the way, from that of the location on, is in its place, and
 * nothing in it was made, renamed or removed. So no other folder and no link can have been in the place of one of them, not even for a moment.
 */
export class PlainPath {
  /** @param places the folder of the location and those on the way to the folder, which is the last one */
  public static of(places: readonly HeldPlace[]): PlainPath | undefined {
    try {
      const settled = BigInt(Date.now() - plainPaths.unchanged) * 1_000_000n;
      const [location] = places;
      if (!LOCAL.includes(statfsSync(pathTo(location.descriptor)).type)) return undefined;
      const root = readlinkSync(pathTo(location.descriptor)).replace(/\/$/, '');
      const held = places.map(({ descriptor }) => fstatSync(descriptor, { bigint: true }));
      const isReliable = held.every(({ dev, ctimeNs }) => dev === held[0].dev && ctimeNs < settled); // all of it in the local file system
      if (!isReliable) return undefined;
      const plain = new PlainPath(places.map(({ path }, i): Watched => (
        { path: path === '' ? root : `${root}/${path}`, identity: identityOf(held[i]), changed: held[i].ctimeNs }
      )));
      return plain.isUnchanged() ? plain : undefined;
    } catch {
      return undefined; // the way through the descriptor will tell
    }
  }

  private constructor(private readonly watched: readonly Watched[]) {}

  /** What is in the folder comes after a slash. */
  public get path(): string {
    return this.watched[this.watched.length - 1].path;
  }

  public isUnchanged(): boolean {
    return this.watched.every(({ path, identity, changed }) => {
      const found = lstatSync(path === '' ? '/' : path, { bigint: true, throwIfNoEntry: false });
      return found !== undefined && identityOf(found) === identity && found.ctimeNs === changed;
    });
  }
}
