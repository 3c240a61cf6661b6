// A TypeScript module against the installed package.
import { App, Stack } from 'aws-cdk-lib';
import type { Location, Task } from 'cdk-datasync';
import { VerifyMode } from 'cdk-datasync';
import type { Emulator, EmulatorOptions, ExecutionResult, Provisioned, StateChangeEvent } from 'cdk-datasync/emulator';
import { startEmulator } from 'cdk-datasync/emulator';

export async function start(options: EmulatorOptions): Promise<string> {
  const emulator: Emulator = await startEmulator({ ...options, onEvent: (event: StateChangeEvent) => void event.detail.State });
  const port: number = emulator.port;
  return `${emulator.url} ${port}`;
}

export async function copied(emulator: Emulator, task: Task, source: Location): Promise<readonly string[]> {
  const local: Provisioned = await emulator.provision(new Stack(new App(), 'Stack'), { values: { 'A.B': 'c' }, prepare: each => void each.location(source).folder });
  const result: ExecutionResult = await local.run(task, { overrideOptions: { verifyMode: VerifyMode.NONE }, includes: ['/a'] });
  return result.counters.filesTransferred > 0 ? result.files : [];
}

// @ts-expect-error the root is required
void startEmulator({});
