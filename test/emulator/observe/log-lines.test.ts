import type { Item } from '../../../emulator/engine/backend';
import type { ItemFailure, ItemOutcome } from '../../../emulator/engine/outcome';
import { basicFailure, basicOutcome, enhancedFailure, enhancedOutcome } from '../../../emulator/observe/log-lines';

const LOCATIONS = { source: 'loc-1', destination: 'loc-2' };
const posix = { mode: 0o755, uid: 65534, gid: 0, atime: [1633100003, 684349800], mtime: [1602647222, 222919600] } as const;
const FILE: Item = { key: 'a/file1.txt', kind: 'file', size: 534528, posix };
const FOLDER: Item = { key: 'a/', kind: 'folder', size: 0 };
const OBJECT: Item = {
  key: 'b', kind: 'file', size: 3, object: { etag: 'abc', lastModified: Date.UTC(2026, 0, 2, 3, 4, 5), system: { ContentType: 'text/plain' }, user: { k: 'v' } },
};
const failure = (members: Partial<ItemFailure>): ItemFailure => ({ phase: 'TRANSFERRING', step: 'Transfer', item: FILE, path: '/a/file1.txt', message: 'oops', ...members });

test.each<[ItemOutcome, string[]]>([
  [{ what: 'Transferred', item: FILE, change: 'content' }, ['[INFO] Transferred file /a/file1.txt, 534528 bytes']],
  [{ what: 'Transferred', item: FILE, change: 'metadata' }, ['[INFO] Transferred metadata of file /a/file1.txt']],
  [{ what: 'Transferred', item: FOLDER, change: 'content' }, ['[INFO] Created directory /a']],
  [{ what: 'Transferred', item: { ...FILE, kind: 'symlink' } }, ['[INFO] Transferred symlink /a/file1.txt']],
  [{ what: 'Verified', item: { key: '', kind: 'folder', size: 0 } }, ['[INFO] Verified directory /']],
  [{ what: 'Deleted', item: FILE }, ['[INFO] Deleted file /a/file1.txt']],
  [{ what: 'Skipped', item: FILE, reason: 'unchanged' }, []],
  [{ what: 'Skipped', item: { ...FILE, kind: 'special' }, reason: 'special' }, ['[INFO] Skipped special file /a/file1.txt: the destination cannot have it']],
  [{ what: 'Skipped', item: { ...FILE, kind: 'symlink' }, reason: 'placeless' }, ['[INFO] Skipped symlink /a/file1.txt: the destination cannot have it']],
  [{ what: 'Skipped', item: FILE, reason: 'archived' }, ['[INFO] Skipped file /a/file1.txt: it is archived and has not been restored']],
])('Basic mode says of %j: %j', (outcome, lines) => {
  expect(basicOutcome(outcome)).toEqual(lines);
});

test.each<[string, ItemFailure, string[]]>([
  ['a transfer that failed', failure({}), ['[ERROR] Transfer of file /a/file1.txt failed: oops']],
  ['a deletion that failed', failure({ step: 'Delete', item: FOLDER }), ['[ERROR] Delete of directory /a failed: oops']],
  ['a file that differs', failure({ step: 'Verify', existing: { ...FILE, size: 1, posix: { ...posix, mode: 0o4644 } }, checksums: { source: '0c50', destination: 'dbbd' } }), [
    '[NOTICE] Verification failed <> /a/file1.txt',
    '[NOTICE]   /a/file1.txt srcMeta: type=R mode=0755 uid=65534 gid=0 size=534528 atime=1633100003/684349800 mtime=1602647222/222919600 extAttrsHash=0',
    '[NOTICE]   srcHash: 0c50',
    '[NOTICE]   /a/file1.txt dstMeta: type=R mode=04644 uid=65534 gid=0 size=1 atime=1633100003/684349800 mtime=1602647222/222919600 extAttrsHash=0',
    '[NOTICE]   dstHash: dbbd',
  ]],
  ['objects that differ in size', failure({ step: 'Verify', item: OBJECT, existing: { ...OBJECT, size: 4 } }), [
    '[NOTICE] Verification failed <> /b',
    '[NOTICE]   /b srcMeta: type=R size=3 extAttrsHash=0',
    '[NOTICE]   /b dstMeta: type=R size=4 extAttrsHash=0',
  ]],
  ['a file only at the destination', failure({ step: 'Verify', code: 'FileNotAtSource' }), ['[NOTICE] Verification failed > /a/file1.txt', '[NOTICE]   /a/file1.txt oops']],
  ['a file only at the source', failure({ step: 'Verify' }), ['[NOTICE] Verification failed < /a/file1.txt', '[NOTICE]   /a/file1.txt oops']],
])('Basic mode says of %s', (_what, failed, lines) => {
  expect(basicFailure(failed)).toEqual(lines);
});

const parsed = (lines: string[]) => lines.map(line => JSON.parse(line));
const FILE_METADATA = { Type: 'File', ContentSize: 534528, LastModified: '2020-10-14T03:47:02Z' };
const OBJECT_METADATA = {
  Type: 'Object',
  ContentSize: 3,
  LastModified: '2026-01-02T03:04:05Z',
  S3: { SystemMetadata: { ContentType: 'text/plain', ETag: '"abc"' }, UserMetadata: { k: 'v' } },
};

test.each<[ItemOutcome, object[]]>([
  [{ what: 'Transferred', item: OBJECT, change: 'content' }, [{
    Action: 'TRANSFER',
    Source: { LocationId: 'loc-1', RelativePath: 'b', Metadata: OBJECT_METADATA },
    Destination: { LocationId: 'loc-2', RelativePath: 'b' },
    TransferType: 'CONTENT_AND_METADATA',
  }]],
  [{ what: 'Deleted', item: { ...OBJECT, object: { etag: 'abc' } } }, [{ // a listing tells no more
    Action: 'DELETE',
    Destination: { LocationId: 'loc-2', RelativePath: 'b', Metadata: { Type: 'Object', ContentSize: 3, S3: { SystemMetadata: { ETag: '"abc"' } } } },
  }]],
  [{ what: 'Transferred', item: FOLDER, change: 'metadata' }, [{
    Action: 'TRANSFER',
    Source: { LocationId: 'loc-1', RelativePath: 'a/', Metadata: { Type: 'Directory', ContentSize: 0 } },
    Destination: { LocationId: 'loc-2', RelativePath: 'a/' },
    TransferType: 'METADATA',
  }]],
  [{ what: 'Verified', item: FILE, existing: OBJECT }, [{
    Action: 'VERIFY',
    Source: { LocationId: 'loc-1', RelativePath: 'a/file1.txt', Metadata: FILE_METADATA },
    Destination: { LocationId: 'loc-2', RelativePath: 'a/file1.txt', Metadata: OBJECT_METADATA },
  }]],
  [{ what: 'Deleted', item: FILE }, [{ Action: 'DELETE', Destination: { LocationId: 'loc-2', RelativePath: 'a/file1.txt', Metadata: FILE_METADATA } }]],
  [{ what: 'Skipped', item: FILE, reason: 'kept' }, []],
  [{ what: 'Skipped', item: FILE, reason: 'special' }, [{ Action: 'SKIP', Source: { LocationId: 'loc-1', RelativePath: 'a/file1.txt', Metadata: FILE_METADATA } }]],
  [{ what: 'Skipped', item: FILE, reason: 'archived' }, [{ Action: 'SKIP', Source: { LocationId: 'loc-1', RelativePath: 'a/file1.txt', Metadata: FILE_METADATA } }]],
])('Enhanced mode says of %j', (outcome, lines) => {
  expect(parsed(enhancedOutcome(outcome, LOCATIONS))).toEqual(lines);
});

test.each<[Partial<ItemFailure>, object]>([
  [{}, { Action: 'TRANSFER', ErrorCode: 'TransferFailed', ErrorDetail: 'oops' }],
  [{ step: 'Prepare', code: 'EACCES' }, { Action: 'PREPARE', ErrorCode: 'EACCES', ErrorDetail: 'oops' }],
  [{ step: 'Verify', existing: FILE }, { Action: 'VERIFY', ErrorCode: 'MetadataDiffers', Source: { Metadata: FILE_METADATA }, Destination: { Metadata: FILE_METADATA } }],
  [{ step: 'Verify', code: 'FileNotAtSource' }, { Action: 'VERIFY', ErrorCode: 'FileNotAtSource', Destination: { LocationId: 'loc-2' } }],
])('Enhanced mode says of the failure %j', (members, line) => {
  const [said] = parsed(enhancedFailure(failure(members), LOCATIONS));
  expect(said).toMatchObject(line);
  expect('Source' in said).toBe(members.code !== 'FileNotAtSource');
});
