import { ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(__dirname, '../../emulator/cli.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `cdk-datasync`; `onStart` gets the process, which is still running. */
export function commandLine(args: string[], onStart?: (child: ChildProcess) => void): Promise<Ended> {
  const { AWS_ENDPOINT_URL_S3: _, AWS_ENDPOINT_URL_DATASYNC: __, ...environment } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment, NODE_NO_WARNINGS: '1' } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => { stdout += data; });
  child.stderr.on('data', data => { stderr += data; });
  onStart?.(child);
  return new Promise(ended => child.on('close', code => ended({ code, stdout, stderr })));
}
