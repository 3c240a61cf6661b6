import { createCipheriv } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file or symbolic link of the tree. */
export interface TreeItem {
  /** Below the top of the tree, with `/` between names. */
  readonly path: string;
  readonly size: number;
  /** `755` */
  readonly permissions: string;
  /** Of a symbolic link. */
  readonly target?: string;
  /** Why it stays behind when the examples copy the tree. */
  readonly leftOut?: 'not included' | 'excluded';
}

const MIB = 1024 * 1024;

/**
 * What the examples copy: more than 1,000 files, nested, with names and kinds of files that are easy to get wrong, and
 * some that their filters leave out.
 */
export function plannedTree(): TreeItem[] {
  const items: TreeItem[] = [];
  const file = (path: string, size: number, more: Partial<TreeItem> = {}) => items.push({ path, size, permissions: '644', ...more });

  for (let year = 2017; year < 2027; year++) {
    for (let month = 1; month <= 12; month++) {
      const folder = `data/${year}/${String(month).padStart(2, '0')}`;
      for (let number = 1; number <= 9; number++) file(`${folder}/measurement-${number}.csv`, 40 * month + 997 * number);
      if (month % 6 === 0) file(`${folder}/export.csv.tmp`, 123, { leftOut: 'excluded' });
    }
  }
  for (let number = 1; number <= 25; number++) file(`data/cache/block-${number}`, 4096, { leftOut: 'excluded' });
  for (let number = 1; number <= 15; number++) file(`private/letter-${number}.txt`, 700, { leftOut: 'not included' });
  file('data/empty.csv', 0);
  file('read me.txt', 2000);
  file('media/Ausflug nach Füssen, 3. März/Größe & Maß (1).jpg', 150_000);
  file('media/写真/富士山 2026.jpg', 220_000);
  file('media/100% "quoted" + plus=equals #1?.txt', 321);
  file('media/film.mov', 72 * MIB + 1);
  file('tools/bin/report.sh', 600, { permissions: '755' });
  file('tools/latest', 'bin/report.sh'.length, { permissions: '777', target: 'bin/report.sh' });
  return items;
}

/** Writes the tree below a folder. */
export async function writeTree(top: string, items: readonly TreeItem[]): Promise<void> {
  for (const [index, { path, size, permissions, target }] of items.entries()) {
    const file = join(top, path);
    await mkdir(dirname(file), { recursive: true });
    const mode = parseInt(permissions, 8);
    if (target) await symlink(target, file);
    else if (size < MIB) await writeFile(file, content(index).update(Buffer.alloc(size)), { mode });
    else await pipeline(Readable.from(zeros(size)), content(index), createWriteStream(file, { mode }));
  }
}

/** Turns zeros into bytes that do not repeat, differ from file to file and are the same in each run. */
function content(seed: number) {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, 'cdk-datasync'), Buffer.alloc(16, `file ${seed};`));
}

function* zeros(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= MIB) yield Buffer.alloc(Math.min(left, MIB));
}
