import { Deployment } from './deployment';
import { EmulatorClient } from './emulator-client';
import { ProvisionError } from './error';
import { ProvisionedStacks } from './provisioned';
import type { Stacks, StackTemplate } from './source';
import { readStacks } from './source';
import type { Provisioned, ProvisionOptions, ProvisionSource } from './types';

const ACCOUNT = /^[0-9]{12}$/;
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/**
 * Creates what a stack, or each stack of an assembly, has of DataSync in a running emulator, then starts what it starts on deploy.
 *
 * @throws ProvisionError with a line for everything that keeps it from being created or started
 */
export async function provision(endpoint: string, source: ProvisionSource, options: ProvisionOptions = {}): Promise<Provisioned & ProvisionedStacks> {
  checkOptions(options);
  const stacks = readStacks(source, options);
  checkParameters(options, stacks);
  const client = new EmulatorClient(endpoint);
  await client.check();
  const deployment = new Deployment(client, stacks, options);
  await deployment.create();
  const local = new ProvisionedStacks(deployment, client);
  await options.prepare?.(local);
  if (options.starts ?? true) await deployment.start();
  local.ignored = await deployment.ignored();
  return local;
}

function checkOptions({ account, region }: ProvisionOptions): void {
  const problems = [
    ...account === undefined || ACCOUNT.test(account) ? [] : [`account is ${JSON.stringify(account)}; it must be 12 digits`],
    ...region === undefined || REGION.test(region) ? [] : [`region is ${JSON.stringify(region)}; it must be a Region such as us-east-1`],
  ];
  if (problems.length > 0) throw new ProvisionError(problems);
}

function checkParameters({ parameters = {} }: ProvisionOptions, { wanted, all }: Stacks): void {
  const namesOf = (stacks: readonly StackTemplate[]) => [...new Set(stacks.flatMap(({ body }) => Object.keys(body.Parameters ?? {})))];
  const known = namesOf(all);
  const shown = namesOf(wanted);
  const problems = Object.keys(parameters).filter(name => !known.includes(name)).map(name =>
    `parameters has ${name}, which is no parameter of the template; ${shown.length > 0 ? `it has ${shown.join(', ')}` : 'it has none'}`);
  if (problems.length > 0) throw new ProvisionError(problems);
}
