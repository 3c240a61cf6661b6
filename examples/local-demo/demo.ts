import { mkdir, mkdtemp, readdir, rm, stat } from 'fs/promises';
import { join, relative } from 'path';
import { DataSyncClient, DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Command, InvalidArgumentError } from 'commander';
import { count, PhaseDisplay, table } from './display';
import { LocalStackError } from './error';
import { LocalStack } from './local-stack';
import { plannedTree, TreeItem, writeTree } from './source-tree';
import { LOCAL_FOLDER } from './venv';
import { Verification, verifyCopy } from './verify-copy';
import { watchExecution } from './watch-execution';

// What the SDK says of coming Node.js versions is for those who build with it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

interface Scenario {
  readonly app: string;
  readonly stackName: string;
  readonly prefix: string;
  /** How long after the deployment the execution may begin. */
  readonly patienceSeconds: number;
}

const ON_DEPLOY: Scenario = { app: 'deploy-time-seed', stackName: 'DeployTimeSeed', prefix: 'seeded/', patienceSeconds: 0 };
const ON_SCHEDULE: Scenario = { app: 'scheduled-copy', stackName: 'ScheduledCopy', prefix: 'copied/', patienceSeconds: 180 };

const SHARE = join('nfs', 'fileserver.example.com', 'export', 'projects'); // what both apps read
const EXECUTION_MINUTES = 10;
const SHOWN_PROBLEMS = 10;

async function demo({ app, stackName, prefix, patienceSeconds }: Scenario, logFolder: string, port?: number): Promise<void> {
  console.log('Starting MiniStack and the DataSync emulator (the first time installs MiniStack)');
  const stack = await LocalStack.start({ port, logFolder });
  try {
    const tree = plannedTree();
    const share = join(stack.root, SHARE);
    console.log(`Writing ${count(tree.length)} files for the file server`);
    await writeTree(share, tree);

    const folder = join(__dirname, '..', 'typescript', app);
    console.log(`Synthesizing and localizing ${relative(process.cwd(), folder)}`);
    const assembly = await stack.synth(folder);
    await stack.localize(assembly);

    console.log('Deploying with the CDK CLI');
    const display = new PhaseDisplay();
    const watching = new AbortController();
    const watched = watchExecution(new DataSyncClient(stack.datasync), state => display.show(state), watching.signal).finally(() => display.end());
    watched.catch(() => undefined); // it is awaited below, unless the deployment fails
    const outputs = await stack.deploy(assembly).catch(error => {
      watching.abort();
      throw error;
    });
    if (patienceSeconds > 0) console.log('Deployed. Waiting for the schedule, which fires once a minute');
    const execution = await atMost(patienceSeconds + EXECUTION_MINUTES * 60, watched, watching);

    const arn = patienceSeconds > 0 ? await storedArn(stack, outputs[stackName]) : outputs[stackName].TaskExecutionArn;
    console.log(`TaskExecutionArn: ${arn}`);
    if (arn !== execution.TaskExecutionArn) throw new LocalStackError(`the execution that ran is another one: ${execution.TaskExecutionArn}`);
    if (execution.Status !== 'SUCCESS') {
      throw new LocalStackError(`the execution ended with ${execution.Status}: ${execution.Result?.ErrorCode}: ${execution.Result?.ErrorDetail}`);
    }

    console.log('Comparing every byte in the bucket with the file server');
    const client = new S3Client({ ...stack.aws, forcePathStyle: true });
    const found = await verifyCopy(share, tree, { client, bucket: outputs[stackName].BucketName, prefix });
    console.log(summary(tree, execution, found));
    if (found.problems.length > 0) {
      throw new LocalStackError(`${count(found.problems.length)} difference(s):\n  ${found.problems.slice(0, SHOWN_PROBLEMS).join('\n  ')}`);
    }
  } finally {
    await stack.close();
  }
}

function atMost(
  seconds: number, watched: Promise<DescribeTaskExecutionCommandOutput | undefined>, watching: AbortController,
): Promise<DescribeTaskExecutionCommandOutput> {
  const timer = setTimeout(() => watching.abort(), seconds * 1000);
  return watched.finally(() => clearTimeout(timer)).then(execution => {
    if (!execution) throw new LocalStackError(`no execution has ended after ${seconds} seconds`);
    return execution;
  });
}

/** The function stores the ARN right after the start: long before the end of the execution. */
async function storedArn(stack: LocalStack, outputs: Record<string, string>): Promise<string | undefined> {
  const output = Object.keys(outputs).find(name => name.includes('TaskExecutionArnParameterName'));
  const { Parameter } = await new SSMClient(stack.aws).send(new GetParameterCommand({ Name: outputs[output!] }));
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

/** Runs the demo with logs that stay if it fails, and tells what is wrong in a line. */
async function run(scenario: Scenario, port?: number): Promise<void> {
  const logs = join(LOCAL_FOLDER, 'logs');
  await mkdir(logs, { recursive: true });
  const logFolder = await mkdtemp(join(logs, `${scenario.app}-`));
  try {
    await demo(scenario, logFolder, port);
    await rm(logFolder, { recursive: true });
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    process.exitCode = 1;
    const sizes = await Promise.all((await readdir(logFolder)).map(async name => (await stat(join(logFolder, name))).size));
    if (sizes.some(size => size > 0)) console.error(`logs: ${relative(process.cwd(), logFolder)}`);
    else await rm(logFolder, { recursive: true });
  }
}

// Everything that was started hooks into the exit of this process. A Ctrl-C reaches it directly, and again through npm and tsx:
// the handler stays, so that the second signal does not cut the first one's work short, and waits until tsx has been told of
// the signal, because tsx kills what seems not to listen.
const TELL_TSX_MS = 200;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => setTimeout(() => process.exit(130), TELL_TSX_MS));
}
process.on('exit', code => {
  if (code === 130) console.error('\nStopped');
});

void new Command('npm run demo --')
  .description('Deploys an example app to a local CloudFormation with the CDK CLI and copies real files with the DataSync emulator. Needs no AWS account.')
  .option('--schedule', 'the app whose schedule starts the task (takes about two minutes)')
  .option('--port <number>', 'port of the DataSync emulator (default: any that is free)', portNumber)
  .action(({ schedule, port }) => run(schedule ? ON_SCHEDULE : ON_DEPLOY, port))
  .parseAsync();
