import { DEFAULTS } from './run-transfer';
import type { Backend, Item, ObjectMetadata, PosixMetadata } from '../../../emulator/engine/backend';
import { aspectsOf, compare, isContentInDoubt, needsDescription } from '../../../emulator/engine/compare';

const [ONE, OTHER] = ['d41d8cd98f00b204e9800998ecf8427e', '0123456789abcdef0123456789abcdef'];
const object = (size: number, etag: string, more: Partial<Item> = {}): Item => ({ key: 'o', kind: 'file', size, object: { etag, user: {} }, ...more });
const folder = (size: number, etag: string, more?: Partial<Item>) => object(size, etag, { key: 'o/', kind: 'folder', ...more });
const multipart = (etag: string, lastModified: number): Item => ({ key: 'o', kind: 'file', size: 1, object: { etag: `${etag}-2`, lastModified, user: {} } });
const file = (mtime: readonly [number, number]): Item => ({ key: 'f', kind: 'file', size: 1, posix: { mode: 0o644, uid: 0, gid: 0, mtime, atime: [0, 0] } });
const posix = (more: Partial<PosixMetadata> = {}, item: Partial<Item> = {}): Item => {
  const metadata = { mode: 0o644, uid: 1, gid: 1, mtime: [1, 0], atime: [0, 0], ...more } as const;
  return { key: 'f', kind: 'file', size: 1, posix: metadata, ...item };
};
const link = (target: string | undefined, more: Partial<PosixMetadata> = {}) => posix(more, { kind: 'symlink', target });
const posixFolder = (more: Partial<PosixMetadata> = {}) => posix(more, { key: 'o/', kind: 'folder', size: 0 });
const stored = (more: ObjectMetadata): Item => ({ key: 'o', kind: 'file', size: 1, object: { user: {}, ...more } });
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
  ['a file whose time is in another second', file([1, 0]), file([2, 0]), 'content'],
  ['a file from the first second of 1970, whose time differs by more than the service tells', file([0, 0]), file([0, 500_000_000]), 'content'],
  ['a file and a link of one size', posix(), link('t'), 'content'],
  ['a file of another size', posix(), posix({}, { size: 2 }), 'content'],
  ['an object that never was a file, with a file of its size', stored({ etag: ONE }), posix(), 'none'],
  ['a file, with an object of its size that never was one', posix(), stored({ etag: ONE }), 'content'],
  ['a file with other permissions', posix(), posix({ mode: 0o600 }), 'metadata'],
  ['a file of another owner', posix(), posix({ uid: 2 }), 'metadata'],
  ['a file of another group', posix(), posix({ gid: 2 }), 'metadata'],
  ['a file of another owner by name', posix({ userName: 'me' }), posix({ userName: 'you' }), 'metadata'],
  ['a file of another group by name', posix({ groupName: 'us' }), posix({ groupName: 'them' }), 'metadata'],
  ['a file whose owner and group have names on both sides', posix({ userName: 'me', groupName: 'us' }), posix({ userName: 'me', groupName: 'us' }), 'none'],
  ['a file whose owner and group have names at the source only', posix({ userName: 'me', groupName: 'us' }), posix(), 'none'],
  ['a file whose owner and group have names at the destination only', posix(), posix({ userName: 'me', groupName: 'us' }), 'none'],
  ['a link to something else', link('s'), link('t'), 'content'],
  ['a link whose target is not known at the source', link(undefined), link('t'), 'none'],
  ['a link whose target is not known at the destination', link('s'), link(undefined), 'none'],
  ['a link with other permissions, which links do not have', link('s'), link('s', { mode: 0o777 }), 'none'],
  ['a link of another owner', link('s'), link('s', { uid: 2 }), 'metadata'],
  ['a folder with other permissions', posixFolder(), posixFolder({ mode: 0o700 }), 'metadata'],
  ['a folder that is the same', posixFolder(), posixFolder(), 'none'],
  ['the object of a folder, with a folder', folder(0, ONE), posixFolder(), 'none'],
  ['a folder, with an object that never was one', posixFolder(), folder(0, ONE), 'metadata'],
  ['a digest with an ETag that is none', stored({ etag: ONE }), stored({ etag: `${ONE}-2` }), 'none'],
  ['an ETag that is no digest with one', stored({ etag: `${ONE}-2` }), stored({ etag: ONE }), 'none'],
  ['objects of one MD5 and several ETags', stored({ etag: ONE, md5: ONE }), stored({ etag: OTHER, md5: ONE }), 'none'],
  ['objects of one ETag and several MD5s', stored({ etag: ONE, md5: ONE }), stored({ etag: ONE, md5: OTHER }), 'content'],
  ['an object without ETag', stored({}), stored({ etag: ONE }), 'none'],
  ['objects of one time', multipart('one', 1), multipart('other', 1), 'none'],
  ['an object with a time, with one without', multipart('one', 1), stored({ etag: 'other' }), 'content'],
  ['an object without a time, with one with it', stored({ etag: 'other' }), multipart('one', 1), 'none'],
  ['an object with other user metadata', stored({ user: { a: '1' } }), stored({ user: { a: '2' } }), 'metadata'],
  ['an object with more user metadata', stored({ user: { a: '1', b: '2' } }), stored({ user: { a: '1' } }), 'metadata'],
  ['an object with less user metadata', stored({ user: { a: '1' } }), stored({ user: { a: '1', b: '2' } }), 'metadata'],
  ['an object that loses its user metadata', stored({ user: undefined }), stored({ user: { a: '1' } }), 'metadata'],
  ['an object that gets user metadata', stored({ user: { a: '1' } }), stored({ user: undefined }), 'metadata'],
  ['a file from before 1970, whose time differs by less than a second', file([-1, 0]), file([-1, 500_000_000]), 'none'],
])('a comparison of %s', (_, source, destination, change) => {
  const everything = { mtime: true, mode: true, uid: true, gid: true };
  expect(compare(source, destination, everything)).toBe(change);
});

test.each<[keyof ReturnType<typeof aspectsOf>, Partial<PosixMetadata>]>([
  ['mode', { mode: 0o600 }], ['uid', { uid: 2 }], ['gid', { gid: 2 }],
])('a comparison without %s sees no other one', (aspect, more) => {
  const everything = { mtime: true, mode: true, uid: true, gid: true };
  expect(compare(posix(), posix(more), { ...everything, [aspect]: false })).toBe('none');
  expect(compare(posix(), posix(more), everything)).toBe('metadata');
});

test('a comparison of a folder sees its time if that is preserved', () => {
  const sees = (mtime: boolean) => compare(posixFolder(), posixFolder({ mtime: [2, 0] }), { mtime, mode: true, uid: true, gid: true });
  expect([sees(true), sees(false)]).toEqual(['metadata', 'none']);
});

test.each<[boolean | undefined, string]>([[false, 'content'], [true, 'none'], [undefined, 'none']])('of two contents that were looked at, isSameContent %p: %s', (isSameContent, change) => {
  const everything = { mtime: true, mode: true, uid: true, gid: true };
  expect(compare(multipart('one', 1), multipart('other', 2), everything, isSameContent)).toBe(change);
  expect(compare(multipart('one', 1), multipart('one', 2), everything, isSameContent)).toBe('none');
  expect(compare(folder(1, 'one-2'), folder(1, 'other-2'), everything, isSameContent)).toBe(change);
});

const doubtful = { etag: `${ONE}-2`, lastModified: 2 };

test.each<[string, Item, Item, boolean]>([
  ['two ETags that are no digests', multipart('one', 1), stored(doubtful), true],
  ['two times that are the same', multipart('one', 2), stored(doubtful), true],
  ['a copy that is older than its source', multipart('one', 3), stored(doubtful), false],
  ['one ETag', stored(doubtful), stored(doubtful), false],
  ['two digests', stored({ etag: ONE }), stored({ etag: OTHER }), false],
  ['a digest at the source only', stored({ etag: OTHER }), stored(doubtful), true],
  ['a digest at the destination only', stored(doubtful), stored({ etag: OTHER, lastModified: 2 }), true],
  ['a size that differs', multipart('one', 1), { ...stored(doubtful), size: 2 }, false],
  ['nothing on both sides', { ...multipart('one', 1), size: 0 }, { ...stored(doubtful), size: 0 }, false],
  ['a kind that differs', multipart('one', 1), { ...stored(doubtful), kind: 'symlink' }, false],
  ['a file at the source', posix(), stored(doubtful), false],
  ['a file at the destination', stored(doubtful), posix(), false],
  ['an archived object at the source', stored({ etag: 'x', archived: true }), stored(doubtful), false],
  ['an archived object at the destination', multipart('one', 1), stored({ ...doubtful, archived: true }), false],
  ['a blob of the archive tier', multipart('one', 1), stored({ ...doubtful, storageClass: 'Archive' }), false],
  ['a blob of the cold tier', stored({ etag: 'x', storageClass: 'Cold' }), stored(doubtful), false],
  ['a class that can be read', multipart('one', 1), stored({ ...doubtful, storageClass: 'STANDARD_IA' }), true],
])('of %s the content is in doubt as it should be', (_, source, destination, isInDoubt) => {
  expect(isContentInDoubt(source, destination)).toBe(isInDoubt);
});

const listed: Item = { key: 'o', kind: 'file', size: 1, object: { etag: ONE } };

test.each<[string, Item, Item, boolean]>([
  ['two objects as they are listed', listed, listed, true],
  ['an object as it is listed, with one that was described', listed, stored({}), true],
  ['an object that was described, with one as it is listed', stored({}), listed, true],
  ['two objects that were described', stored({}), stored({}), false],
  ['two files', posix(), posix(), false],
  ['a file with an object as it is listed', posix(), listed, true],
  ['what is of another size', listed, { ...listed, size: 2 }, false],
  ['what is only a part of keys at the source', { ...implicit, size: 1 }, listed, false],
  ['what is only a part of keys at the destination', listed, { ...listed, implicit: true }, false],
  ['what cannot be read at the source', { ...listed, error: 'EACCES' }, listed, false],
  ['what cannot be read at the destination', listed, { ...listed, error: 'EACCES' }, false],
])('%s are described first where that is needed', (_, source, destination, isNeeded) => {
  expect(needsDescription(source, destination)).toBe(isNeeded);
});

test('owner and group count where the destination keeps them', () => {
  const counted = (keepsOwner: boolean) => {
    const { uid, gid } = aspectsOf(DEFAULTS, { keepsOwner } as Backend);
    return { uid, gid };
  };
  expect(counted(true)).toEqual({ uid: true, gid: true });
  expect(counted(false)).toEqual({ uid: false, gid: false });
});

test('what is not to be preserved does not count', () => {
  const none = { ...DEFAULTS, Mtime: 'NONE', PosixPermissions: 'NONE', Uid: 'NONE', Gid: 'NONE' } as const;
  expect(aspectsOf(none, { keepsOwner: true } as Backend)).toEqual({ mtime: false, mode: false, uid: false, gid: false });
});
