import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cleanEnvironment } from '../../support/clean-environment';

const CLI = join(__dirname, '../../../emulator/cli.ts');

/** The emulator as a process of its own: whether it crashes, and what it prints, are to be seen from outside. */
export interface EmulatorProgram {
  readonly url: string;
  runs(): boolean;
  /** Everything that it has printed but for where it listens: defects and crashes. */
  complaints(): string;
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `serve` with more arguments than the port. */
export async function startEmulatorProgram(home: string, args: string[]): Promise<EmulatorProgram> {
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, 'serve', '--port', '0', ...args], {
    env: cleanEnvironment(home), stdio: ['ignore', 'pipe', 'pipe'],
  });
  const runs = () => child.exitCode === null && child.signalCode === null;
  let output = '';
  const url = await new Promise<string>((listening, failed) => {
    child.once('exit', () => failed(new Error(`the emulator does not start: ${output}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /listening on (http:\S+)\n/.exec(output)?.[1];
        if (found) listening(found);
      });
    }
  });
  return {
    url,
    runs,
    complaints: () => output.replace(/^listening on .*\n/, ''),
    end: async signal => {
      if (!runs()) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}
