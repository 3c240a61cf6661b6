import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';

/** As the README recommends it. Updated by hand: the figures of two releases are not the same. */
const VERSION = '22.23.3';
const FOLDER = path.resolve(__dirname, '..', '.local', `node-${VERSION}`);

/** The path of a Node.js 22, which is installed from npm beside the project unless this process is of 22 or later. */
export async function node22(): Promise<string> {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const program = path.join(FOLDER, 'node_modules', name, 'bin', 'node');
  if (!existsSync(program)) await promisify(execFile)('npm', ['install', '--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', `${name}@${VERSION}`]);
  return program;
}
