import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { DataSyncClient, DescribeTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Command, InvalidArgumentError } from 'commander';
import { count, PhaseDisplay, table } from './display';
import type { TreeItem } from './source-tree';
import { plannedTree, writeTree } from './source-tree';
import type { Verification } from './verify-copy';
import { verifyCopy } from './verify-copy';
import { watchExecution } from './watch-execution';

// What the SDK says of coming Node.js versions is for those who build with it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

interface Scenario {
  readonly app: string;
  readonly stackName: string;
  readonly prefix: string;
  /** How long after the deployment the execution may begin. */
  readonly waitSeconds: number;
}

const ON_DEPLOY: Scenario = { app: 'deploy-time-seed', stackName: 'DeployTimeSeed', prefix: 'seeded/', waitSeconds: 0 };
const ON_SCHEDULE: Scenario = { app: 'scheduled-copy', stackName: 'ScheduledCopy', prefix: 'copied/', waitSeconds: 180 };

const SHARE = join('nfs', 'fileserver.example.com', 'export', 'projects'); // what both apps read
const EXECUTION_MINUTES = 10;
const SHOWN_PROBLEMS = 10;

const REPOSITORY = join(__dirname, '..', '..');
const COMMAND = join(REPOSITORY, 'assets', 'emulator', 'cli', 'index.js');

/** What is wrong, in a line. */
class DemoError extends Error {}

/** The command failed, and has said why. */
class CommandError extends Error {}

/** A local stack of the demo's own, so that it disturbs none that is running. */
class DemoStack {
  public readonly root: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(public readonly folder: string) {
    this.root = join(folder, 'files');
    this.env = { ...process.env, CDK_DATASYNC_STACK: join(folder, 'stack') };
  }

  /** Runs `cdk-datasync`, which says itself what is wrong. Returns its output only if it is not to be shown. */
  public async run(args: readonly string[], { cwd = REPOSITORY, shown = true } = {}): Promise<string> {
    const child = spawn(process.execPath, [COMMAND, ...args], { cwd, env: this.env, stdio: ['ignore', shown ? 'inherit' : 'pipe', 'inherit'] });
    let output = '';
    child.stdout?.on('data', data => { output += data; });
    running.add(child);
    const code = await new Promise(ended => child.once('close', ended));
    running.delete(child);
    if (code !== 0) throw new CommandError(`"cdk-datasync ${args[0]}" ended with ${code}`);
    return output;
  }

  /** Settings of clients, as `cdk-datasync env` prints them. */
  public async clients(): Promise<{ readonly aws: ClientSettings; readonly datasync: ClientSettings }> {
    const variables = Object.fromEntries([...(await this.run(['env'], { shown: false })).matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]));
    const of = (endpoint: string) => ({
      endpoint,
      region: variables.AWS_REGION,
      credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY },
    });
    return { aws: of(variables.AWS_ENDPOINT_URL), datasync: of(variables.AWS_ENDPOINT_URL_DATASYNC) };
  }
}

interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const running = new Set<ReturnType<typeof spawn>>();

async function demo({ app, stackName, prefix, waitSeconds }: Scenario, stack: DemoStack, port?: number): Promise<void> {
  const tree = plannedTree();
  const share = join(stack.root, SHARE);
  console.log(`Writing ${count(tree.length)} files for the file server`);
  await mkdir(share, { recursive: true });
  await writeTree(share, tree);

  const file = join(stack.folder, 'outputs.json');
  const options = ['--root', stack.root, '--outputs-file', file, ...port ? ['--port', String(port)] : []];
  await stack.run(['deploy', ...options], { cwd: join(__dirname, '..', 'typescript', app) });
  const outputs = JSON.parse(await readFile(file, 'utf8'))[stackName] as Record<string, string>;
  const { aws, datasync } = await stack.clients();
  const client = new DataSyncClient(datasync);
  let arn: string | undefined = outputs.TaskExecutionArn;
  if (waitSeconds > 0) {
    console.log('Waiting for the schedule, which fires once a minute');
    const ended = await scheduled(client, waitSeconds);
    arn = await storedArn(new SSMClient(aws), outputs);
    if (arn !== ended.TaskExecutionArn) throw new DemoError(`the execution that ran is another one: ${ended.TaskExecutionArn}`);
  }
  console.log(`TaskExecutionArn: ${arn}`);
  const execution = await client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn }));
  if (execution.Status !== 'SUCCESS') throw new DemoError(`the execution ended with ${execution.Status}: ${execution.Result?.ErrorDetail}`);

  console.log('Comparing every byte in the bucket with the file server');
  const found = await verifyCopy(share, tree, { client: new S3Client({ ...aws, forcePathStyle: true }), bucket: outputs.BucketName, prefix });
  console.log(summary(tree, execution, found));
  if (found.problems.length > 0) {
    throw new DemoError(`${count(found.problems.length)} difference(s):\n  ${found.problems.slice(0, SHOWN_PROBLEMS).join('\n  ')}`);
  }
}

/** Follows the first execution until its end. */
async function scheduled(client: DataSyncClient, waitSeconds: number): Promise<DescribeTaskExecutionCommandOutput> {
  const seconds = waitSeconds + EXECUTION_MINUTES * 60;
  const watching = new AbortController();
  const timer = setTimeout(() => watching.abort(), seconds * 1000);
  const display = new PhaseDisplay();
  try {
    const execution = await watchExecution(client, state => display.show(state), watching.signal);
    if (!execution) throw new DemoError(`no execution has ended after ${seconds} seconds`);
    return execution;
  } finally {
    display.end();
    clearTimeout(timer);
  }
}

/** The function stores the ARN right after the start: long before the end of the execution. */
async function storedArn(client: SSMClient, outputs: Record<string, string>): Promise<string | undefined> {
  const output = Object.keys(outputs).find(name => name.includes('TaskExecutionArnParameterName'));
  const { Parameter } = await client.send(new GetParameterCommand({ Name: outputs[output!] }));
  return Parameter?.Value;
}

function summary(tree: readonly TreeItem[], execution: DescribeTaskExecutionCommandOutput, found: Verification): string {
  const left = (reason: TreeItem['leftOut']): [number, number] => {
    const items = tree.filter(item => item.leftOut === reason);
    return [items.length, items.reduce((sum, item) => sum + item.size, 0)];
  };
  return table([
    ['copied', execution.FilesTransferred ?? 0, execution.BytesWritten ?? 0, `${count(found.folders)} of them folders`],
    ['not included', ...left('not included')],
    ['excluded', ...left('excluded')],
    ['verified', found.files, found.bytes, 'read back and compared'],
  ]);
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65535) throw new InvalidArgumentError('It must be a number from 1 to 65535.');
  return port;
}

/** Runs the demo; the logs stay if it fails. */
async function run(scenario: Scenario, port?: number): Promise<void> {
  const runs = join(REPOSITORY, '.local', 'run');
  await mkdir(runs, { recursive: true });
  const stack = new DemoStack(await mkdtemp(join(runs, `demo-${process.pid}-`)));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void interrupt(stack));
  let succeeded = false;
  try {
    await demo(scenario, stack, port);
    succeeded = true;
  } catch (error) {
    await interrupted;
    if (!(error instanceof CommandError)) console.error(`error: ${(error as Error).message}`);
    process.exitCode = 1;
  }
  await stack.run(['down'], { shown: false });
  if (succeeded) await rm(stack.folder, { recursive: true });
  else await rm(stack.root, { recursive: true, force: true });
}

let interrupted: Promise<void> | undefined;

/**
 * Stops what runs, in order. A Ctrl-C reaches this process directly, and again through npm and tsx: the second one must not cut the
 * first one's work short.
 */
function interrupt(stack: DemoStack): Promise<void> {
  return interrupted ??= (async () => {
    const ends = [...running].map(child => new Promise(ended => child.once('close', ended)));
    running.forEach(child => child.kill('SIGTERM'));
    await Promise.all(ends);
    await stack.run(['down'], { shown: false });
    await rm(stack.folder, { recursive: true, force: true });
    console.error('\nStopped');
    process.exit(130);
  })();
}

void new Command('npm run demo --')
  .description('Deploys an example app to a local CloudFormation with the CDK CLI and copies real files with the DataSync emulator. Needs no AWS account.')
  .option('--schedule', 'the app whose schedule starts the task (takes about two minutes)')
  .option('--port <number>', 'port of the DataSync emulator (default: any that is free)', portNumber)
  .action(({ schedule, port }) => run(schedule ? ON_SCHEDULE : ON_DEPLOY, port))
  .parseAsync();
