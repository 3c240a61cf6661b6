import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { leadsToAws } from '../local-stack/environment';
import type { Scope } from '../model/scope';
import { DEFAULT_SCOPE } from '../model/scope';

/** What the parser makes of the options of commands that run an app. */
export interface AppArguments extends Scope {
  readonly env?: Readonly<Record<string, string>>;
}

/** Adds the options that say what an app is synthesized for. */
export function addAppOptions(command: Command): Command {
  return addScopeOptions(command, 'of the stacks that name none')
    .option('--env <name[=value]>', 'variable of the environment that the app reads; repeatable. It gets the usual ones, such as PATH, and no others', variable);
}

/** Adds the account and the Region, and says whose they are. */
export function addScopeOptions(command: Command, whose: string): Command {
  return command
    .option('--account <number>', `account ${whose}`, account, DEFAULT_SCOPE.account)
    .option('--region <name>', `Region ${whose}`, region, DEFAULT_SCOPE.region);
}

function account(text: string): string {
  if (!/^\d{12}$/.test(text)) throw new InvalidArgumentError('it must have 12 digits.');
  return text;
}

function region(text: string): string {
  if (!/^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(text)) throw new InvalidArgumentError('it must be a Region, such as us-east-1.');
  return text;
}

function variable(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value = process.env[name]] = /^([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('it must be NAME, or NAME=VALUE.');
  if (leadsToAws(name)) throw new InvalidArgumentError('a variable that can lead to AWS is not passed on.');
  if (value === undefined) throw new InvalidArgumentError(`there is no such variable here; give ${name}=VALUE.`);
  return { ...before, [name]: value };
}
