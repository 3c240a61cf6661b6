import { existsSync } from 'fs';
import { readFile } from 'fs/promises';
import { join } from 'path';
import { cleanEnvironment } from './environment';
import { LocalStackError } from './error';
import { checkPort } from './port';
import { startProcess } from './process-group';

export interface EmulatorOptions {
  /** The folder below which file systems live. */
  readonly root: string;
  /** Of what has buckets and events. */
  readonly awsEndpoint: string;
  readonly logFile: string;
  /** @default - any free port */
  readonly port?: number;
}

/** A running `cdk-datasync serve`. */
export interface Emulator {
  readonly url: string;
  close(): Promise<void>;
}

/** The program as the package has it. */
export const EMULATOR_PROGRAM = join(__dirname, '..', '..', 'assets', 'emulator', 'cli', 'index.js');

const START_SECONDS = 30;

// The emulator ends when its standard input closes, that is, when the process that started it is gone.
const GUARD = 'data:text/javascript,process.stdin.on("end", () => process.exit()).resume()';

/**
 * Starts the emulator's program.
 *
 * @throws LocalStackError when it has not been built, the port is taken or it does not start
 */
export async function startEmulatorProgram({ root, awsEndpoint, logFile, port = 0 }: EmulatorOptions): Promise<Emulator> {
  if (!existsSync(EMULATOR_PROGRAM)) throw new LocalStackError('the emulator has not been built: run "npx projen bundle"');
  await checkPort(port);
  const endpoints = ['--s3-endpoint', awsEndpoint, '--events-endpoint', awsEndpoint];
  const args = ['--import', GUARD, EMULATOR_PROGRAM, 'serve', '--port', String(port), '--root', root, ...endpoints];
  const program = startProcess(process.execPath, args, { env: cleanEnvironment(root), logFile });

  const deadline = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const log = await readFile(logFile, 'utf8');
    const url = /listening on (http:\S+)/.exec(log)?.[1];
    if (url) return { url, close: () => program.stop() };
    if (program.hasEnded() || Date.now() > deadline) {
      await program.stop();
      throw new LocalStackError(`the DataSync emulator does not start: ${log.trim().split('\n').pop() || 'it says nothing'}`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
