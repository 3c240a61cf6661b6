import type { Command } from 'commander';
import { folder, mount, newFolder, port, url } from './arguments';
import { faultPlan } from './fault-plan-argument';
import { startEmulator } from '../index';
import { LOCAL_EVENT_SOURCE } from '../model/events';

const EXAMPLES = `
Examples:
  file systems below ./files, buckets in a local S3; port 4580
    $ npx cdk-datasync serve --root files --s3-endpoint http://127.0.0.1:4566
  one file server is elsewhere, and what is created now is still there tomorrow
    $ npx cdk-datasync serve --root files --mount nfs://fileserver/export=/data/export --state ~/.datasync

An NFS location on fileserver:/export is the folder files/nfs/fileserver/export, the EFS file system fs-0123456789abcdef0 is
files/efs/fs-0123456789abcdef0. Clients need the URL (AWS_ENDPOINT_URL_DATASYNC), a Region and any credentials. In a browser the URL shows what
goes on.`;

/** Adds `serve` to the program. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('start the server')
    .description('Starts a server on 127.0.0.1 that speaks the API of AWS DataSync, until Ctrl-C.')
    .option('--port <number>', 'port to listen on, 0 for any that is free', port, 4580)
    .requiredOption('--root <folder>', 'folder with the content of file systems, required: <root>/<kind>/<host or file system id>/<subdirectory>', folder)
    .option('--mount <uri=folder>', 'a folder elsewhere for a file system: nfs://host/export=/data; repeatable', mount)
    .option('--s3-endpoint <url>', 'S3 endpoint that holds the buckets (default: AWS_ENDPOINT_URL_S3)', url)
    .option('--azure-endpoint <url>', 'Blob endpoint that holds the containers of Azure, such as Azurite (default: they are folders)', url)
    .option('--secrets-endpoint <url>', 'endpoint with Secrets Manager for secrets of your own (default: AWS_ENDPOINT_URL_SECRETS_MANAGER)', url)
    .option('--state <folder>', 'folder that keeps locations, tasks and executions from one start to the next, even after a kill', newFolder)
    .option('--events-endpoint <url>', 'endpoint with EventBridge that gets the state changes', url)
    .option('--events-source <name>', 'what these say they come from', LOCAL_EVENT_SOURCE)
    .option('--logs-endpoint <url>', 'endpoint with CloudWatch Logs for the logs of executions', url)
    .option('--log-dir <folder>', 'folder for these logs, without such an endpoint', newFolder)
    .option('--faults <file>', 'plan of what is to go wrong on purpose, JSON', faultPlan)
    .addHelpText('after', EXAMPLES)
    .action(async ({ port: wanted, root, mount: mounts, state: stateFolder, logDir: logFolder, ...options }) => {
      const emulator = await startEmulator({ ...options, port: wanted, root, mounts, stateFolder, logFolder });
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => {
          void emulator.close().then(() => process.exit(0));
        });
      }
      console.log(`listening on ${emulator.url}`); // last: who has read it may stop it
    });
}
