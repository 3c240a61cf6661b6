import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM } from '../../emulator/local-stack/emulator-server';
import { signalGroup } from '../../emulator/local-stack/process-group';
import { readState } from '../../emulator/local-stack/state-file';
import { cacheFolder } from '../../emulator/system/cache-folder';

const REPOSITORY = join(__dirname, '../..');

export interface CommandEnded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the process whenever it has printed something, with all of that. */
  onOutput?(output: string, child: ChildProcess): void;
}

/** A CDK project of a user with a home folder, an environment full of credentials, and a local stack of its own. */
export class CdkProject {
  public readonly folder: string;
  public readonly stackFolder: string;
  /** What is written there has been seen by the app, or was loaded by the CDK CLI. */
  public readonly seen: string;
  private readonly home: string;

  constructor(private readonly base = mkdtempSync(join(tmpdir(), 'cdk-project-'))) {
    this.folder = join(base, 'project');
    this.home = join(base, 'home');
    this.stackFolder = join(base, 'stack');
    this.seen = join(base, 'seen');
    for (const folder of [this.seen, join(this.home, '.aws'), join(this.folder, 'cdk.out')]) mkdirSync(folder, { recursive: true });

    const plugin = join(this.home, 'plugin.js');
    writeFileSync(plugin, `require('fs').writeFileSync(${JSON.stringify(join(this.seen, 'plugin'))}, ''); module.exports = { version: '1', init() {} };`);
    writeFileSync(join(this.home, '.cdk.json'), JSON.stringify({ plugin: [plugin], context: { fromHome: true } }));
    writeFileSync(join(this.home, '.aws', 'config'), '[profile prod]\nregion = eu-west-3\nendpoint_url = http://127.0.0.1:1\n');
    writeFileSync(join(this.home, '.aws', 'credentials'), '[prod]\naws_access_key_id = AKIAREAL\naws_secret_access_key = real\n');

    this.config({ plugin: [plugin], profile: 'prod', output: 'cdk.out' });
    writeFileSync(join(this.folder, 'cdk.context.json'), '{"known": "value"}');
    writeFileSync(join(this.folder, 'cdk.out', 'manifest.json'), '{"of": "AWS"}');
    writeFileSync(join(this.folder, 'tsconfig.json'), JSON.stringify({
      extends: join(REPOSITORY, 'tsconfig.dev.json'), compilerOptions: { paths: { 'cdk-datasync': [join(REPOSITORY, 'src/index.ts')] } },
    }));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.folder, 'node_modules'));
  }

  public config(more: object): void {
    writeFileSync(join(this.folder, 'cdk.json'), JSON.stringify({ app: 'node --import tsx app.ts', ...more }));
  }

  /** The body of an app, which has the CDK and the library at hand, and `app`. */
  public app(body: string): void {
    writeFileSync(join(this.folder, 'app.ts'), `import { writeFileSync } from 'fs';
      import { App, CfnOutput, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
      import * as ec2 from 'aws-cdk-lib/aws-ec2';
      import * as s3 from 'aws-cdk-lib/aws-s3';
      import * as datasync from 'cdk-datasync';
      const app = new App();
      writeFileSync(${JSON.stringify(join(this.seen, 'environment.json'))}, JSON.stringify(process.env));
      ${body}`);
  }

  /** Runs `cdk-datasync` in the project. */
  public run(args: readonly string[], { env = {}, onOutput }: RunOptions = {}): Promise<CommandEnded> {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: this.home,
        RUSTUP_HOME: this.seen, // pip asks rustc for its version, and that of rustup makes settings in a home that has none
        XDG_CACHE_HOME: join(cacheFolder(), '..'),
        CDK_DATASYNC_STACK: this.stackFolder,
        MINE: 'yes',
        AWS_PROFILE: 'prod',
        AWS_ACCESS_KEY_ID: 'AKIAREAL',
        AWS_SECRET_ACCESS_KEY: 'real',
        AWS_SESSION_TOKEN: 'real',
        AWS_REGION: 'eu-west-3',
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
        AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...env,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', data => {
      stdout += data;
      onOutput?.(stdout, child);
    });
    child.stderr.on('data', data => { stderr += data; });
    return new Promise(ended => child.once('close', code => ended({ code, stdout, stderr })));
  }

  /** Every file of the project and of the home folder, with a hash of its content. */
  public files(): Record<string, string> {
    return Object.fromEntries([this.folder, this.home].flatMap(filesBelow).map(path => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]));
  }

  /** What an app of the project saw of the environment. */
  public environment(): Record<string, string> {
    return JSON.parse(readFileSync(join(this.seen, 'environment.json'), 'utf8'));
  }

  /** Files of the stack that are gone after `down`. */
  public left(): string[] {
    return existsSync(this.stackFolder) ? readdirSync(this.stackFolder).filter(name => name !== 'logs') : [];
  }


  public remove(): void {
    const state = readState(this.stackFolder);
    for (const server of [state?.miniStack, state?.emulator]) if (server) signalGroup(server.pid, 'SIGKILL');
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Without what links lead to, and without the cache that aws-cdk-lib itself keeps in the home folder with every synthesis. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'fingerprints').flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}
