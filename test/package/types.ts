// A TypeScript module against the installed package.
import { Emulator, EmulatorOptions, startEmulator, StateChangeEvent } from 'cdk-datasync/emulator';

export async function start(options: EmulatorOptions): Promise<string> {
  const emulator: Emulator = await startEmulator({ ...options, onEvent: (event: StateChangeEvent) => void event.detail.State });
  const port: number = emulator.port;
  return `${emulator.url} ${port}`;
}

// @ts-expect-error the root is required
void startEmulator({});
