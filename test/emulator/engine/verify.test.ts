import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPair } from './pair';
import { decorate } from '../../../emulator/backends/decorators/decorate';
import { NO_POSIX, run as runBetweenStores, startBuckets } from '../backends/buckets';
import type { Buckets } from '../backends/buckets';

let buckets: Buckets;

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

afterAll(() => buckets?.close());

test.each(['ONLY_FILES_TRANSFERRED', 'POINT_IN_TIME_CONSISTENT'] as const)('an object with other user metadata than its source is a mismatch, with %s', async VerifyMode => {
  const [from, to] = [await buckets.make(), await buckets.make()];
  await from.put('changed', 'x', { Metadata: { own: 'thing' } });
  await from.put('dir/', '', { Metadata: { own: 'thing' } });
  await from.put('same', 'x', { Metadata: { own: 'thing' } });
  const changeDestination = async () => {
    await to.put('changed', 'x', { Metadata: { own: 'other' } });
    await to.put('dir/', '');
  };
  const { result, failures, counters } = await runBetweenStores({
    source: from.open(), destination: decorate(to.open(), { endWriting: changeDestination }), options: { ...NO_POSIX, VerifyMode },
  });
  expect(result).toMatchObject({ status: 'ERROR', errorCode: 'VerificationFailed' });
  expect(failures.map(({ path, message }) => [path, message]).sort()).toEqual([
    ['/changed', 'user metadata differs: {"own":"thing"} at the source, {"own":"other"} at the destination'],
    ['/dir/', 'user metadata differs: {"own":"thing"} at the source, {} at the destination'],
  ]);
  expect(counters.FilesVerified).toBe(VerifyMode === 'POINT_IN_TIME_CONSISTENT' ? 2 : 1); // the bucket itself was not transferred
});

describe('verification between folders', () => {
  const plantSame = (source: string, destination: string) => {
    writeFileSync(join(source, 'file'), 'right');
    writeFileSync(join(destination, 'file'), 'wrong');
    for (const folder of [source, destination]) utimesSync(join(folder, 'file'), 1e9, 1e9);
  };

  test('POINT_IN_TIME_CONSISTENT finds what size and times hide', () => withPair(async ({ source, destination, run }) => {
    plantSame(source, destination);
    const { result, failures } = await run({ options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    expect(result).toMatchObject({ status: 'ERROR', prepare: { status: 'SUCCESS' }, transfer: { status: 'SUCCESS' }, verify: { status: 'ERROR' } });
    expect(result.errorDetail).toBe(
      'Transfer and verification completed. Verification detected mismatches. Files with mismatches are listed in Cloud Watch Logs');
    expect(failures).toMatchObject([{ phase: 'VERIFYING', path: '/file', message: expect.stringContaining('checksums differ') }]);
  }));

  test('ONLY_FILES_TRANSFERRED looks at what was transferred only', () => withPair(async ({ source, destination, run }) => {
    plantSame(source, destination);
    expect((await run({ options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } })).result.status).toBe('SUCCESS');
  }));

  test.each(['ONLY_FILES_TRANSFERRED', 'POINT_IN_TIME_CONSISTENT'] as const)('%s sees a file that changed after it was copied', mode =>
    withPair(async ({ source, run }) => {
      writeFileSync(join(source, 'file'), 'before');
      const { result, counters } = await run({
        taskMode: 'ENHANCED',
        options: { VerifyMode: mode },
        onPhase: phase => {
          if (phase === 'VERIFYING') writeFileSync(join(source, 'file'), 'after!');
        },
      });
      expect(result).toMatchObject({ status: 'ERROR', errorDetail: 'Verification failed due to a difference in metadata' });
      expect(counters.FilesFailed).toMatchObject({ Verify: 1 });
    }));

  test('extra files at the destination are a mismatch only if they were to be removed', () => withPair(async ({ destination, run }) => {
    const addFile = (phase: string) => {
      if (phase === 'VERIFYING') writeFileSync(join(destination, 'extra'), '');
    };
    const verify = { VerifyMode: 'POINT_IN_TIME_CONSISTENT' as const, Mtime: 'NONE' as const };
    expect((await run({ options: verify, onPhase: addFile })).result.status).toBe('SUCCESS');
    expect((await run({ options: { ...verify, PreserveDeletedFiles: 'REMOVE' }, onPhase: addFile })).result.status).toBe('ERROR');
  }));
});
