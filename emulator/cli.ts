#!/usr/bin/env node
import { Command } from 'commander';
import { version } from '../package.json';
import type { StoreModules } from './cli/place';
import { suggestCompletions } from './cli/suggestion';

// The SDK's word on coming Node.js versions is for those who build with it, not for those who run a command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// As in `plan ... | head`: when nobody reads the output any more, what runs is stopped as by a signal, and what only prints ends.
let isRead = true;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (isRead && !process.emit('SIGTERM')) process.exit();
    isRead = false; // what is said while it stops goes nowhere
  });
}

const EXAMPLES = `
Examples:
  a CDK app of yours, deployed on this machine, in its folder; then look at it, and stop it
    $ npx cdk-datasync deploy
    $ npx cdk-datasync status
    $ npx cdk-datasync down
  a server, with folders below ./files as file systems and the buckets of a local S3
    $ npx cdk-datasync serve --root files --s3-endpoint http://127.0.0.1:4566
  then talk to it with any client, and look at what it does here or in a browser
    $ aws datasync list-tasks --endpoint-url http://127.0.0.1:4580
    $ npx cdk-datasync status --watch
  copy once, without a server; see first what that would do
    $ npx cdk-datasync plan photos /mnt/backup/photos
    $ npx cdk-datasync run photos /mnt/backup/photos

"npx cdk-datasync help <command>" tells more.`;

const program = new Command('cdk-datasync')
  .enablePositionalOptions() // what follows "cdk" belongs to the CDK CLI
  .description('A local AWS DataSync that really copies files and objects: for a CDK app, as a server for the AWS CLI, boto3 and every SDK, or at once')
  .version(version)
  .addHelpText('after', EXAMPLES);

/** In the order of the help. A command is loaded when it is needed: all of them take ten times as long to start as one. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command, modules: StoreModules) => void>>> = {
  deploy: async () => (await import('./cli/deploy.js')).registerDeploy,
  cdk: async () => (await import('./cli/cdk.js')).registerCdk,
  up: async () => (await import('./cli/stack.js')).registerUp,
  down: async () => (await import('./cli/stack.js')).registerDown,
  env: async () => (await import('./cli/stack.js')).registerEnv,
  serve: async () => (await import('./cli/serve.js')).registerServe,
  status: async () => (await import('./cli/status.js')).registerStatus,
  provision: async () => (await import('./cli/provision.js')).registerProvision,
  run: async () => (await import('./cli/run.js')).registerRun,
  plan: async () => (await import('./cli/plan.js')).registerPlan,
  localize: async () => (await import('./cli/localize.js')).registerLocalize,
};

const STORE_MODULES: StoreModules = {
  s3: () => import('./cli/s3-place.js'),
  azure: () => import('./cli/azure-place.js'),
};

async function main([first]: readonly string[]): Promise<void> {
  const needed = Object.hasOwn(COMMANDS, first ?? '') ? [COMMANDS[first]] : first === '--version' ? [] : Object.values(COMMANDS);
  for (const load of needed) (await load())(program, STORE_MODULES);
  program.commands.forEach(suggestCompletions);
  await program.parseAsync();
}

main(process.argv.slice(2)).catch((error: NodeJS.ErrnoException) => {
  program.error(`error: ${error.code === 'EADDRINUSE' ? `${error.message}: take another --port, or 0` : error.message}`);
});
