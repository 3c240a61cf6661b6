#!/usr/bin/env node
import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { registerLocalize } from './cdk/command';
import { startEmulator } from './index';

const program = new Command('datasync-emulator')
  .description('A local server that speaks the API of AWS DataSync and really copies files and objects');

program.command('serve')
  .description('start the server on 127.0.0.1')
  .option('--port <number>', 'port to listen on, 0 for any that is free', port, 4580)
  .requiredOption('--root <folder>', 'folder with the content of file systems: <root>/<kind>/<host or file system id>/<subdirectory>', folder)
  .option('--s3-endpoint <url>', 'S3 endpoint that holds the buckets (default: AWS_ENDPOINT_URL_S3)', url)
  .action(async ({ port: wanted, root, s3Endpoint }) => {
    const emulator = await startEmulator({ port: wanted, root, s3Endpoint });
    console.log(`listening on ${emulator.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        void emulator.close().then(() => process.exit(0));
      });
    }
  });

registerLocalize(program);

program.parseAsync().catch((error: NodeJS.ErrnoException) => {
  program.error(`error: ${error.code === 'EADDRINUSE' ? `${error.message}: take another --port, or 0` : error.message}`);
});

function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 65535) throw new InvalidArgumentError('it must be a number from 0 to 65535.');
  return number;
}

function folder(value: string): string {
  if (!statSync(value, { throwIfNoEntry: false })?.isDirectory()) throw new InvalidArgumentError('it must be an existing folder.');
  return value;
}

function url(value: string): string {
  if (!/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')) throw new InvalidArgumentError('it must be a URL like http://127.0.0.1:4566.');
  return value;
}
