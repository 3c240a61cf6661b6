import { DEFAULTS } from './run-transfer';
import type { Backend, Item } from '../../../emulator/engine/backend';
import { aspectsOf, compare, isContentInDoubt } from '../../../emulator/engine/compare';

const [ONE, OTHER] = ['d41d8cd98f00b204e9800998ecf8427e', '0123456789abcdef0123456789abcdef'];
const object = (size: number, etag: string, more: Partial<Item> = {}): Item => ({ key: 'o', kind: 'file', size, object: { etag, user: {} }, ...more });
const folder = (size: number, etag: string, more?: Partial<Item>) => object(size, etag, { key: 'o/', kind: 'folder', ...more });
const multipart = (etag: string, lastModified: number): Item => ({ key: 'o', kind: 'file', size: 1, object: { etag: `${etag}-2`, lastModified, user: {} } });
const file = (mtime: readonly [number, number]): Item => ({ key: 'f', kind: 'file', size: 1, posix: { mode: 0o644, uid: 0, gid: 0, mtime, atime: [0, 0] } });
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
  ['an object whose ETag is no digest and that the destination has had since', multipart('one', 1), multipart('other', 2), 'none'],
  ['an object whose ETag is no digest and that is newer than that of the destination', multipart('one', 2), multipart('other', 1), 'content'],
  ['the same file, whose time differs by less than the service tells', file([1, 1_000]), file([1, 1_999]), 'none'],
  ['a file of another time', file([1, 1_000]), file([1, 2_000]), 'content'],
  ['a file from before 1970, whose time differs by less than a second', file([-1, 0]), file([-1, 500_000_000]), 'none'],
])('a comparison of %s', (_, source, destination, change) => {
  const everything = { mtime: true, mode: true, uid: true, gid: true };
  expect(compare(source, destination, everything)).toBe(change);
});

test('the content of an object whose ETag is no digest is in doubt unless the source is newer', () => {
  expect(isContentInDoubt(multipart('one', 1), multipart('other', 2))).toBe(true);
  expect(isContentInDoubt(multipart('one', 2), multipart('other', 1))).toBe(false);
  expect(isContentInDoubt(multipart('one', 1), multipart('one', 1))).toBe(false);
});

test('owner and group count where the destination keeps them', () => {
  const counted = (keepsOwner: boolean) => {
    const { uid, gid } = aspectsOf(DEFAULTS, { keepsOwner } as Backend);
    return { uid, gid };
  };
  expect(counted(true)).toEqual({ uid: true, gid: true });
  expect(counted(false)).toEqual({ uid: false, gid: false });
});
