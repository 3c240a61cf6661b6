import { decorate } from '../../../emulator/backends/decorators/decorate';
import { NO_POSIX, run, startBuckets } from '../backends/buckets';
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
  const meddle = async () => {
    await to.put('changed', 'x', { Metadata: { own: 'other' } });
    await to.put('dir/', '');
  };
  const { result, failures, counters } = await run({
    source: from.open(), destination: decorate(to.open(), { endWriting: meddle }), options: { ...NO_POSIX, VerifyMode },
  });
  expect(result).toMatchObject({ status: 'ERROR', errorCode: 'VerificationFailed' });
  expect(failures.map(({ path, message }) => [path, message]).sort()).toEqual([
    ['/changed', 'user metadata differs: {"own":"thing"} at the source, {"own":"other"} at the destination'],
    ['/dir/', 'user metadata differs: {"own":"thing"} at the source, {} at the destination'],
  ]);
  expect(counters.FilesVerified).toBe(VerifyMode === 'POINT_IN_TIME_CONSISTENT' ? 2 : 1); // the bucket itself was not transferred
});
