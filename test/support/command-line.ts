import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(__dirname, '../../emulator/cli.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `cdk-datasync`; `onStart` gets the process, which is still running, which has `env` in its environment, and nothing else of AWS's. No local
 * stack runs for it.
 *
 * @param uid whose process it is; only root can choose
 */
export function commandLine(args: string[], onStart?: (child: ChildProcess) => void, env: NodeJS.ProcessEnv = {}, uid?: number): Promise<Ended> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const environment = {
    ...Object.fromEntries(others),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    CDK_DATASYNC_STACK: join(__dirname, 'no-local-stack'),
    ...env,
  };
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment, NODE_NO_WARNINGS: '1' }, uid, gid: uid,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => { stdout += data; });
  child.stderr.on('data', data => { stderr += data; });
  onStart?.(child);
  return new Promise(ended => child.on('close', code => ended({ code, stdout, stderr })));
}
