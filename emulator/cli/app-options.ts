import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { DEFAULT_CLIENT, leadsToAws } from '../local-stack/environment';

/** What the parser makes of the options of commands that run an app. */
export interface AppArguments {
  readonly account: string;
  readonly region: string;
  readonly env: readonly string[];
}

/** Adds the options that say what an app is synthesized for. */
export function addAppOptions(command: Command): Command {
  return command
    .option('--account <number>', 'account of the stacks that name none', account, DEFAULT_CLIENT.account)
    .option('--region <name>', 'Region of the stacks that name none', DEFAULT_CLIENT.region)
    .option('--env <name>', 'variable of the environment that the app reads; repeatable. It gets the usual ones, such as PATH, and no others', variable, []);
}

function account(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('it must have 12 digits.');
  return text;
}

function variable(name: string, before: readonly string[]): readonly string[] {
  if (leadsToAws(name)) throw new InvalidArgumentError('a variable that can lead to AWS is not passed on.');
  return [...before, name];
}
