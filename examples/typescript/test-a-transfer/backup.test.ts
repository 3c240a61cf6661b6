import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { BackupStack } from './backup-stack';
import type { Emulator } from 'cdk-datasync/emulator';
import { startEmulator } from 'cdk-datasync/emulator';

jest.setTimeout(300_000); // to load the CDK takes seconds on a busy machine

let root: string;
let emulator: Emulator;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'backup-'));
  emulator = await startEmulator({ port: 0, root, s3Endpoint: '' }); // '': buckets are folders, whatever the environment says
});

afterAll(async () => {
  await emulator.close();
  rmSync(root, { recursive: true });
});

test('the backup mirrors the projects, without caches and temporary files', async () => {
  const stack = new BackupStack(new App(), 'Backup');
  const local = await emulator.provision(stack, {
    prepare: ({ location }) => { // everything is created, nothing has started
      const { folder } = location(stack.projects);
      mkdirSync(join(folder, 'app/cache'), { recursive: true });
      writeFileSync(join(folder, 'app/main.py'), 'print(1)');
      writeFileSync(join(folder, 'app/cache/large'), 'again and again');
      writeFileSync(join(folder, 'draft.tmp'), '');
    },
  });
  const { folder: archive } = local.location(stack.archive);

  // what the deployment starts
  expect(local.execution(stack.first)).toMatchObject({ status: 'SUCCESS', files: ['/app/main.py'] });
  expect(readdirSync(archive, { recursive: true }).sort()).toEqual(['app', 'app/main.py']);

  // what the next night does
  writeFileSync(join(archive, 'deleted-long-ago'), '');
  const night = await local.run(stack.nightly);
  expect(night).toMatchObject({ status: 'SUCCESS', files: [], deleted: ['/deleted-long-ago'], counters: { filesDeleted: 1 } });
  expect(readdirSync(archive)).toEqual(['app']);
});
