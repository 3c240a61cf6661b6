import { spawn } from 'node:child_process';
import { accessSync, appendFileSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { LocalStackError } from './error';
import { signalGroup } from './process-group';

/** How to start the CDK CLI. */
export interface CdkCli {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The CDK CLI of a project: the one that its packages have, else the one on the path.
 *
 * @throws LocalStackError when there is none
 */
export function findCdkCli(project: string, path = process.env.PATH ?? ''): CdkCli {
  const manifest = resolved(project, 'aws-cdk/package.json');
  if (manifest) {
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { cdk: string } };
    return { command: process.execPath, args: [join(dirname(manifest), bin.cdk)] };
  }
  const found = path.split(delimiter).filter(Boolean).map(folder => join(folder, 'cdk')).find(isExecutable);
  if (found) return { command: found, args: [] };
  throw new LocalStackError('the CDK CLI is missing; install it in the project with "npm install --save-dev aws-cdk", or for all projects with "npm install --global aws-cdk"');
}

function resolved(project: string, name: string): string | undefined {
  try {
    return createRequire(join(project, 'index.js')).resolve(name);
  } catch {
    return undefined;
  }
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface CdkRun {
  readonly cwd: string;
  readonly env: Record<string, string>;
  /** What becomes of what it writes. @default - it has the terminal to itself */
  readonly output?: { readonly logFile: string; onLine(line: string): void };
  readonly signal?: AbortSignal;
}

/** What a run wrote, unless it had the terminal, and how it ended. */
export interface CdkResult {
  readonly code: number;
  readonly lines: readonly string[];
}

/** How long it has to end by itself after a Ctrl-C. */
const GRACE_MS = 5_000;

/** Runs the CDK CLI in a group of its own, which `signal` ends: a Ctrl-C at the terminal reaches this process alone, which then stops the rest in order. */
export async function runCdk({ command, args: first }: CdkCli, args: readonly string[], options: CdkRun): Promise<CdkResult> {
  const { output, signal, ...rest } = options;
  signal?.throwIfAborted();
  const child = spawn(command, [...first, ...args], { ...rest, detached: output !== undefined, stdio: output ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
  const lines: string[] = [];
  for (const stream of output ? [child.stdout!, child.stderr!] : []) {
    createInterface({ input: stream }).on('line', line => {
      lines.push(line);
      appendFileSync(output!.logFile, `${line}\n`);
      output!.onLine(line);
    });
  }
  let insist: NodeJS.Timeout | undefined;
  const end = (how: NodeJS.Signals) => output ? signalGroup(child.pid!, how) : child.kill(how);
  const onAbort = () => {
    end('SIGTERM');
    insist = setTimeout(() => end('SIGKILL'), GRACE_MS);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const code = await new Promise<number>((ended, failed) => child.once('close', (exit, how) => ended(exit ?? (how === 'SIGINT' ? 130 : 1))).once('error', failed));
    signal?.throwIfAborted();
    return { code, lines };
  } finally {
    clearTimeout(insist);
    signal?.removeEventListener('abort', onAbort);
    if (output && child.pid) signalGroup(child.pid, 'SIGKILL'); // what it started may outlive it
  }
}

/** What the CLI says of any app that has failed: the script that starts it is ours. */
const OF_THE_APP = /^(?:❌\s*)?sh app\.sh: Subprocess exited with error (\d+)/;

const ERROR = /^(\S*: )?\w*Error\b/;

/** A message has no more lines than a reader wants to see: those of a compiler may be hundreds. */
const MESSAGE_LINES = 20;

/** What an app has thrown: all lines of the message, such as one for each problem, and the place in the app. */
function thrownIn(lines: readonly string[]): string | undefined {
  const traceback = lines.lastIndexOf('Traceback (most recent call last):');
  return traceback < 0 ? thrownByNode(lines) : thrownByPython(lines.slice(traceback + 1));
}

function thrownByNode(lines: readonly string[]): string | undefined {
  const first = lines.findIndex(line => ERROR.test(line.trim()));
  const frame = lines.findIndex((line, index) => index > first && FRAME.test(line));
  if (first < 0 || frame < 0) return undefined;
  const places = lines.slice(frame).flatMap(line => PLACE.exec(line)?.[1] ?? []);
  return message(lines.slice(first, frame), places.find(place => !place.includes('/node_modules/')));
}

const FRAME = /^\s+at /;

/** In a line of a stack, in brackets or alone; what is in the runtime has no slash in front. */
const PLACE = /^\s+at (?:.*\(|async )?(?:file:\/\/)?(\/.*:\d+:\d+)\)?$/;

function thrownByPython(lines: readonly string[]): string | undefined {
  const first = lines.findIndex(line => /^\S/.test(line));
  if (first < 0) return undefined;
  const places = lines.slice(0, first).flatMap(line => /^ {2}File "([^"<]+)", line (\d+)/.exec(line)?.slice(1).join(':') ?? []);
  const last = lines.findIndex((line, index) => index > first && line.trim() === '');
  return message(lines.slice(first, last < 0 ? undefined : last), [...places].reverse().find(place => !/\/(site-packages|lib\/python[\d.]+)\//.test(place)));
}

function message(lines: readonly string[], place: string | undefined): string {
  const said = lines.map(line => line.trim()).filter(Boolean);
  const more = said.length > MESSAGE_LINES ? [`and ${said.length - MESSAGE_LINES} more lines, which the log has`] : [];
  return [...said.slice(0, MESSAGE_LINES), ...more].join('\n') + (place ? ` (${place})` : '');
}

/** The line that tells why a run failed: the first resource that did, else the CLI's own words. */
export function reasonOf({ lines, code }: CdkResult): string {
  const said = lines.map(line => line.trim()).filter(Boolean);
  const texts = said.filter(line => !OF_THE_APP.test(line)); // what the app says tells more
  const resource = texts.find(line => /\| \w+_FAILED\s+\|/.test(line));
  if (resource) {
    const [type, rest] = resource.split(' | ').slice(-2).map(part => part.trim());
    const [, path, reason] = /^(\S+)(?: \(\w+\))? (.*)$/.exec(rest) ?? [];
    return path ? `${path} (${type}): ${reason}` : rest;
  }
  return thrownIn(lines.filter(line => !OF_THE_APP.test(line.trim()))) ?? texts.find(line => ERROR.test(line)) ?? texts.find(line => line.startsWith('‣ '))?.slice(2)
    ?? texts.find(line => line.startsWith('❌')) ?? texts.at(-1)
    ?? `it ended with ${OF_THE_APP.exec(said.at(-1) ?? '')?.[1] ?? code}`;
}
