import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { intercept } from './intercept';
import { withPair } from './pair';
import { openDirectory } from '../../../emulator/backends/directory/backend';

describe('whole locations', () => {
  test.each([
    ['missing', /loc-source: the folder .*\/missing does not exist; create it$/],
    ['../..', /loc-source: .* leads out of the root folder/],
    ['link-out', /loc-source: .* leads out of the root folder/],
    ['file', /loc-source: .* is not a folder$/],
  ])('%s', (path, message) => withPair(async ({ root, run }) => {
    symlinkSync('/etc', join(root, 'link-out'));
    writeFileSync(join(root, 'file'), '');
    const { result, phases } = await run({ source: openDirectory(path, root) });
    expect(result).toMatchObject({ status: 'ERROR', prepare: { status: 'ERROR' }, transfer: { status: 'PENDING' }, verify: { status: 'PENDING' } });
    expect(result.errorDetail).toMatch(/^Task failed to access location/);
    expect(result.errorDetail).toMatch(message);
    expect(phases).toEqual(['PREPARING']);
  }));
});

describe('phases', () => {
  test('last as long as what they do, at least a millisecond, in Basic mode', () => withPair(async ({ root, source, run }) => {
    writeFileSync(join(source, 'file'), 'x');
    const backend = openDirectory('source', root);
    const slow = intercept(backend, {
      access: async () => {
        await backend.access();
        await sleep(30);
      },
    });
    const began = performance.now();
    const { result } = await run({ source: slow, options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' } });
    const elapsed = performance.now() - began;
    const durations = [result.prepare, result.transfer, result.verify].map(({ durationMs }) => durationMs);
    expect(durations[0]).toBeGreaterThanOrEqual(25);
    for (const duration of durations) {
      expect(Number.isInteger(duration)).toBe(true);
      expect(duration).toBeGreaterThanOrEqual(1);
    }
    expect(durations.reduce((sum, duration) => sum + duration)).toBeLessThanOrEqual(elapsed + durations.length);
  }));

  test('take no time in Enhanced mode, as the service reports it', () => withPair(async ({ source, run }) => {
    writeFileSync(join(source, 'file'), 'x');
    const { result } = await run({ taskMode: 'ENHANCED', options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } });
    expect(result).toMatchObject({
      prepare: { status: 'SUCCESS', durationMs: 0 }, transfer: { status: 'SUCCESS', durationMs: 0 }, verify: { status: 'SUCCESS', durationMs: 0 },
    });
  }));

  test('after one that broke off are pending, and the execution has an error with a code', () => withPair(async ({ root, run }) => {
    const destination = intercept(openDirectory('destination', root), { access: async () => Promise.reject(new Error('bug')) });
    const { result, phases } = await run({ destination });
    expect(result).toMatchObject({
      status: 'ERROR',
      errorCode: 'InternalFailure',
      errorDetail: 'Task execution failed: bug',
      prepare: { status: 'ERROR' },
      transfer: { status: 'PENDING', durationMs: 0 },
      verify: { status: 'PENDING', durationMs: 0 },
    });
    expect(phases).toEqual(['PREPARING']);
  }));

  test('do not begin after a cancel', () => withPair(async ({ source, destination, run }) => {
    writeFileSync(join(source, 'file'), 'x');
    const cancel = new AbortController();
    const { result, phases } = await run({
      signal: cancel.signal, options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT' }, onPhase: phase => phase === 'TRANSFERRING' && cancel.abort(),
    });
    expect(result).toMatchObject({
      status: 'ERROR', errorCode: 'Cancelled', prepare: { status: 'SUCCESS' }, transfer: { status: 'ERROR' }, verify: { status: 'PENDING' },
    });
    expect(phases).toEqual(['PREPARING', 'TRANSFERRING']);
    expect(readdirSync(destination)).toEqual([]);

    const before = new AbortController();
    before.abort();
    expect((await run({ signal: before.signal })).phases).toEqual([]);
  }));
});
