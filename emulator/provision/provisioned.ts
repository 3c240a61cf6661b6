import type { CreatedResource, Deployment } from './deployment';
import type { EmulatorClient } from './emulator-client';
import { ProvisionError } from './error';
import { scopesOf } from './source';
import type {
  ConstructLike, ExecutionResult, IgnoredResource, Provisioned, ProvisionedLocation, ProvisionedTask, RunOverrides, StackLike,
} from './types';

type Kind = CreatedResource['kind'];

const NAMES: Readonly<Record<Kind, string>> = { Agent: 'agent', Location: 'location', Task: 'task', Start: 'start on deploy', Wait: 'wait for the end of a start' };

/** What was created, by construct and by logical id. */
export class ProvisionedStacks implements Provisioned {
  public ignored: readonly IgnoredResource[] = [];

  constructor(private readonly deployment: Deployment, private readonly client: EmulatorClient) {}

  public get resources(): readonly CreatedResource[] {
    return [...this.deployment.created.values()];
  }

  // These are properties, so that they can be taken out of the object, as in `prepare: ({ location }) => ...`.

  public readonly location = (location: ConstructLike | string): ProvisionedLocation => locationOf(this.find('Location', location));

  public readonly task = (task: ConstructLike | string): ProvisionedTask => {
    const { logicalId, arn } = this.find('Task', task);
    return { logicalId, arn };
  };

  public readonly execution = (execution: ConstructLike | string): ExecutionResult => this.find('Start', execution).result!;

  public readonly run = async (task: ConstructLike | string, overrides: RunOverrides = {}): Promise<ExecutionResult> => {
    const { overrideOptions, includes, excludes } = overrides;
    const { logicalId, arn } = this.find('Task', task);
    const request = {
      ...overrideOptions && { OverrideOptions: pascalCase(overrideOptions) },
      ...includes && { Includes: filterOf(includes) },
      ...excludes && { Excludes: filterOf(excludes) },
    };
    let execution: string;
    try {
      execution = await this.client.start(arn, request);
    } catch (error) {
      throw new ProvisionError([`run of ${logicalId} was refused: ${(error as Error).message}; correct the overrides or the task`]);
    }
    return this.client.ended(execution);
  };

  private find(kind: Kind, wanted: ConstructLike | string): CreatedResource {
    const { name, logicalId, arn, file } = referenceOf(wanted);
    const isIt = (one: CreatedResource) =>
      arn === undefined ? one.logicalId === logicalId : one.arn === arn || this.deployment.importedArn(one) === arn;
    const found = this.resources.filter(isIt);
    const own = found.filter(one => one.stack.file === undefined || file === undefined || one.stack.file.endsWith(`/${file}`));
    if (own.length === 1 && isOf(own[0], kind)) return own[0];
    if (own.length > 1) {
      throw new ProvisionError([`${name} is in ${own.length} stacks: ${own.map(({ stack }) => stack.name).join(', ')}; provision one of them, or name the construct`]);
    }
    if (own.length === 1) throw new ProvisionError([`${name} is no ${NAMES[kind]} but a ${own[0].type}; give a ${NAMES[kind]}`]);
    const there = this.resources.filter(one => one.kind === kind).map(one => one.logicalId);
    throw new ProvisionError([`${name} is no ${NAMES[kind]} that was created; ${there.length > 0 ? `there are ${there.join(', ')}` : 'there is none'}`]);
  }
}

/** A start that is waited for in links has its ARN from the last of them. */
function isOf({ kind }: CreatedResource, wanted: Kind): boolean {
  return kind === wanted || (wanted === 'Start' && kind === 'Wait');
}

function locationOf({ logicalId, arn, attributes, folder }: CreatedResource): ProvisionedLocation {
  const uri = String(attributes.LocationUri);
  return {
    logicalId,
    arn,
    uri,
    get folder() {
      if (folder !== undefined) return folder;
      throw new ProvisionError([`${logicalId} (${uri}) has no folder: its content is in a store; look there, or start the emulator without that endpoint`]);
    },
  };
}

interface Reference {
  readonly name: string;
  readonly logicalId?: string;
  readonly arn?: string;
  readonly file?: string;
}

/** The logical id of a construct is what the user's own CDK makes of its ARN. */
function referenceOf(wanted: ConstructLike | string): Reference {
  if (typeof wanted === 'string') return wanted.startsWith('arn:') ? { name: wanted, arn: wanted } : { name: wanted, logicalId: wanted };
  if (typeof wanted?.node?.path !== 'string') throw new ProvisionError([`${JSON.stringify(wanted)} is no construct; give a construct of the stack, or its logical id`]);
  const name = wanted.node.path;
  const stack = scopesOf(wanted).find(scope => typeof (scope as StackLike).templateFile === 'string') as StackLike | undefined;
  const { logicalId, locationArn, taskArn, taskExecutionArn } = wanted as { [name: string]: unknown } & ConstructLike;
  const resolved = stack?.resolve(logicalId ?? taskExecutionArn ?? locationArn ?? taskArn);
  if (typeof resolved === 'string') return { name, ...resolved.startsWith('arn:') ? { arn: resolved } : { logicalId: resolved }, file: stack!.templateFile };
  const id = resolved?.Ref ?? resolved?.['Fn::GetAtt']?.[0];
  if (typeof id !== 'string') throw new ProvisionError([`${name} is no location, task or start; give one, or a logical id`]);
  return { name, logicalId: id, file: stack!.templateFile };
}

function filterOf(patterns: readonly string[]): object[] {
  return patterns.length > 0 ? [{ FilterType: 'SIMPLE_PATTERN', Value: patterns.join('|') }] : [];
}

function pascalCase(options: object): object {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name[0].toUpperCase() + name.slice(1), value]));
}
