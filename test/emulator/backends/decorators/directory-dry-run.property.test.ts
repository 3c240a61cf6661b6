import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DirectoryDryRun } from '../../../../emulator/backends/decorators/directory-dry-run';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import type { Backend, Item, WriteContext } from '../../../../emulator/engine/backend';
import type { ModelCase } from '../../engine/model';
import { transfer } from '../../engine/run-transfer';
import { withFolder } from '../../engine/tree';
import { anyCase, LIMIT, RUNS, SEED } from '../../engine/wide-case';
import { located, plantWide, surveyWide } from '../../engine/wide-tree';
import type { WideTree } from '../../engine/wide-tree';

/** What is mounted over a folder, or a file, of one side. */
interface Mount {
  readonly side: 'source' | 'destination';
  readonly which: number;
  readonly kind: 'bind' | 'tmpfs';
  readonly isReadOnly: boolean;
}

const canMount = tryToMount();
const anyMounts: fc.Arbitrary<readonly Mount[]> = canMount
  ? fc.array(fc.record({
    side: fc.constantFrom('source' as const, 'destination' as const, 'destination' as const),
    which: fc.nat(20),
    kind: fc.constantFrom('bind' as const, 'bind' as const, 'tmpfs' as const),
    isReadOnly: fc.constantFrom(false, false, false, true),
  }), { maxLength: 2 })
  : fc.constant([]);

function tryToMount(): boolean {
  if (process.geteuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** Mounts something with a tree of its own in it, and adds to what has to be unmounted, last first. */
async function mount(root: string, trees: Record<Mount['side'], WideTree>, mounts: readonly Mount[], mounted: string[]): Promise<void> {
  for (const [number, { side, which, kind, isReadOnly }] of mounts.entries()) {
    const below = [...trees[side]].filter(([path, node]) => path !== '' && isPlain(path) && (node.kind === 'folder' || (node.kind === 'file' && kind === 'bind')));
    const [path, node] = below[which % Math.max(below.length, 1)] ?? [];
    if (path === undefined || mounted.some(each => located(join(root, side), path).toString().startsWith(`${each}/`))) continue;
    const [from, onto] = [join(root, `mounted-${number}`), located(join(root, side), path).toString()];
    if (kind === 'tmpfs') {
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', onto]);
      mounted.unshift(onto);
    }
    const own = new Map([...trees[side]].filter(([other]) => other === path || other.startsWith(`${path}/`)).map(([other, each]) => [other.slice(path.length + 1), each]));
    if (node!.kind === 'file') await plantWide(from, new Map([['', trees[side].get('')!], ['file', node!]]));
    else await plantWide(kind === 'tmpfs' ? onto : from, own);
    if (kind === 'bind') {
      execFileSync('mount', ['--bind', node!.kind === 'file' ? join(from, 'file') : from, onto]);
      mounted.unshift(onto);
    }
    if (isReadOnly) execFileSync('mount', ['-o', 'remount,bind,ro', onto]);
  }
}

/** Can a command be told of it? */
function isPlain(path: string): boolean {
  return /^[\w./ *?[\]-]+$/.test(path);
}

/** What became of each item, without the content of the texts of failures, which are the system's. */
async function outcomes(one: ModelCase, source: Backend, destination: Backend): Promise<object> {
  const report = await transfer({ ...one, options: { ...one.options, VerifyMode: 'NONE' }, source, destination });
  const seen = [
    ...report.outcomes.map(({ what, item, change, reason }) => [what, item.key, change, reason].join(' ')),
    ...report.failures.map(({ path, phase }) => `failed ${path} ${phase}`),
  ];
  const { BytesTransferred, BytesCompressed, ...counters } = report.counters;
  // what was sent of an item that could not be put in its place is not foreseen
  const sent = report.failures.length === 0 ? { BytesTransferred, BytesCompressed } : {};
  return { seen: seen.sort(), status: report.result.status, counters: { ...counters, ...sent } };
}

/** Plans, runs, and holds the one against the other. */
async function check(one: ModelCase, mounts: readonly Mount[], root: string): Promise<void> {
  const [from, to] = [join(root, 'source'), join(root, 'destination')];
  await plantWide(from, one.source);
  await plantWide(to, one.destination);
  const mounted: string[] = [];
  try {
    await mount(root, one, mounts, mounted);
    const before = [surveyWide(from), surveyWide(to)];
    const planned = await outcomes(one, openDirectory(from, from), new DirectoryDryRun(openDirectory(to, to), to, to));
    expect([surveyWide(from), surveyWide(to)]).toEqual(before);

    expect(await outcomes(one, openDirectory(from, from), openDirectory(to, to))).toEqual(planned);
  } finally {
    for (const each of mounted) execFileSync('umount', [each]);
  }
}

test(`a dry run tells what the run then does, item by item and number by number, and changes nothing${canMount ? '' : ' (WITHOUT MOUNTS: none can be made here)'} (seed ${SEED})`, async () => {
  await fc.assert(fc.asyncProperty(anyCase, anyMounts, (one, mounts) => withFolder(root => check(one, mounts, root))), { numRuns: RUNS, seed: SEED });
}, LIMIT);

test('a destination that does not exist is told before anything else', async () => {
  await withFolder(async root => {
    mkdirSync(join(root, 'source'));
    const missing = join(root, 'missing');
    const { result } = await transfer({
      source: openDirectory('source', root), destination: new DirectoryDryRun(openDirectory(missing, missing), missing, missing),
    });
    expect(result).toMatchObject({
      status: 'ERROR', errorDetail: `Task failed to access location loc-destination: the folder ${missing} does not exist; create it`,
    });
  });
});

test('a dry run refuses a device as the run does, with what to do', () => withFolder(async folder => {
  const real = openDirectory(folder, folder);
  const context = { options: { OverwriteMode: 'ALWAYS' }, signal: new AbortController().signal } as WriteContext;
  const device: Item = { key: 'null', kind: 'device', size: 0 };
  await real.access();
  await real.beginWriting();
  const dryRun = new DirectoryDryRun(real, folder, folder);
  await dryRun.access();
  const refusalOf = (destination: Backend) => {
    try {
      return destination.write(device, undefined, real, context);
    } catch (error) {
      return (error as Error).message;
    }
  };
  try {
    expect(refusalOf(dryRun)).toBe('a device cannot be made here: Node.js has no mknod; set PreserveDevices to NONE to leave devices out');
    expect(refusalOf(real)).toBe(refusalOf(dryRun));
  } finally {
    await real.endWriting();
    real.close();
  }
}));
