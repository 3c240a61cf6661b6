import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { BenchRow } from './bench-row';
import { median } from './bench-row';
import { startEmulator } from '../emulator';
import { S3Location, Task, TaskExecution } from '../src';

export const rows: BenchRow[] = [{
  name: 'a test of a transfer: emulator, synthesis, provision, start on deploy, one run',
  budget: 2_000,
  unit: 'ms',
  run: async ({ quick }) => {
    const times: number[] = [];
    for (let round = 0; round < (quick ? 2 : 11); round++) times.push(await oneTest());
    return { value: median(times), detail: `from ${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms, the first with what is loaded then` };
  },
}];

async function oneTest(): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'bench-provision-'));
  const begin = performance.now();
  const emulator = await startEmulator({ port: 0, root, s3Endpoint: '' });
  try {
    const stack = new Stack(new App(), 'Stack');
    const [source, destination] = ['Source', 'Destination'].map(id => new S3Location(stack, id, { bucket: new Bucket(stack, `${id}Bucket`) }));
    const task = new Task(stack, 'Task', { source, destination });
    new TaskExecution(stack, 'Seed', { task });
    const local = await emulator.provision(stack, { prepare: ({ location }) => writeFileSync(join(location(source).folder, 'file'), 'content') });
    const { status } = await local.run(task);
    if (status !== 'SUCCESS') throw new Error(status);
  } finally {
    await emulator.close();
    rmSync(root, { recursive: true });
  }
  return performance.now() - begin;
}
