import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { SINGLE_REQUEST_BYTES } from '../../../../emulator/backends/s3/upload';
import { withFolder } from '../../engine/tree';
import { NO_POSIX, run, startBuckets } from '../buckets';
import type { Bucket, Buckets } from '../buckets';

let buckets: Buckets;
const children: ChildProcess[] = [];

beforeAll(async () => {
  buckets = await startBuckets();
}, 120_000);

afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
});

afterAll(() => buckets?.close());

test('the next run into a bucket aborts what a run had begun that was killed, and nothing else', async () => withFolder(async root => {
  const [bucket, other] = [await buckets.make(), await buckets.make()];
  const folder = join(root, 'uploads');
  await begin(bucket, 'alive', folder);
  await killed(await begin(bucket, 'killed', folder));
  await killed(await begin(other, 'killed', folder));
  await buckets.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key: 'of somebody else' }));

  await copyInto(bucket, root, folder);
  expect(await uploadsIn(bucket)).toEqual(['alive', 'of somebody else']);
  expect(await uploadsIn(other)).toEqual(['killed']);
  expect(readdirSync(folder)).toHaveLength(2);

  await copyInto(other, root, folder);
  expect(await uploadsIn(other)).toEqual([]);
  expect(readdirSync(folder)).toHaveLength(1);
}));

test('a run that ends leaves no note, and its folder is for its user alone', async () => withFolder(async root => {
  const bucket = await buckets.make();
  const folder = join(root, 'uploads');
  writeFileSync(join(mkdir(root, 'source'), 'large'), Buffer.alloc(SINGLE_REQUEST_BYTES + 1, 1));
  const destination = bucket.open('', { uploadsFolder: folder });
  await run({ source: openDirectory('source', root), destination, options: NO_POSIX });
  destination.close();
  await new Promise(resolve => setImmediate(resolve));
  expect(await bucket.keys()).toEqual(['large']);
  expect(statSync(folder).mode.toString(8)).toMatch(/700$/);
  expect(readdirSync(folder)).toEqual([]);
}));

test('a folder that cannot be written to stops no upload', async () => withFolder(async root => {
  const bucket = await buckets.make();
  writeFileSync(join(root, 'file'), '');
  writeFileSync(join(mkdir(root, 'source'), 'large'), Buffer.alloc(SINGLE_REQUEST_BYTES + 1, 1));
  await run({ source: openDirectory('source', root), destination: bucket.open('', { uploadsFolder: join(root, 'file', 'uploads') }), options: NO_POSIX });
  expect(await bucket.keys()).toEqual(['large']);
  expect(readFileSync(join(root, 'file'), 'utf8')).toBe('');
}));

async function begin(bucket: Bucket, key: string, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'begin-upload.ts'), buckets.url, bucket.name, key, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout!, 'data');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function copyInto(bucket: Bucket, root: string, uploadsFolder: string): Promise<void> {
  mkdirSync(join(root, 'small'), { recursive: true });
  writeFileSync(join(root, 'small', `for ${bucket.name}`), 'small');
  await run({ source: openDirectory('small', root), destination: bucket.open('', { uploadsFolder }), options: NO_POSIX });
}

async function uploadsIn(bucket: Bucket): Promise<string[]> {
  const { Uploads = [] } = await buckets.client.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
  return Uploads.map(({ Key }) => Key!).sort();
}

function mkdir(root: string, name: string): string {
  mkdirSync(join(root, name));
  return join(root, name);
}
