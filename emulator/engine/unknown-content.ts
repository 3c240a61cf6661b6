import type { Item } from './backend';
import { compareKeys } from './order';

/**
 * Folders that could not be listed: what lies below them on that side is not known, so nothing there may be deleted or overwritten. An item that
 * was replaced while it was listed, or of which nothing is known, can be a folder as well, whatever its key says.
 */
export class UnknownContent {
  private readonly source = new UnknownFolders();
  private readonly destination = new UnknownFolders();

  public note(source: Item | undefined, destination: Item | undefined): void {
    this.source.note(source);
    this.destination.note(destination);
  }

  /** Is the item in such a folder at the source, or that folder itself? */
  public atSource(key: string): boolean {
    return this.source.around(key) !== undefined;
  }

  /** Is the item in such a folder at the destination? */
  public atDestination(key: string): boolean {
    const folder = this.destination.around(key);
    return folder !== undefined && key !== folder;
  }
}

/** Keys of folders, as a listing comes to them. Only those are held that something can still come below. */
class UnknownFolders {
  private folders: string[] = [];

  public note(item: Item | undefined): void {
    if (!item || item.error === undefined || !(item.kind === 'folder' || item.unlisted)) return;
    const folder = item.key === '' || item.key.endsWith('/') ? item.key : `${item.key}/`;
    this.folders = this.folders.filter(each => item.key.startsWith(each) || compareKeys(item.key, each) < 0);
    if (this.around(folder) === undefined) this.folders.push(folder); // one inside another ends before it
  }

  /** The outermost folder that the key is in, or of. */
  public around(key: string): string | undefined {
    return this.folders.find(folder => key.startsWith(folder));
  }
}
