import type { Item } from './types';

/** Folders that could not be listed: what lies below them on that side is not known, so nothing there may be deleted or overwritten. */
export class UnknownContent {
  private source: string | undefined;
  private destination: string | undefined;

  public note(source: Item | undefined, destination: Item | undefined): void {
    // one inside another ends before it
    if (source?.kind === 'folder' && source.error !== undefined && !this.atSource(source.key)) this.source = source.key;
    if (destination?.kind === 'folder' && destination.error !== undefined && !this.atDestination(destination.key)) this.destination = destination.key;
  }

  public atSource(key: string): boolean {
    return this.source !== undefined && key.startsWith(this.source);
  }

  public atDestination(key: string): boolean {
    return this.destination !== undefined && key.startsWith(this.destination) && key !== this.destination;
  }
}
