import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPair } from './pair';

describe('counters', () => {
  const plantFive = (source: string, destination: string) => {
    mkdirSync(join(source, 'folder'));
    writeFileSync(join(source, 'folder/new'), 'four');
    writeFileSync(join(source, 'same'), 'same');
    writeFileSync(join(destination, 'same'), 'same');
    for (const folder of [source, destination]) utimesSync(join(folder, 'same'), 1e9, 1e9);
    mkdirSync(join(destination, 'stale'));
    writeFileSync(join(destination, 'stale/file'), 'x');
  };

  test('Basic counts folders as files, the root and what is to be deleted too', () => withPair(async ({ source, destination, run }) => {
    plantFive(source, destination);
    const { counters, result, phases } = await run({ options: { PreserveDeletedFiles: 'REMOVE', VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect(counters).toMatchObject({
      EstimatedFilesToTransfer: 3 + 2, // the root (its times), folder, folder/new, and two to delete
      EstimatedBytesToTransfer: 4,
      EstimatedFilesToDelete: 2,
      FilesTransferred: 3,
      BytesTransferred: 4,
      BytesCompressed: 4,
      BytesWritten: 4,
      FilesSkipped: 1,
      FilesVerified: 4,
      FilesDeleted: 2,
      FoldersTransferred: 0,
      FilesPrepared: 0,
    });
    expect(phases).toEqual(['PREPARING', 'TRANSFERRING', 'VERIFYING']);
    expect(result).toMatchObject({ status: 'SUCCESS', prepare: { status: 'SUCCESS' }, transfer: { status: 'SUCCESS' }, verify: { status: 'SUCCESS' } });
    expect(Math.min(result.prepare.durationMs, result.transfer.durationMs, result.verify.durationMs)).toBeGreaterThan(0);
    expect(readdirSync(destination)).toEqual(['folder', 'same']);
  }));

  test('Enhanced counts folders apart and says what it listed', () => withPair(async ({ source, destination, run }) => {
    plantFive(source, destination);
    const { counters, result, phases } = await run({ taskMode: 'ENHANCED', excludes: '*/same', options: { PreserveDeletedFiles: 'REMOVE' } });
    expect(counters).toMatchObject({
      EstimatedFilesToTransfer: 1,
      EstimatedFoldersToTransfer: 2,
      FilesPrepared: 1,
      FoldersPrepared: 2,
      FilesListed: { AtSource: 2, AtDestinationForDelete: 2 },
      FoldersListed: { AtSource: 2, AtDestinationForDelete: 2 },
      FilesTransferred: 1,
      FoldersTransferred: 2,
      FilesSkipped: 0,
      FilesDeleted: 1,
      FoldersDeleted: 1,
      FilesFailed: { Prepare: 0, Transfer: 0, Verify: 0, Delete: 0 },
    });
    expect(phases).toEqual(['PREPARING', 'TRANSFERRING']);
    expect(result).toMatchObject({ prepare: { durationMs: 0 }, transfer: { durationMs: 0 }, verify: { status: 'PENDING', durationMs: 0 } });
  }));
});
