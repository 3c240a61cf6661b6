import { existsSync } from 'fs';
import { readFile, stat } from 'fs/promises';
import { dirname, join } from 'path';
import { LocalStackError } from './error';
import { ProcessGroup, startProcess } from './process-group';

const PROGRAM = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');

/** A run of the CDK CLI that failed. */
export class CdkError extends LocalStackError {
  constructor(message: string, readonly output: string) {
    super(message);
  }
}

/** The CDK CLI that the project pins, pointed at a local stack. */
export class Cdk {
  private readonly running = new Set<ProcessGroup>();

  constructor(private readonly env: Record<string, string>, private readonly logFile: string) {}

  /**
   * Runs a command and returns what it wrote.
   *
   * @throws CdkError with the line that tells why it failed
   */
  async run(args: string[], cwd?: string): Promise<string> {
    const start = existsSync(this.logFile) ? (await stat(this.logFile)).size : 0;
    const cli = startProcess(process.execPath, [PROGRAM, '--no-color', ...args], { env: this.env, cwd, logFile: this.logFile });
    this.running.add(cli);
    const code = await cli.ended;
    this.running.delete(cli);
    const output = (await readFile(this.logFile)).subarray(start).toString();
    if (code !== 0) throw new CdkError(`cdk ${args[0]} failed: ${reason(output) ?? code}`, output);
    return output;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running].map(cli => cli.stop()));
  }
}

/** The line of the CLI's output that tells why it failed: the first resource that did, else the CLI's own words. */
function reason(output: string): string | undefined {
  const lines = output.split('\n').map(line => line.trim()).filter(Boolean);
  const resource = lines.find(line => /\| \w+_FAILED\s+\|/.test(line))?.split(' | ').pop();
  return resource ?? lines.find(line => line.startsWith('❌')) ?? lines.find(line => /^\w*Error\b/.test(line)) ?? lines.pop();
}
