import type { Item } from '../../../emulator/engine/backend';
import type { ItemFailure, ItemOutcome } from '../../../emulator/engine/outcome';
import type { ReportEntry } from '../../../emulator/report/format';
import { format, listOf, nanoseconds } from '../../../emulator/report/format';

const TIME = new Date('2030-01-01T00:00:00.250Z');
const NOW = '2030-01-01T00:00:00.250000000Z';
const file: Item = { key: 'a/b', kind: 'file', size: 3, posix: { mode: 0o4755, uid: 1, gid: 2, mtime: [1_641_574_766, 136_114_671], atime: [-1, 0] } };
const folder: Item = { key: 'a/', kind: 'folder', size: 0, implicit: true };
const object: Item = { key: 'o', kind: 'file', size: 3, object: { etag: 'abc', lastModified: 1_728_052_855_123, user: { own: 'thing' }, system: { ContentType: 'text/plain' } } };
const failed = (step: ItemFailure['step'], item = file): ReportEntry => ({ failure: { phase: 'PREPARING', step, item, path: `/${item.key}`, message: 'it broke', code: 'EIO' } });
const done = (what: ItemOutcome['what'], more: Partial<ItemOutcome> = {}): ReportEntry => ({ outcome: { what, item: file, ...more } });

test.each([
  ['List', 'Skipped'], ['Prepare', 'Skipped'], ['Transfer', 'Transferred'], ['Verify', 'Verified'], ['Delete', 'Deleted'],
] as const)('what fails at %s is in the list %s', (step, list) => {
  expect(listOf(failed(step))).toBe(list);
});

test('times have nanoseconds', () => {
  expect(nanoseconds([1_641_574_766, 136_114_671])).toBe('2022-01-07T16:59:26.136114671Z');
  expect(nanoseconds([-1, 5])).toBe('1969-12-31T23:59:59.000000005Z');
});

test.each<[string, ReportEntry, 'BASIC' | 'ENHANCED', object]>([
  ['a file, Basic', done('Transferred', { change: 'metadata', existing: file }), 'BASIC', {
    RelativePath: '/a/b',
    SrcMetadata: { Type: 'Regular', ContentSize: 3, Mtime: '2022-01-07T16:59:26.136114671Z', Atime: '1969-12-31T23:59:59.000000000Z', Uid: 1, Gid: 2, Mode: '4755' },
    Overwrite: 'True',
    TransferTimestamp: NOW,
    TransferType: 'METADATA',
    TransferStatus: 'SUCCESS',
  }],
  ['a folder that exists only because of what is in it', done('Transferred', { item: folder, existing: folder }), 'ENHANCED', {
    RelativePath: 'a',
    SourceMetadata: { Type: 'Directory' },
    Overwrite: 'False',
    TransferTimestamp: NOW,
    TransferType: 'CONTENT_AND_METADATA',
    TransferStatus: 'SUCCESS',
  }],
  ['an object, Basic', done('Skipped', { item: object, reason: 'kept' }), 'BASIC', {
    RelativePath: '/o',
    SrcMetadata: { Type: 'Regular', ContentSize: 3, Mtime: '2024-10-04T14:40:55.123000000Z' },
    SkipTimestamp: NOW,
    SkipReason: 'The item exists at the destination, and OverwriteMode is NEVER.',
    SkipStatus: 'SUCCESS',
  }],
  ['a folder where there are none, Basic', done('Skipped', { item: folder, reason: 'placeless' }), 'BASIC', {
    RelativePath: '/a', SrcMetadata: { Type: 'Directory' }, SkipTimestamp: NOW, SkipReason: 'The destination cannot have the item.', SkipStatus: 'SUCCESS',
  }],
  ['a link where there are none, Basic', done('Skipped', { item: { key: 'l', kind: 'symlink', size: 4 }, reason: 'placeless' }), 'BASIC', {
    RelativePath: '/l',
    SrcMetadata: { Type: 'Symlink', ContentSize: 4 },
    SkipTimestamp: NOW,
    SkipReason: 'The destination cannot have the item.',
    SkipStatus: 'SUCCESS',
  }],
  ['a pipe, Basic', done('Skipped', { item: { key: 'p', kind: 'special', size: 0 }, reason: 'special' }), 'BASIC', {
    RelativePath: '/p',
    SrcMetadata: { Type: 'Special', ContentSize: 0 },
    SkipTimestamp: NOW,
    SkipReason: 'The item is a device, a socket or a pipe.',
    SkipStatus: 'SUCCESS',
  }],
  ['an object, Enhanced', done('Verified', { item: object }), 'ENHANCED', {
    RelativePath: 'o',
    SourceMetadata: {
      Type: 'Object', ContentSize: 3, LastModified: '2024-10-04T14:40:55Z', SystemMetadata: { ContentType: 'text/plain', ETag: '"abc"' }, UserMetadata: { own: 'thing' },
    },
    VerifyTimestamp: NOW,
    VerifyStatus: 'SUCCESS',
  }],
  ['a failure, Basic', failed('Delete'), 'BASIC', { RelativePath: '/a/b', DeleteTimestamp: NOW, DeleteStatus: 'FAILED', FailureReason: 'it broke' }],
  ['a failure, Enhanced', failed('Delete'), 'ENHANCED', {
    RelativePath: 'a/b', DeleteTimestamp: NOW, DeleteStatus: 'FAILED', ErrorCode: 'EIO', ErrorDetail: 'it broke',
  }],
])('a record of a report tells %s', (_, entry, mode, expected) => {
  expect(format(entry, mode, TIME, true)).toEqual(expected);
});
