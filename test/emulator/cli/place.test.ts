import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreModules } from '../../../emulator/cli/place';
import { parsePlace } from '../../../emulator/cli/place';

const stores = { modules: {} as StoreModules, s3Endpoint: 'http://127.0.0.1:1', azureEndpoint: 'http://127.0.0.1:1' };

test.each([
  ['s3:/archive/2026', 'a bucket is s3://archive/2026'],
  ['S3:archive', 'a bucket is s3://archive'],
  ['azure-blob:/account/container', 'a container is azure-blob://account/container'],
])('%s, which lacks a slash, is no folder to create', (text, remedy) => {
  expect(() => parsePlace('SOURCE', text, stores)).toThrow(`SOURCE '${text}' is no folder that exists; ${remedy}`);
});

test('a folder may have the name of a kind of store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'place-'));
  const before = process.cwd();
  try {
    process.chdir(folder);
    mkdirSync('s3:/archive', { recursive: true });
    expect(parsePlace('DEST', 's3:/archive', stores).type.name).toBe('NFS');
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each(['s3', 's3//archive', 'archive/s3:/a', 'nowhere'])('%s is a folder, there or not', text => {
  expect(parsePlace('SOURCE', text, stores).type.name).toBe('NFS');
});
