import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmulatorServer } from './emulator-server';
import type { Endpoints, Surroundings } from './environment';
import { clientEnvironment, serverEnvironment } from './environment';
import { LocalStackError } from './error';
import { stackFolder } from './folders';
import { startMiniStack } from './ministack';
import { requireFreePort } from './port';
import { isProcessAlive, stopServer } from './process-group';
import { addUser, otherUsers, removeUser } from './stack-users';
import type { LocalStackState, StackSettings } from './state-file';
import { readState, removeState, writeState } from './state-file';
import { ensureVenv } from './venv';
import type { Scope } from '../model/scope';
import { DEFAULT_SCOPE } from '../model/scope';
import { lock, unlock } from '../persistence/lock';
import { makeFolder } from '../system/make-folder';

export interface LocalStackOptions extends Partial<StackSettings> {
  /** Port of the emulator; 0 takes any. @default - that of the one that runs, or any that is free */
  readonly port?: number;
  /** @default - that of the environment, see `stackFolder` */
  readonly folder?: string;
  /** What this process is about to do there, until it leaves. @default - nothing that has to go on */
  readonly use?: { readonly project: string; readonly deploys: boolean };
  /** Is told what goes on. */
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const LOCK_SECONDS = 120;

/**
 * MiniStack, for CloudFormation, Lambda, S3 and the rest of AWS, and the DataSync emulator, which outlive the command that started them.
 * All commands find them by the state file in one folder.
 */
export class LocalStack {
  /** The one that runs, or undefined. */
  public static running(folder = stackFolder()): LocalStack | undefined {
    const state = readState(folder);
    return state?.emulator && isProcessAlive(state.miniStack) && isProcessAlive(state.emulator) ? new LocalStack(folder, state, false) : undefined;
  }

  /** @throws LocalStackError that names `up` when none runs */
  public static required(folder = stackFolder()): LocalStack {
    const stack = LocalStack.running(folder);
    if (!stack) throw new LocalStackError('no local stack is running; start it with "npx cdk-datasync up"');
    return stack;
  }

  /**
   * Starts what is not running.
   *
   * @throws LocalStackError when something is missing, does not start, or runs with other settings; nothing that this call started runs then
   */
  public static async start({ folder = stackFolder(), ...options }: LocalStackOptions = {}): Promise<LocalStack> {
    return exclusively(folder, options.signal, async () => {
      const running = LocalStack.running(folder);
      if (running) {
        checkSame(running.state, options);
        enter(folder, options.use);
        return running;
      }
      if (readState(folder)) {
        options.say?.('A server of the local stack has ended. Starting both again');
        await stop(folder);
      }
      try {
        const stack = await startBoth(folder, options);
        options.signal?.throwIfAborted();
        enter(folder, options.use);
        return stack;
      } catch (error) {
        await stop(folder, { keepLogs: !options.signal?.aborted });
        throw error;
      }
    });
  }

  /** Stops what runs and removes what it made, but for files in the root. Returns whether there was something to stop. */
  public static async stop(folder = stackFolder(), options: { readonly keepLogs?: boolean } = {}): Promise<boolean> {
    if (!existsSync(folder)) return false;
    return exclusively(folder, undefined, () => stop(folder, options));
  }

  public readonly endpoints: Endpoints;
  public readonly surroundings: Surroundings;

  constructor(
    public readonly folder: string,
    public readonly state: LocalStackState,
    /** Whether this very object started the servers. */
    public readonly isNew: boolean,
  ) {
    this.endpoints = { aws: state.miniStack.url, datasync: state.emulator!.url };
    this.surroundings = surroundingsOf(folder);
  }

  /**
   * Ends the use that it was started for. Returns whether the servers are stopped, which they are not while another command works with them.
   */
  public async leave(options: { readonly stop: boolean; readonly keepLogs?: boolean }): Promise<boolean> {
    removeUser(usersFolder(this.folder));
    if (!options.stop) return false;
    return exclusively(this.folder, undefined, async () => otherUsers(usersFolder(this.folder)).length === 0 && stop(this.folder, options));
  }

  public get logFolder(): string {
    return logFolder(this.folder);
  }

  /** Where the workspaces of apps are. */
  public get appsFolder(): string {
    return join(runFolder(this.folder), 'apps');
  }

  /** What `aws` and the SDKs need. */
  public environment(scope: Scope = DEFAULT_SCOPE): Record<string, string> {
    return clientEnvironment(this.endpoints, scope, this.surroundings);
  }

  /** Why whatever goes on can come to nothing any more: a server has ended. */
  public problem(): LocalStackError | undefined {
    const servers = { 'MiniStack': this.state.miniStack, 'the DataSync emulator': this.state.emulator! };
    const [name] = Object.entries(servers).find(([, server]) => !isProcessAlive(server)) ?? [];
    return name === undefined ? undefined : new LocalStackError(`${name} has ended in the middle of it; look at its log, and start again`);
  }
}

async function startBoth(folder: string, options: LocalStackOptions): Promise<LocalStack> {
  const { root = defaultRoot(folder), mounts = {}, faults, port = 0, say, signal } = options;
  await requireFreePort(port);
  const python = await ensureVenv({ say, signal });
  rmSync(logFolder(folder), { recursive: true, force: true });
  rmSync(runFolder(folder), { recursive: true, force: true });
  const surroundings = surroundingsOf(folder);
  for (const path of [logFolder(folder), surroundings.home, surroundings.temporary, root]) makeFolder(path, 0o700);
  for (const path of [surroundings.configFile, surroundings.credentialsFile]) writeFileSync(path, '');
  const logFile = (name: string) => {
    const path = join(logFolder(folder), `${name}.log`);
    writeFileSync(path, '');
    return path;
  };
  const faultsFile = faults === undefined ? undefined : join(runFolder(folder), 'faults.json');
  if (faultsFile) writeFileSync(faultsFile, faults!);
  const env = serverEnvironment(process.env.PATH, surroundings);
  const settings: StackSettings = { root, mounts, faults };

  signal?.throwIfAborted();
  say?.('Starting MiniStack');
  const miniStack = await startMiniStack({ python, folder: surroundings.temporary, env, logFile: logFile('ministack'), signal });
  writeState(folder, { version: 1, ...settings, miniStack });
  signal?.throwIfAborted();
  say?.('Starting the DataSync emulator');
  const emulator = await startEmulatorServer({
    root, mounts, faults: faultsFile, awsEndpoint: miniStack.url, port, env, logFile: logFile('emulator'), signal,
  });
  const state: LocalStackState = { version: 1, ...settings, miniStack, emulator };
  writeState(folder, state);
  return new LocalStack(folder, state, true);
}

async function stop(folder: string, { keepLogs = false } = {}): Promise<boolean> {
  const state = readState(folder);
  if (state?.emulator) await stopServer(state.emulator);
  if (state) await stopServer(state.miniStack);
  removeState(folder);
  rmSync(runFolder(folder), { recursive: true, force: true, maxRetries: 3 });
  if (!keepLogs) rmSync(logFolder(folder), { recursive: true, force: true });
  const files = defaultRoot(folder);
  if (existsSync(files) && readdirSync(files).length === 0) rmSync(files, { recursive: true });
  return state !== undefined;
}

/** @throws LocalStackError when another process deploys the same app: they would work on the same files and stacks */
function enter(folder: string, use: LocalStackOptions['use']): void {
  if (!use) return;
  const other = use.deploys && otherUsers(usersFolder(folder)).find(({ project, deploys }) => deploys && project === use.project);
  if (other) throw new LocalStackError(`process ${other.pid} deploys this app right now; wait until it has ended`);
  addUser(usersFolder(folder), use.project, use.deploys);
}

function checkSame({ root, mounts, faults, emulator }: LocalStackState, wanted: LocalStackOptions): void {
  const { port } = new URL(emulator!.url);
  const mounted = Object.entries(mounts).map(mount => `--mount ${mount.join('=')}`);
  const different = [
    ...wanted.root !== undefined && wanted.root !== root ? [`--root ${root}`] : [],
    ...wanted.mounts !== undefined && !sameMounts(wanted.mounts, mounts) ? [mounted.join(' ') || 'no --mount'] : [],
    ...wanted.faults !== undefined && wanted.faults !== faults ? [faults === undefined ? 'no --faults' : 'other --faults'] : [],
    ...wanted.port && String(wanted.port) !== port ? [`--port ${port}`] : [],
  ];
  if (different.length === 0) return;
  throw new LocalStackError(`the local stack runs with ${different.join(' and ')}; stop it with "npx cdk-datasync down" first, or leave these options out`);
}

function sameMounts(one: StackSettings['mounts'], other: StackSettings['mounts']): boolean {
  const text = (mounts: StackSettings['mounts']) => JSON.stringify(Object.entries(mounts).sort());
  return text(one) === text(other);
}

function named(folder: string, what: string, error: unknown): LocalStackError {
  return new LocalStackError(`${folder}, the folder of the local stack, cannot be ${what} (${(error as NodeJS.ErrnoException).code}); name another in CDK_DATASYNC_STACK`);
}

/** One command at a time starts or stops. */
async function exclusively<T>(folder: string, signal: AbortSignal | undefined, action: () => Promise<T>): Promise<T> {
  try {
    makeFolder(folder, 0o700);
  } catch (error) {
    throw named(folder, 'made', error);
  }
  const deadline = Date.now() + LOCK_SECONDS * 1000;
  for (;;) {
    try {
      lock(folder);
      break;
    } catch (error) {
      if (!/in use/.test((error as Error).message)) throw named(folder, 'written to', error);
      if (Date.now() > deadline) throw new LocalStackError('another cdk-datasync is busy with the local stack for two minutes now; wait for it, or end it');
      await sleep(100, undefined, { signal });
    }
  }
  try {
    return await action();
  } finally {
    unlock(folder);
  }
}

function surroundingsOf(folder: string): Surroundings {
  const home = join(runFolder(folder), 'home');
  return { home, temporary: join(runFolder(folder), 'tmp'), configFile: join(home, 'config'), credentialsFile: join(home, 'credentials') };
}

/** What is gone after `down`. */
function runFolder(folder: string): string {
  return join(folder, 'run');
}

function usersFolder(folder: string): string {
  return join(runFolder(folder), 'users');
}

function logFolder(folder: string): string {
  return join(folder, 'logs');
}

/** Stays after `down`: what is in it is the user's. */
function defaultRoot(folder: string): string {
  return join(folder, 'files');
}
