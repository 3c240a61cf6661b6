import { execFile } from 'child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'fs/promises';
import { join } from 'path';
import { promisify } from 'util';
import { Cdk } from './cdk';
import { EMULATOR_PROGRAM, startEmulatorProgram } from './emulator';
import { cleanEnvironment } from './environment';
import { LocalStackError } from './error';
import { startMiniStack } from './ministack';
import { makeRunFolder } from './run-folder';

export interface LocalStackOptions {
  /** Port of the DataSync emulator. @default - any free port */
  readonly port?: number;
  /** Folder for the logs, which are kept. @default - the logs are gone with the local stack */
  readonly logFolder?: string;
}

/** Stack name to output name to value. */
export type StackOutputs = Record<string, Record<string, string>>;

const REGION = 'us-east-1';
const ENVIRONMENT = `aws://000000000000/${REGION}`; // MiniStack's own account

/** What a client of the AWS SDK needs to know to talk to a server of the local stack. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * All that it takes to deploy an app of the CDK and to run its DataSync tasks on this machine: MiniStack for
 * CloudFormation, Lambda, S3 and the rest of AWS, the DataSync emulator, and the CDK CLI that is pointed at both.
 */
export class LocalStack {
  /** @throws LocalStackError when something is missing or does not start; nothing runs then */
  static async start(options: LocalStackOptions = {}): Promise<LocalStack> {
    const { path: folder, remove } = makeRunFolder('stack');
    // Undone in reverse order, by `close` or when something does not start.
    const undo: (() => unknown)[] = [remove];
    try {
      const root = join(folder, 'datasync');
      await mkdir(root);
      const log = await logFiles(options.logFolder ?? folder);
      const miniStack = await startMiniStack({ logFile: log.miniStack });
      undo.push(() => miniStack.close());
      const emulator = await startEmulatorProgram({ root, awsEndpoint: miniStack.url, logFile: log.emulator, port: options.port });
      undo.push(() => emulator.close());
      const cdk = new Cdk({ ...cleanEnvironment(folder), AWS_ENDPOINT_URL: miniStack.url }, log.cdk);
      undo.push(() => cdk.stop());
      return new LocalStack(folder, root, settings(miniStack.url), settings(emulator.url), cdk, undo);
    } catch (error) {
      await runAll(undo);
      throw error;
    }
  }

  private bootstrapped?: Promise<string>;

  private constructor(
    private readonly folder: string,
    /** The folder below which the emulator's file systems live. */
    readonly root: string,
    /** Settings of clients for everything but DataSync. */
    readonly aws: ClientSettings,
    /** Settings of clients for DataSync. */
    readonly datasync: ClientSettings,
    private readonly cdk: Cdk,
    private readonly undo: (() => unknown)[],
  ) {}

  /** Synthesizes the app in a folder with a `cdk.json` and returns the folder of the assembly. */
  async synth(appFolder: string): Promise<string> {
    const assembly = await mkdtemp(join(this.folder, 'cdk.out-'));
    await this.cdk.run(['synth', '--quiet', '--output', assembly], appFolder);
    return assembly;
  }

  /** Makes a synthesized assembly deployable here, as a user would: with the emulator's program. */
  async localize(assembly: string): Promise<void> {
    const args = [EMULATOR_PROGRAM, 'localize', assembly, '--endpoint', this.datasync.endpoint];
    await promisify(execFile)(process.execPath, args, { env: cleanEnvironment(this.folder) }).catch(({ stderr, message }) => {
      throw new LocalStackError(`cdk-datasync localize failed: ${stderr.trim() || message}`);
    });
  }

  /**
   * Deploys all stacks of a localized assembly with the CDK CLI and returns their outputs.
   *
   * @throws CdkError when the deployment fails
   */
  async deploy(assembly: string): Promise<StackOutputs> {
    await (this.bootstrapped ??= this.cdk.run(['bootstrap', ENVIRONMENT], this.folder));
    const outputs = join(assembly, 'outputs.json');
    await this.cdk.run(['deploy', '--all', '--app', assembly, '--require-approval', 'never', '--outputs-file', outputs], this.folder);
    return JSON.parse(await readFile(outputs, 'utf8'));
  }

  /** Deletes all stacks of an assembly. */
  async destroy(assembly: string): Promise<void> {
    await this.cdk.run(['destroy', '--all', '--app', assembly, '--force'], this.folder);
  }

  /** Stops everything that runs and removes what it made, but for logs in a folder of their own. */
  async close(): Promise<void> {
    await runAll(this.undo);
  }
}

async function runAll(undo: (() => unknown)[]): Promise<void> {
  while (undo.length > 0) await undo.pop()!();
}

async function logFiles(folder: string): Promise<Record<'cdk' | 'emulator' | 'miniStack', string>> {
  await mkdir(folder, { recursive: true });
  const files = { cdk: join(folder, 'cdk.log'), emulator: join(folder, 'emulator.log'), miniStack: join(folder, 'ministack.log') };
  await Promise.all(Object.values(files).map(file => writeFile(file, '')));
  return files;
}

function settings(endpoint: string): ClientSettings {
  return { endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}
