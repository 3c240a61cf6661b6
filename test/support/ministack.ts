import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from './clean-environment';
import { startMiniStack as start } from '../../emulator/local-stack/ministack';
import { signalGroup, stopServer } from '../../emulator/local-stack/process-group';
import { ensureVenv } from '../../emulator/local-stack/venv';

/** A MiniStack of one test file: CloudFormation, Lambda, S3, IAM, STS, SSM, Scheduler and more on one loopback port. */
export interface MiniStack {
  readonly url: string;
  /** Stops the server and every function it runs, and removes what they left. */
  close(): Promise<void>;
}

/** Starts one on a free port, which ends with this process at the latest. */
export async function startMiniStack(): Promise<MiniStack> {
  const python = await ensureVenv();
  const folder = mkdtempSync(join(tmpdir(), 'ministack-'));
  const server = await start({ python, folder, env: cleanEnvironment(folder), logFile: join(folder, 'ministack.log') });
  const onExit = () => {
    signalGroup(server.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.once('exit', onExit);
  return {
    url: server.url,
    close: async () => {
      await stopServer(server);
      process.removeListener('exit', onExit);
      onExit();
    },
  };
}
