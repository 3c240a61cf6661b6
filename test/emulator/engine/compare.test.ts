import type { Item } from '../../../emulator/engine/backend';
import { compare } from '../../../emulator/engine/compare';

const [ONE, OTHER] = ['d41d8cd98f00b204e9800998ecf8427e', '0123456789abcdef0123456789abcdef'];
const object = (size: number, etag: string, more: Partial<Item> = {}): Item => ({ key: 'o', kind: 'file', size, object: { etag, user: {} }, ...more });
const folder = (size: number, etag: string, more?: Partial<Item>) => object(size, etag, { key: 'o/', kind: 'folder', ...more });
const implicit: Item = { key: 'o/', kind: 'folder', size: 0, implicit: true };

test.each([
  ['the same content', object(1, ONE), object(1, ONE), 'none'],
  ['other content', object(1, ONE), object(1, OTHER), 'content'],
  ['nothing on both sides, with ETags of a store that encrypts', object(0, ONE), object(0, OTHER), 'none'],
  ['a folder with other content', folder(1, ONE), folder(1, OTHER), 'content'],
  ['a folder without content, with ETags of a store that encrypts', folder(0, ONE), folder(0, OTHER), 'none'],
  ['a folder with content that is only a part of keys at the destination', folder(1, ONE), implicit, 'content'],
  ['a folder without content that is only a part of keys at the destination', folder(0, ONE), implicit, 'metadata'],
  ['a folder that is only a part of keys at the source', implicit, folder(1, ONE), 'none'],
  ['a folder with content that is the bucket itself at the destination', folder(1, ONE), { ...implicit, bare: true }, 'none'],
])('%s', (_, source, destination, change) => {
  const everything = { mtime: true, mode: true, uid: true, gid: true };
  expect(compare(source, destination, everything)).toBe(change);
});
