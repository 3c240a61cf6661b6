import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPair } from './pair';
import type { Pair } from './pair';
import { DEFAULTS } from './run-transfer';
import type { Setup } from './run-transfer';
import { decorate } from '../../../emulator/backends/decorators/decorate';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import type { TransferOptions } from '../../../emulator/engine/request';
import { verifiesTransferred } from '../../../emulator/engine/verify';
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

  const isNotRoot = ({ path }: { path: string }) => path !== '/'; // whose time tells that a name has come or gone
  const MODES = ['ONLY_FILES_TRANSFERRED', 'POINT_IN_TIME_CONSISTENT'] as const;
  /** Copies a file with the time of 2001 and lets something happen before it is verified. */
  const runAndChange = async ({ source, destination, run }: Pair, change: (file: string) => void, options: Setup['options']) => {
    writeFileSync(join(source, 'file'), 'right', { mode: 0o644 });
    utimesSync(join(source, 'file'), 1e9, 1e9);
    return run({ options, onPhase: phase => phase === 'VERIFYING' && change(join(destination, 'file')) });
  };

  test.each<[string, (file: string) => void, RegExp]>([
    ['content', file => {
      writeFileSync(file, 'wrong');
      utimesSync(file, 1e9, 1e9);
    }, /^checksums differ: [0-9a-f]{64} at the source, [0-9a-f]{64} at the destination$/],
    ['size', file => writeFileSync(file, 'longer'), /^has 5 bytes at the source and 6 bytes at the destination$/],
    ['permissions', file => chmodSync(file, 0o60), /^metadata differs: mode=0644 uid=\d+ gid=\d+ mtime=1000000000\/0 at the source, mode=0060 uid=\d+ gid=\d+ mtime=1000000000\/0 at the destination$/],
    ['kind', file => {
      rmSync(file);
      symlinkSync('12345', file);
    }, /^is a file at the source and a symlink at the destination$/],
  ])('a mismatch of %s says what it is, in both modes', (_, change, message) => withPair(async pair => {
    for (const VerifyMode of MODES) {
      rmSync(join(pair.destination, 'file'), { force: true });
      const { result, failures } = await runAndChange(pair, change, { VerifyMode });
      expect(result).toMatchObject({ status: 'ERROR', errorCode: 'VerificationFailed', verify: { status: 'ERROR' } });
      expect(failures.filter(isNotRoot)).toEqual([expect.objectContaining({ phase: 'VERIFYING', step: 'Verify', path: '/file', message: expect.stringMatching(message) })]);
    }
  }));

  test('what is gone from the destination is a mismatch, in both modes', () => withPair(async pair => {
    for (const [VerifyMode, message] of [['ONLY_FILES_TRANSFERRED', /ENOENT|does not exist|gone/], ['POINT_IN_TIME_CONSISTENT', /^is missing at the destination$/]] as const) {
      const { result, failures } = await runAndChange(pair, file => rmSync(file), { VerifyMode });
      expect(result).toMatchObject({ status: 'ERROR', errorCode: 'VerificationFailed' });
      expect(failures.filter(isNotRoot)).toEqual([expect.objectContaining({ step: 'Verify', path: '/file', message: expect.stringMatching(message) })]);
    }
  }));

  test('what is right tells both checksums, and how both sides look', () => withPair(async pair => {
    const sha256 = createHash('sha256').update('right').digest('hex');
    for (const VerifyMode of MODES) {
      rmSync(join(pair.destination, 'file'), { force: true });
      const { outcomes } = await runAndChange(pair, () => undefined, { VerifyMode });
      expect(outcomes.filter(({ what, item }) => what === 'Verified' && item.key === 'file')).toMatchObject([
        { existing: { key: 'file', size: 5 }, checksums: { source: sha256, destination: sha256 } },
      ]);
    }
  }));

  test('an item that cannot be read any more is a mismatch of its own', () => withPair(async ({ root, source, destination, run }) => {
    for (const name of ['a', 'b']) writeFileSync(join(source, name), name);
    const backend = openDirectory('destination', root);
    const failing = decorate(backend, {
      sha256: async (item, signal) => item.key === 'a' ? Promise.reject(new Error('cannot be read')) : backend.sha256(item, signal),
    });
    for (const VerifyMode of MODES) {
      for (const name of ['a', 'b']) rmSync(join(destination, name), { force: true });
      const { result, failures, outcomes } = await run({ destination: decorate(failing, { close: () => undefined }), options: { VerifyMode } });
      expect(result.errorCode).toBe('VerificationFailed');
      expect(failures).toEqual([expect.objectContaining({ step: 'Verify', path: '/a', message: 'cannot be read' })]);
      expect(outcomes.filter(({ what, item }) => what === 'Verified' && item.key === 'b')).toHaveLength(1);
    }
    backend.close();
  }));

  test('with OverwriteMode NEVER what was there may differ, and what was transferred may not', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'kept'), 'right');
    writeFileSync(join(destination, 'kept'), 'of its own');
    const options = { OverwriteMode: 'NEVER', VerifyMode: 'POINT_IN_TIME_CONSISTENT' } as const;
    const change = (act: () => void) => (phase: string) => phase === 'VERIFYING' && act();
    writeFileSync(join(source, 'new'), 'right');
    expect((await run({ options })).result.status).toBe('SUCCESS');
    expect(readFileSync(join(destination, 'kept'), 'utf8')).toBe('of its own');

    rmSync(join(destination, 'new'));
    const changed = await run({ options, onPhase: change(() => writeFileSync(join(destination, 'new'), 'wrong')) });
    expect(changed.failures).toEqual([expect.objectContaining({ step: 'Verify', path: '/new', message: expect.stringContaining('checksums differ') })]);

    const gone = await run({ options, onPhase: change(() => rmSync(join(destination, 'kept'))) });
    expect(gone.failures.filter(isNotRoot)).toEqual([expect.objectContaining({ step: 'Verify', path: '/kept', message: 'is missing at the destination' })]);
  }));

  test.each<[TransferOptions['VerifyMode'], TransferOptions['OverwriteMode'], boolean]>([
    ['ONLY_FILES_TRANSFERRED', 'ALWAYS', true], ['ONLY_FILES_TRANSFERRED', 'NEVER', true],
    ['POINT_IN_TIME_CONSISTENT', 'ALWAYS', false], ['POINT_IN_TIME_CONSISTENT', 'NEVER', true],
    ['NONE', 'ALWAYS', false], ['NONE', 'NEVER', false],
  ])('with %s and OverwriteMode %s what was transferred is noted: %s', (VerifyMode, OverwriteMode, isNoted) => {
    expect(verifiesTransferred({ ...DEFAULTS, VerifyMode, OverwriteMode })).toBe(isNoted);
  });

  test('what only the destination has is told with a code of its own if it was to be removed', () => withPair(async ({ destination, run }) => {
    const { failures } = await run({
      options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT', PreserveDeletedFiles: 'REMOVE', Mtime: 'NONE' },
      onPhase: phase => phase === 'VERIFYING' && writeFileSync(join(destination, 'extra'), ''),
    });
    expect(failures).toEqual([expect.objectContaining({ step: 'Verify', path: '/extra', message: 'exists only at the destination', code: 'FileNotAtSource' })]);
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
