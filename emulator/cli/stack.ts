import type { Command } from 'commander';
import { addScopeOptions } from './app-options';
import { interruptible } from './interruptible';
import type { StackArguments } from './stack-options';
import { addStackOptions, settingsOf } from './stack-options';
import { misleading } from '../local-stack/environment';
import { LocalStack } from '../local-stack/local-stack';
import type { Scope } from '../model/scope';

/** Adds `up` to the program. */
export function registerUp(program: Command): void {
  addStackOptions(program.command('up').summary('start the local stack: a CloudFormation, an S3 and more, and the server')
    .description('Starts MiniStack (CloudFormation, Lambda, S3 and more of AWS) and the DataSync emulator, as far as they are not running, on free ports of '
      + 'this machine. They run until "npx cdk-datasync down".'))
    .action(async (args: StackArguments) => {
      const stack = await interruptible(signal => LocalStack.start({ ...settingsOf(args), say: console.log, signal }));
      for (const line of describeStack(stack)) console.log(line);
    });
}

/** Adds `down` to the program. */
export function registerDown(program: Command): void {
  program.command('down').summary('stop the local stack')
    .description('Stops MiniStack and the DataSync emulator, and with them all that was deployed there. Files in the root and in mounted folders stay.')
    .action(async () => {
      console.log(await LocalStack.stop() ? 'The local stack is stopped.' : 'No local stack was running.');
    });
}

/** Adds `env` to the program. */
export function registerEnv(program: Command): void {
  addScopeOptions(program.command('env').summary('print what "aws" and the SDKs need to talk to the local stack')
    .description('Prints commands for a shell that lead the AWS CLI, boto3 and the SDKs to the local stack, and to nothing else. '
      + 'They see what is in one account and Region: give those of a stack that names its own.')
    .addHelpText('after', '\nExample:\n  $ eval "$(npx cdk-datasync env)"\n  $ aws datasync list-tasks'), 'whose resources they see')
    .action((scope: Scope) => {
      const stack = LocalStack.required();
      for (const name of misleading(process.env)) console.log(`unset ${name}`);
      for (const [name, value] of Object.entries(stack.environment(scope))) console.log(`export ${name}='${value.replaceAll("'", "'\\''")}'`);
    });
}

/** Where everything is. */
export function describeStack({ endpoints, state }: LocalStack): string[] {
  return [
    `AWS       ${endpoints.aws}`,
    `DataSync  ${endpoints.datasync}  (open it in a browser)`,
    `files     ${state.root}`,
    ...Object.entries(state.mounts).map(([uri, folder]) => `          ${folder} is ${uri}`),
    ...state.faults === undefined ? [] : ['faults    what --faults has planned goes wrong on purpose, until "npx cdk-datasync down"'],
  ];
}
