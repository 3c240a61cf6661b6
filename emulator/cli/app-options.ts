import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Client } from '../local-stack/environment';
import { DEFAULT_CLIENT, leadsToAws } from '../local-stack/environment';

/** What the parser makes of the options of commands that run an app. */
export interface AppArguments extends Client {
  readonly env: readonly string[];
}

/** Adds the options that say what an app is synthesized for. */
export function addAppOptions(command: Command): Command {
  return addClientOptions(command, 'of the stacks that name none')
    .option('--env <name>', 'variable of the environment that the app reads; repeatable. It gets the usual ones, such as PATH, and no others', variable, []);
}

/** Adds the account and the Region, and says whose they are. */
export function addClientOptions(command: Command, whose: string): Command {
  return command
    .option('--account <number>', `account ${whose}`, account, DEFAULT_CLIENT.account)
    .option('--region <name>', `Region ${whose}`, DEFAULT_CLIENT.region);
}

function account(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('it must have 12 digits.');
  return text;
}

function variable(name: string, before: readonly string[]): readonly string[] {
  if (leadsToAws(name)) throw new InvalidArgumentError('a variable that can lead to AWS is not passed on.');
  return [...before, name];
}
