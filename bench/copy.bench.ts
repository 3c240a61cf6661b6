import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { BenchRow, Measurement } from './bench-row';
import { ratioOf } from './bench-row';
import { timeTransfer } from './copy/transfer';
import { node22 } from './node-22';
import { openDirectory } from '../emulator/backends/directory/backend';
import { openS3 } from '../emulator/backends/s3/backend';
import { PROGRAM } from '../emulator/local-stack/emulator-server';
import { startMiniStack } from '../test/support/ministack';

const run = promisify(execFile);
const KIB = 1024;
const MIB = 1024 * KIB;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
const BUCKET = 'bench';

interface Files {
  readonly count: number;
  readonly bytes: number;
}

export const rows: BenchRow[] = [
  {
    name: 'emulator: folder to folder, 10,000 files of 4 KiB, against rsync -a',
    budget: 1,
    unit: 'x',
    run: ({ quick }) => againstRsync({ count: quick ? 1000 : 10_000, bytes: 4 * KIB }, quick ? 2 : 7),
  },
  {
    name: 'emulator: folder to folder, 4 files of 512 MiB, against rsync -a',
    budget: 1,
    unit: 'x',
    run: ({ quick }) => againstRsync({ count: 4, bytes: (quick ? 16 : 512) * MIB }, quick ? 2 : 3),
  },
  {
    name: 'emulator: folder to folder, nothing changed, 10,000 files of 4 KiB, against rsync -a',
    budget: 1,
    unit: 'x',
    run: ({ quick }) => unchangedAgainstRsync({ count: quick ? 1000 : 10_000, bytes: 4 * KIB }, quick ? 2 : 15),
  },
  {
    name: 'emulator: a process of its own (cdk-datasync run), nothing changed, 10,000 files of 4 KiB, against rsync -a',
    budget: 3,
    unit: 'x',
    run: ({ quick }) => processAgainstRsync(process.execPath, { count: quick ? 1000 : 10_000, bytes: 4 * KIB }, quick ? 2 : 15),
  },
  {
    name: 'emulator: a process of its own on Node.js 22, nothing changed, 10,000 files of 4 KiB, against rsync -a',
    budget: 3,
    unit: 'x',
    run: async ({ quick }) => processAgainstRsync(await node22(), { count: quick ? 1000 : 10_000, bytes: 4 * KIB }, quick ? 2 : 15),
  },
  {
    name: 'emulator: folder to S3, 1,000 files of 4 KiB and 4 of 32 MiB, against rclone copy',
    budget: 1,
    unit: 'x',
    run: ({ quick }) => againstRclone('folder', quick),
  },
  {
    name: 'emulator: S3 to S3 on the same endpoint, 1,000 objects of 4 KiB and 4 of 32 MiB, against rclone copy',
    budget: 1,
    unit: 'x',
    run: ({ quick }) => againstRclone('s3', quick),
  },
  {
    name: 'emulator: memory, 200,000 files copied and verified',
    budget: 256,
    unit: 'MiB',
    run: async ({ quick }) => {
      const count = quick ? 10_000 : 200_000;
      return { value: await peakMemory(count), detail: `largest resident size of the process, ${count} files` };
    },
  },
  {
    name: 'emulator: memory, 200,000 files against 50,000',
    budget: 1.25, // flat but for the timing of the garbage collector; whatever was held per file would make it up to 4
    unit: 'x',
    run: async ({ quick }) => {
      const [few, many] = quick ? [5_000, 20_000] : [50_000, 200_000];
      const [a, b] = [await peakMemory(many), await peakMemory(few)];
      return { value: a / b, detail: `${Math.round(a)} MiB with ${many} files, ${Math.round(b)} MiB with ${few}` };
    },
  },
];

/** New targets every round and nothing deleted in between: file systems are slow for a while after large deletions. */
function againstRsync(files: Files, rounds: number): Promise<Measurement> {
  return withFolder(async root => {
    if (!isInstalled('rsync')) return { detail: 'not measured: rsync is not installed' };
    plant(join(root, 'source'), files);
    let round = 0;
    const target = async () => {
      const name = `target-${round++}`;
      mkdirSync(join(root, name));
      await run('sync', ['-f', root]);
      return name;
    };
    const drop = (name: string) => files.bytes >= MIB && rmSync(join(root, name), { recursive: true }); // few files, but large ones
    const { ratio, a, b } = await ratioOf(rounds, async () => {
      const name = await target();
      const time = await timeTransfer(openDirectory('source', root), openDirectory(name, root), files.count);
      drop(name);
      return time;
    }, async () => {
      const name = await target();
      const time = await timed(() => run('rsync', ['-a', `${join(root, 'source')}/`, `${join(root, name)}/`]));
      drop(name);
      return time;
    });
    return { value: ratio, detail: `emulator ${Math.round(a)} ms, rsync ${Math.round(b)} ms` };
  });
}

/** The second run of each, which finds everything in place. */
function unchangedAgainstRsync(files: Files, rounds: number): Promise<Measurement> {
  return withFolder(async root => {
    if (!isInstalled('rsync')) return { detail: 'not measured: rsync is not installed' };
    plant(join(root, 'source'), files);
    mkdirSync(join(root, 'target'));
    const emulator = (changed: number) => timeTransfer(openDirectory('source', root), openDirectory('target', root), changed);
    const rsync = () => timed(() => run('rsync', ['-a', `${join(root, 'source')}/`, `${join(root, 'rsync-target')}/`]));
    await emulator(files.count);
    await rsync();
    const { ratio, a, b } = await ratioOf(rounds, () => emulator(0), rsync);
    return { value: ratio, detail: `emulator ${Math.round(a)} ms, rsync ${Math.round(b)} ms` };
  });
}

/** The same with a new process for each run. Neither compares contents. */
function processAgainstRsync(node: string, files: Files, rounds: number): Promise<Measurement> {
  return withFolder(async root => {
    if (!isInstalled('rsync')) return { detail: 'not measured: rsync is not installed' };
    const [source, target] = [join(root, 'source'), join(root, 'target')];
    plant(source, files);
    mkdirSync(target);
    const emulator = () => timed(async () => {
      const { stdout } = await run(node, [PROGRAM, 'run', source, target, '--verify-mode', 'NONE']);
      if (!stdout.includes('SUCCESS')) throw new Error(stdout);
    });
    const rsync = () => timed(() => run('rsync', ['-a', `${source}/`, `${join(root, 'rsync-target')}/`]));
    await emulator();
    await rsync();
    const { ratio, a, b } = await ratioOf(rounds, emulator, rsync);
    return { value: ratio, detail: `run ${Math.round(a)} ms, rsync ${Math.round(b)} ms` };
  });
}

function againstRclone(from: 'folder' | 's3', quick: boolean): Promise<Measurement> {
  return withFolder(async root => {
    if (!isInstalled('rclone')) return { detail: 'not measured: rclone is not installed' };
    const [small, large] = [{ count: quick ? 100 : 1000, bytes: 4 * KIB }, { count: 4, bytes: (quick ? 1 : 32) * MIB }];
    const count = small.count + large.count;
    plant(join(root, 'source/small'), small);
    plant(join(root, 'source/large'), large);
    const store = await startMiniStack();
    try {
      const client = new S3Client({ endpoint: store.url, region: 'us-east-1', forcePathStyle: true, credentials });
      await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
      client.destroy();
      const open = (prefix: string) => openS3({ endpoint: store.url, bucket: BUCKET, prefix, credentials });
      if (from === 's3') await timeTransfer(openDirectory('source', root), open('source'), count);
      const rclone = {
        PATH: process.env.PATH, // and nothing else: AWS_* variables would count
        HOME: root,
        RCLONE_CONFIG: join(root, 'rclone.conf'),
        RCLONE_CONFIG_STORE_TYPE: 's3',
        RCLONE_CONFIG_STORE_PROVIDER: 'Other',
        RCLONE_CONFIG_STORE_ENDPOINT: store.url,
        RCLONE_CONFIG_STORE_REGION: 'us-east-1',
        RCLONE_CONFIG_STORE_ACCESS_KEY_ID: credentials.accessKeyId,
        RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      };
      writeFileSync(rclone.RCLONE_CONFIG, '');
      let round = 0;
      const { ratio, a, b } = await ratioOf(quick ? 1 : 5, () => timeTransfer(
        from === 's3' ? open('source') : openDirectory('source', root), open(`target-${round++}`), count,
      ), () => {
        const source = from === 's3' ? `store:${BUCKET}/source` : join(root, 'source');
        return timed(() => run('rclone', ['copy', '--s3-no-check-bucket', source, `store:${BUCKET}/target-${round++}`], { env: rclone }));
      });
      return { value: ratio, detail: `emulator ${Math.round(a)} ms, rclone ${Math.round(b)} ms` };
    } finally {
      await store.close();
    }
  });
}

/** Of the program as users run it, threads and all; what counts is the largest size that the process ever had, in MiB. */
function peakMemory(count: number): Promise<number> {
  return withFolder(async root => {
    const [source, destination] = [join(root, 'source'), join(root, 'destination')];
    plant(source, { count, bytes: 1 });
    mkdirSync(destination);
    utimesSync(destination, 0, 0); // so that it differs from the source, which may have been made in the same moment
    const report = join(root, 'report.js');
    writeFileSync(report, "process.on('exit', () => console.log(`largest: ${process.resourceUsage().maxRSS} KiB`));");
    const { stdout } = await run(process.execPath, [
      '--require', report, PROGRAM, 'run', source, destination, '--preserve-deleted-files', 'REMOVE',
      '--verify-mode', 'POINT_IN_TIME_CONSISTENT',
    ]);
    const items = `${(count + Math.ceil(count / 100) + 1).toLocaleString('en')} items`; // with the folders
    if (!stdout.includes(`transferred ${items}`)) throw new Error(`not all ${items} were transferred: ${stdout}`);
    return Number(/largest: (\d+) KiB/.exec(stdout)![1]) / 1024;
  });
}

/** Files in folders of a hundred. */
function plant(folder: string, { count, bytes }: Files): void {
  const content = Buffer.alloc(bytes, 'some content that is not all the same ');
  for (let i = 0; i < count; i++) {
    const below = join(folder, `folder-${Math.floor(i / 100)}`);
    if (i % 100 === 0) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `file-${i}`), content);
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'copy-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
