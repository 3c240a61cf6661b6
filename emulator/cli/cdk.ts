import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AppArguments } from './app-options';
import { addAppOptions } from './app-options';
import { interruptible } from './interruptible';
import { LOCALIZE, readApp, makeWorkspace } from '../local-stack/app';
import { findCdkCli, runCdk } from '../local-stack/cdk-cli';
import { cdkEnvironment } from '../local-stack/environment';
import { LocalStackError } from '../local-stack/error';
import { LocalStack } from '../local-stack/local-stack';
import { StackWatch } from '../local-stack/stack-watch';

const EXAMPLES = `
Examples:
  $ npx cdk-datasync cdk diff
  $ npx cdk-datasync cdk watch
  $ npx cdk-datasync cdk destroy --all
  options of this command come before the command of the CDK
    $ npx cdk-datasync cdk --account 111122223333 deploy MyStack

"npx cdk-datasync deploy" also bootstraps, and shows what is copied.`;

/** Adds `cdk` to the program. */
export function registerCdk(program: Command): void {
  addAppOptions(program.command('cdk').summary('run any command of the CDK CLI against the local stack')
    .description('Runs a command of the CDK CLI of the app in this folder against the local stack, which is started if it is not running. What the app '
      + 'synthesizes is localized on the way.'))
    .argument('<command...>', 'command of the CDK CLI with its options')
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText('after', EXAMPLES)
    .action(async (command: string[], args: AppArguments) => {
      process.exitCode = await interruptible(signal => passThrough(command, args, signal));
    });
}

async function passThrough(command: readonly string[], { account, region, env = {} }: AppArguments, signal: AbortSignal): Promise<number> {
  const project = process.cwd();
  const { app: given, args } = parse(command);
  const app = readApp(project, given);
  const cli = findCdkCli(project);
  const stack = await LocalStack.start({ use: { project, deploys: false }, say: line => console.error(line), signal });
  let code = 1;
  let watch: StackWatch | undefined;
  try {
    const workspace = makeWorkspace(stack, app);
    watch = new StackWatch(stack, workspace.assembly);
    ({ code } = await runCdk(cli, ['--no-lookups', '--output', workspace.assembly, ...args], {
      cwd: workspace.folder,
      env: { ...cdkEnvironment(process.env, env, stack.endpoints, { account, region }, stack.surroundings), [LOCALIZE]: 'true' },
      signal: watch.signal(signal),
    }));
    return code;
  } catch (error) {
    throw signal.aborted ? error : watch?.problem ?? error;
  } finally {
    watch?.stop();
    await stack.leave({ stop: stack.isNew && (code !== 0 || signal.aborted) });
  }
}

/** They change the project, and need no local stack. */
const OF_THE_PROJECT = new Set(['init', 'context', 'acknowledge', 'ack', 'migrate', 'flags', 'doctor', 'docs', 'doc']);
/** They are set here, so that nothing of the project is changed and nothing leads to AWS. */
const REFUSED = new Set(['--output', '-o', '--profile', '--plugin', '-p', '--lookups', '--proxy', '--ca-bundle-path', '--ec2creds', '-i']);
/** Their values are paths, and the CLI is not started in the folder of the user. */
const PATHS = new Set(['--outputs-file', '-O', '--template', '--resource-mapping', '-m', '--record-resource-mapping']);

/** The app that is named, and the arguments without it, with absolute paths. */
export function parse(command: readonly string[]): { readonly app?: string; readonly args: string[] } {
  const name = command.find(each => !each.startsWith('-'));
  if (name !== undefined && OF_THE_PROJECT.has(name)) {
    throw new LocalStackError(`"cdk ${name}" changes the project and needs no local stack; run "npx cdk ${name}"`);
  }
  const args: string[] = [];
  let app: string | undefined;
  for (let index = 0; index < command.length; index++) {
    const [option, inline] = /^(--[^=]+)=(.*)$/s.exec(command[index])?.slice(1) ?? [command[index]];
    if (REFUSED.has(option)) throw new LocalStackError(`${option} is set by "cdk-datasync cdk" itself; leave it out, or run "npx cdk" against AWS`);
    const takesValue = PATHS.has(option) || option === '--app' || option === '-a';
    const value = takesValue ? inline ?? command[++index] : undefined;
    if (takesValue && value === undefined) throw new LocalStackError(`${option} needs a value`);
    if (option === '--app' || option === '-a') app = value;
    else if (takesValue) args.push(option, resolve(value!));
    else args.push(command[index]);
  }
  return { app, args };
}
