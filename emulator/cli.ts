#!/usr/bin/env node
import { Command } from 'commander';
import { registerLocalize } from './cdk/command';
import { registerPlan } from './cli/plan';
import { registerRun } from './cli/run';
import { registerServe } from './cli/serve';

const program = new Command('datasync-emulator')
  .description('A local server that speaks the API of AWS DataSync and really copies files and objects');

registerServe(program);
registerRun(program);
registerPlan(program);
registerLocalize(program);

program.parseAsync().catch((error: NodeJS.ErrnoException) => {
  program.error(`error: ${error.code === 'EADDRINUSE' ? `${error.message}: take another --port, or 0` : error.message}`);
});
