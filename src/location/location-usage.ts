import type { IConstruct } from 'constructs';
import type { Direction } from './location-binding';
import { warn } from '../validation/warnings';

/**
 * How a location is used whose permissions depend on it: it may be read in any case, and written where a task of this app does so, or where
 * the user says that somebody else does.
 */
export class LocationUsage {
  private isUsed = false;
  private isWritten = false;

  /**
   * @param writable what the user says of uses that this app does not know
   * @param allowWriting is called at most once, possibly at once
   */
  constructor(
    private readonly location: IConstruct,
    private readonly writable: boolean | undefined,
    private readonly allowWriting: () => void,
  ) {
    if (writable) this.write();
  }

  public by(direction: Direction): void {
    this.isUsed = true;
    if (direction === 'destination') this.write();
  }

  /** For the time of synthesis. */
  public warnIfUnused(): void {
    if (this.isUsed || this.writable !== undefined) return;
    warn(this.location, 'locationUnused', 'no Task of this app uses the location, so it gets the permissions to read only; '
      + 'if something else writes to it, set writable to true, if it is only read, to false');
  }

  private write(): void {
    if (this.isWritten) return;
    this.isWritten = true;
    this.allowWriting();
  }
}
