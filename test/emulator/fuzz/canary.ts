import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in every file of the canary: nothing inside the root may ever contain it. */
const CONTENT = 'this must never get into the root';

const FOLDERS = ['', 'folder/below', 'empty', 'export', 'fileserver/export'];
const FILES = ['file', 'folder/file', 'folder/below/file', 'export/file', 'fileserver/export/file'];

/** A tree beside the root that has to stay as it is, and whose content has to stay where it is. */
export class Canary {
  private readonly before: string[];

  constructor(public readonly folder: string) {
    FOLDERS.forEach(path => mkdirSync(join(folder, path), { recursive: true }));
    FILES.forEach(path => writeFileSync(join(folder, path), CONTENT));
    symlinkSync('file', join(folder, 'link'));
    this.before = survey(folder);
  }

  /** What was made, changed, replaced or removed outside the root. */
  public changes(): string[] {
    const after = survey(this.folder);
    return [
      ...this.before.filter(line => !after.includes(line)).map(line => `was ${line}`),
      ...after.filter(line => !this.before.includes(line)).map(line => `is ${line}`),
    ];
  }

  /** Files below the root that hold something of it. */
  public leaksInto(root: string): string[] {
    return filesBelow(root).filter(path => readFileSync(path, 'latin1').includes(CONTENT));
  }

  /** Whether a text holds something of it. */
  public leaksIntoText(text: string): boolean {
    return text.includes(CONTENT);
  }
}

/** All that tells whether somebody wrote: any change of an entry, its owner, mode and times included, changes its ctime. */
function survey(folder: string): string[] {
  return ['', ...readdirSync(folder, { recursive: true }) as string[]].map(path => {
    const { ino, mode, size, nlink, mtimeNs, ctimeNs } = lstatSync(join(folder, path), { bigint: true });
    return `${path || '.'}: ${[ino, mode.toString(8), size, nlink, mtimeNs, ctimeNs].join(' ')}`;
  });
}

/** Regular files, not through links. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}
