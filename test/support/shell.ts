import type { ChildProcessByStdio } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { signalGroup } from '../../emulator/local-stack/process-group';

/** What a command printed, errors included, and how it ended. */
export interface Typed {
  readonly code: number;
  readonly output: string;
}

/** A terminal of a user: what one command exports, and where it goes, holds for the next. */
export class Shell {
  private readonly process: ChildProcessByStdio<Writable, Readable, null>;
  private output = '';
  private commands = 0;
  private onOutput?: () => void;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    // a group of its own, so that what runs in the background ends with it
    this.process = spawn('bash', ['--noprofile', '--norc'], { cwd, env, detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdout.on('data', data => {
      this.output += data;
      this.onOutput?.();
    });
    this.process.once('close', () => this.onOutput?.());
    process.once('exit', () => this.close());
  }

  /** Types a command, and waits for its end. */
  public type(command: string): Promise<Typed> {
    const end = `ended-${++this.commands}:`;
    // What runs of Node.js makes its output non-blocking, and all that writes there fails when it is full: each command has a pipe of its own.
    const typed = `{ { ${command}\n}; ended=$?; until printf '${end}%s\\n' $ended; do sleep 0.1; done 2>/dev/null; } </dev/null > >(exec cat) 2>&1`;
    return this.until(new RegExp(`${end}(\\d+)\\n`), typed, ([, code], output) => ({ code: Number(code), output }));
  }

  /** Types a command that goes on running, and waits until it has printed a line like this. */
  public start(command: string, line: RegExp): Promise<RegExpExecArray> {
    return this.until(line, `{ ${command}\n} </dev/null > >(exec cat) 2>&1 &`, found => found);
  }

  public close(): void {
    signalGroup(this.process.pid!, 'SIGKILL');
  }

  private until<T>(expected: RegExp, input: string, result: (found: RegExpExecArray, output: string) => T): Promise<T> {
    this.output = '';
    return new Promise((resolve, reject) => {
      this.onOutput = () => {
        const found = expected.exec(this.output);
        if (found) resolve(result(found, this.output.slice(0, found.index)));
        else if (this.process.exitCode !== null) reject(new Error(`the shell has ended: ${this.output}`));
      };
      this.process.stdin.write(`${input}\n`);
    });
  }
}
