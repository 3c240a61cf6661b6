import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findCdkCli, runCdk } from '../../emulator/local-stack/cdk-cli';
import type { StackOutputs } from '../../emulator/local-stack/cdk-deployment';
import { CdkDeployment } from '../../emulator/local-stack/cdk-deployment';
import { PROGRAM } from '../../emulator/local-stack/emulator-server';
import { cdkEnvironment } from '../../emulator/local-stack/environment';
import { LocalStack } from '../../emulator/local-stack/local-stack';
import { signalGroup } from '../../emulator/local-stack/process-group';
import { DEFAULT_SCOPE } from '../../emulator/model/scope';

/** What a client of the AWS SDK needs to know to talk to a server of the local stack. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const PROJECT = join(__dirname, '../..');

/** A local stack of one test file, for assemblies that the test has synthesized. */
export class TestLocalStack {
  public static async start(): Promise<TestLocalStack> {
    const folder = mkdtempSync(join(tmpdir(), 'local-stack-'));
    const stack = await LocalStack.start({ folder });
    process.once('exit', () => [stack.state.miniStack, stack.state.emulator!].forEach(({ pid }) => signalGroup(pid, 'SIGKILL')));
    return new TestLocalStack(folder, stack);
  }

  /** Settings of clients for everything but DataSync. */
  public readonly aws: ClientSettings;
  public readonly datasync: ClientSettings;
  /** All that the CDK CLI wrote in the last run. */
  public output = '';

  private constructor(
    /** For assemblies. */
    public readonly folder: string,
    public readonly stack: LocalStack,
  ) {
    const of = (endpoint: string) => ({ endpoint, region: DEFAULT_SCOPE.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
    this.aws = of(stack.endpoints.aws);
    this.datasync = of(stack.endpoints.datasync);
  }

  /** The folder below which the emulator's file systems live. */
  public get root(): string {
    return this.stack.state.root;
  }

  /** Localizes an assembly with the command, and deploys all of its stacks. */
  public async deploy(assembly: string): Promise<StackOutputs> {
    await promisify(execFile)(process.execPath, [PROGRAM, 'localize', assembly, '--endpoint', this.datasync.endpoint, '--stand-ins']);
    this.output = '';
    const deployment = new CdkDeployment({
      stack: this.stack, cli: findCdkCli(PROJECT), workspace: { project: PROJECT, folder: this.folder, assembly }, scope: DEFAULT_SCOPE, onLine: line => { this.output += `${line}\n`; },
    });
    await deployment.bootstrap(() => undefined);
    return deployment.deploy();
  }

  /** Deletes all stacks of an assembly. */
  public async destroy(assembly: string): Promise<void> {
    const { code, lines } = await runCdk(findCdkCli(PROJECT), ['destroy', '--all', '--app', assembly, '--force'], {
      cwd: this.folder,
      env: cdkEnvironment(process.env, {}, this.stack.endpoints, DEFAULT_SCOPE, this.stack.surroundings),
      output: { logFile: join(this.stack.logFolder, 'cdk.log'), onLine: () => undefined },
    });
    if (code !== 0) throw new Error(lines.join('\n'));
  }

  public async close(): Promise<void> {
    await LocalStack.stop(this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
