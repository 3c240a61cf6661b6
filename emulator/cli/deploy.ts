import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { AppArguments } from './app-options';
import { addAppOptions } from './app-options';
import { newFile } from './arguments';
import { executionLines } from './execution-lines';
import { printable } from './format';
import { interruptible } from './interruptible';
import { standInLines } from './localize';
import { mountNotes } from './mount-notes';
import { fetchStatus } from './server-status';
import { describeStack } from './stack';
import type { StackArguments } from './stack-options';
import { addStackOptions, settingsOf } from './stack-options';
import { startLines } from './start-lines';
import { readApp, makeWorkspace } from '../local-stack/app';
import { findCdkCli } from '../local-stack/cdk-cli';
import type { StackOutputs } from '../local-stack/cdk-deployment';
import { CdkDeployment } from '../local-stack/cdk-deployment';
import { LocalStackError } from '../local-stack/error';
import { ExecutionFollower } from '../local-stack/execution-follower';
import { LocalStack } from '../local-stack/local-stack';
import { StackWatch } from '../local-stack/stack-watch';

interface DeployArguments extends StackArguments, AppArguments {
  readonly app?: string;
  readonly parameters?: readonly string[];
  readonly outputsFile?: string;
  readonly wait: boolean;
}

const EXAMPLES = `
Examples:
  in the folder of a CDK app
    $ npx cdk-datasync deploy
  with what is on the file server fileserver.example.com, export /projects, in the folder ./projects
    $ npx cdk-datasync deploy --mount nfs://fileserver.example.com/projects=./projects

It never calls AWS, and changes nothing in the folder of the app. Functions of the app run on this machine with your rights.
It ends with 0 if everything was deployed and all executions that it started succeeded, else with 1.`;

/** Adds `deploy` to the program. */
export function registerDeploy(program: Command): void {
  const command = program.command('deploy').summary('deploy the CDK app in this folder to the local stack, and watch what it copies')
    .description('Deploys the CDK app in this folder on this machine: starts the local stack if it is not running, synthesizes, deploys all stacks with the '
      + 'CDK CLI of the app, and shows what the task executions copy that the deployment starts.');
  addAppOptions(addStackOptions(command))
    .option('-a, --app <command>', 'how to start the app, in place of "app" in cdk.json')
    .option('--parameters <name=value>', 'value of a parameter of a template, [STACK:]NAME=VALUE as for the CDK CLI; repeatable', collect)
    .option('--outputs-file <file>', 'file that gets the outputs of the stacks as JSON', newFile)
    .option('--no-wait', 'do not wait for the end of the executions')
    .allowExcessArguments() // they get an error that helps
    .addHelpText('after', EXAMPLES)
    .action(async (args: DeployArguments) => {
      const stacks = command.args.join(' ');
      if (stacks) throw new LocalStackError(`deploy takes all stacks of the app; for some, run "npx cdk-datasync cdk deploy ${stacks}"`);
      process.exitCode = await interruptible(signal => deploy(args, signal)) ? 0 : 1;
    });
}

async function deploy(args: DeployArguments, signal: AbortSignal): Promise<boolean> {
  const project = process.cwd();
  const app = readApp(project, args.app);
  const cli = findCdkCli(project);
  console.log('Deploying to this machine. Nothing goes to AWS; functions of the app run here, with your rights.');
  const stack = await LocalStack.start({ ...settingsOf(args), use: { project, deploys: true }, say: console.log, signal });
  let succeeded = false;
  try {
    for (const line of describeStack(stack)) console.log(line);
    const workspace = makeWorkspace(stack, app);
    let counts: ReadonlyMap<string, number> = new Map();
    const deployment = new CdkDeployment({
      stack,
      cli,
      workspace,
      scope: { account: args.account, region: args.region },
      passed: args.env,
      parameters: args.parameters,
      onLine: line => show(line, counts),
      signal,
    });
    console.log(`Synthesizing ${project}`);
    await deployment.synthesize(names => console.log(`Availability zones are not looked up in AWS; here they are ${names.join(', ')}`));
    const { resources, standIns } = deployment.localize();
    for (const line of standInLines(standIns)) console.log(line);
    console.log(`Localized: ${resources} DataSync resource(s) call the emulator`);
    await deployment.bootstrap(environment => console.log(`Bootstrapping ${environment}`));
    console.log('Deploying');
    counts = deployment.resourceCounts;
    const follower = await ExecutionFollower.begin(stack.endpoints.datasync, executionLines(console.log));
    const outputs = await follower.during(deployment.deploy());
    succeeded = true; // from here on, what was deployed is worth looking at, however the executions end
    for (const line of outputLines(outputs)) console.log(line);
    if (args.outputsFile) writeFileSync(args.outputsFile, JSON.stringify(outputs, undefined, 2));
    if (!args.wait) return true;
    const { begun, earlier, notes } = await whileServersLive(new StackWatch(stack, workspace.assembly), signal, async untilThen => ({
      begun: await follower.ended(untilThen),
      earlier: await follower.earlier(deployment.stacks.map(({ name }) => name)),
      notes: args.mount ? mountNotes(args.mount, (await fetchStatus(stack.endpoints.datasync)).tasks) : [],
    }));
    for (const line of notes) console.error(line);
    const starts = { begun, earlier, hasStarts: deployment.hasStarts, page: stack.endpoints.datasync };
    if (resources > 0) for (const line of startLines(starts)) console.log(line);
    return begun.every(({ status }) => status === 'SUCCESS');
  } finally {
    succeeded &&= stack.problem() === undefined;
    const stop = stack.isNew && (!succeeded || signal.aborted);
    const isStopped = await stack.leave({ stop, keepLogs: !signal.aborted });
    if (succeeded && !signal.aborted) console.log('The local stack goes on running; "npx cdk-datasync status" shows it, "npx cdk-datasync down" stops it.');
    else if (stop && !isStopped) console.error('The local stack goes on running: another command works with it');
    if (!succeeded && !signal.aborted) console.error(`logs: ${relative(project, stack.logFolder)}`);
  }
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^[^=]+=/.test(text)) throw new InvalidArgumentError('it must be NAME=VALUE, or STACK:NAME=VALUE.');
  return [...before, text];
}

/** A server that dies is the reason for what fails then. Its connections are cut before the system knows it as dead. */
async function whileServersLive<T>(servers: StackWatch, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await work(servers.signal(signal));
  } catch (error) {
    for (let attempt = 1; attempt <= 20 && !signal.aborted && !servers.look(); attempt++) await sleep(100);
    throw signal.aborted ? error : servers.look() ?? error;
  } finally {
    servers.stop();
  }
}

/** Of all that the CDK CLI says, what has come to an end and what is wrong; the log has the rest. */
function show(line: string, counts: ReadonlyMap<string, number>): void {
  const [stack, count, , status, type, id] = line.split(' | ').map(part => part.trim());
  const total = counts.has(stack) ? `/${counts.get(stack)! + 1}` : ''; // and the stack itself
  if (id && /_(COMPLETE|FAILED)$/.test(status)) console.log(`  ${stack} ${count}${total}  ${status}  ${type}  ${id}`);
  else if (/\[(warning|error)\b|^\s*❌|^\s*\w*Error\b/i.test(line)) console.log(`  ${line.trim()}`);
}

function outputLines(outputs: StackOutputs): string[] {
  const lines = Object.entries(outputs).flatMap(([stack, values]) => Object.entries(values).map(([name, value]) => `${stack}.${name} = ${printable(String(value))}`));
  return lines.length === 0 ? ['Deployed; the stacks have no outputs.'] : ['Outputs:', ...lines.map(line => `  ${line}`)];
}
