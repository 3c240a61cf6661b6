import type { EmulatorClient } from './emulator-client';
import { each, ProvisionError } from './error';
import { fail } from './intrinsics';
import type { EvaluatedStack } from './references';
import { evaluatedStack } from './references';
import type { StackTemplate, Stacks } from './source';
import { IN_PROCESS_WAITER, startOnDeploy } from './start-on-deploy';
import type { ExecutionResult, IgnoredResource, ProvisionOptions, ResourceLike } from './types';
import { ARN_PATTERNS, ATTRIBUTE_TASK_EXECUTION_ARN, TASK_EXECUTION_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from '../../src/task-execution/contract';
import { toApi } from '../cdk/resource-properties';
import { RESOURCE_TYPES } from '../cdk/resource-types';
import { attributesOf, withNumbers } from '../cdk/resource-values';
import { parseAccessPoint } from '../local-services/access-point';

/** A resource that is there. */
export interface CreatedResource {
  readonly stack: StackTemplate;
  readonly logicalId: string;
  readonly type: string;
  readonly kind: 'Agent' | 'Location' | 'Task' | 'Start' | 'Wait';
  readonly arn: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of a location, unless a store has its content. */
  readonly folder?: string;
  /** Of a start, and of the wait for its end. */
  readonly result?: ExecutionResult;
}

/** What the handler of the library answers for. */
const HANDLED = [TASK_EXECUTION_RESOURCE_TYPE, WAIT_RESOURCE_TYPE];
const DATASYNC = 'AWS::DataSync::';

/** Creates what stacks have of DataSync, each resource when it is needed first. */
export class Deployment {
  public readonly created = new Map<string, CreatedResource>();
  private readonly failures = new Map<string, ProvisionError>();
  private readonly evaluated = new Map<StackTemplate, EvaluatedStack>();
  /** Buckets of the templates that something of DataSync refers to. */
  private readonly buckets = new Set<string>();
  private readonly imported = new Map<string, CreatedResource>();
  /** What is being created, the outermost first. */
  private readonly path: string[] = [];

  constructor(private readonly client: EmulatorClient, private readonly stacks: Stacks, private readonly options: ProvisionOptions) {
    const host = {
      options,
      evaluated: this.evaluated,
      isThere: async (stack: StackTemplate, logicalId: string) => this.isThere(stack, logicalId),
      isCreated,
      create: async (stack: StackTemplate, logicalId: string) => this.createOnce(stack, logicalId),
      useBucket: (stack: StackTemplate, logicalId: string) => this.buckets.add(keyOf(stack, logicalId)),
    };
    for (const stack of stacks.all) this.evaluated.set(stack, evaluatedStack(stack, host));
  }

  /** Everything but the starts. */
  public async create(): Promise<void> {
    await each(this.resources(type => type.startsWith(DATASYNC)), ({ stack, logicalId }) => this.createOnce(stack, logicalId));
  }

  public async start(): Promise<void> {
    await each(this.resources(type => HANDLED.includes(type)), ({ stack, logicalId }) => this.createOnce(stack, logicalId));
  }

  /** What of the wanted stacks was not created. */
  public async ignored(): Promise<IgnoredResource[]> {
    const rest = this.resources(type => !isCreated(type) && type !== 'AWS::CDK::Metadata');
    const ignored: IgnoredResource[] = [];
    for (const { stack, logicalId, type } of rest) {
      if (!await this.isThere(stack, logicalId) || this.buckets.has(keyOf(stack, logicalId))) continue;
      ignored.push({ logicalId, type });
    }
    return ignored;
  }

  /** The ARN that the app imports a location by, if this one stands in for it. */
  public importedArn(resource: CreatedResource): string | undefined {
    return [...this.imported].find(([, one]) => one === resource)?.[0];
  }

  private resources(isWanted: (type: string) => boolean): Array<{ stack: StackTemplate; logicalId: string; type: string }> {
    return this.stacks.wanted.flatMap(stack => Object.entries(stack.body.Resources)
      .map(([logicalId, resource]) => ({ stack, logicalId, type: String(resource?.Type) }))
      .filter(({ type }) => isWanted(type)));
  }

  private async isThere(stack: StackTemplate, logicalId: string): Promise<boolean> {
    const { Condition } = stack.body.Resources[logicalId];
    return Condition === undefined || this.of(stack).intrinsics.holds(Condition, `${stack.name}: ${logicalId}.Condition`);
  }

  private of(stack: StackTemplate): EvaluatedStack {
    return this.evaluated.get(stack)!;
  }

  /** @returns undefined if its condition does not hold */
  private async createOnce(stack: StackTemplate, logicalId: string): Promise<CreatedResource | undefined> {
    const key = keyOf(stack, logicalId);
    const known = this.created.get(key);
    if (known) return known;
    const failure = this.failures.get(key);
    if (failure) throw failure;
    if (!await this.isThere(stack, logicalId)) return undefined;
    if (this.path.includes(key)) {
      throw fail(`${stack.name}: ${logicalId}`, `it depends on itself, by ${[...this.path.slice(this.path.indexOf(key)), key].map(one => one.split('#')[1]).join(' -> ')}`,
        'end the circle in the template');
    }
    this.path.push(key);
    try {
      const resource = stack.body.Resources[logicalId];
      await each([resource.DependsOn ?? []].flat(), id => this.dependency(stack, id));
      const created = HANDLED.includes(resource.Type)
        ? await this.startOne(this.of(stack), logicalId, resource) : await this.createOne(this.of(stack), logicalId, resource);
      this.created.set(key, created);
      return created;
    } catch (error) {
      if (error instanceof ProvisionError) this.failures.set(key, error);
      throw error;
    } finally {
      this.path.pop();
    }
  }

  /** Of what is not created nothing can be waited for. */
  private async dependency(stack: StackTemplate, logicalId: string): Promise<void> {
    const type = String(stack.body.Resources[logicalId]?.Type);
    if (isCreated(type)) await this.createOnce(stack, logicalId);
  }

  private async createOne({ stack, intrinsics }: EvaluatedStack, logicalId: string, resource: ResourceLike): Promise<CreatedResource> {
    const { Type } = resource;
    const where = `${stack.name}: ${logicalId}`;
    const type = Object.hasOwn(RESOURCE_TYPES, Type) ? RESOURCE_TYPES[Type] : undefined;
    if (!type) throw fail(where, `its type ${Type} is none that the emulator has`, `it has ${Object.keys(RESOURCE_TYPES).join(', ')}`);
    const properties = withNumbers(await intrinsics.value(toApi(resource.Properties ?? {}, type), where));
    await each(['SourceLocationArn', 'DestinationLocationArn'], async name => {
      if (properties[name] !== undefined) properties[name] = await this.local(properties[name], stack, `${where}.${name}`);
    });
    if (type.api === 'LocationS3') await this.makeBucket(properties.S3BucketArn, stack, where);
    const call = this.client.call(stack);
    const arnName = `${type.kind}Arn`;
    try {
      const { [arnName]: arn } = await call(`Create${type.api}`, properties);
      const attributes = attributesOf(await call(`Describe${type.api}`, { [arnName]: arn }), type.attributes);
      const folder = type.kind === 'Location' ? await this.client.folderOf(arn) : undefined;
      if (type.kind === 'Task') await this.client.listItemsOf(arn);
      return { stack, logicalId, type: Type, kind: type.kind, arn, attributes, folder };
    } catch (error) {
      if (error instanceof ProvisionError) throw error;
      throw fail(where, `its ${Type} was refused: ${(error as Error).message}`, 'correct the property that the text names');
    }
  }

  private async startOne({ stack, stackId, intrinsics }: EvaluatedStack, logicalId: string, resource: ResourceLike): Promise<CreatedResource> {
    const { Type: type, Properties = {} } = resource;
    const where = `${stack.name}: ${logicalId}`;
    const { ServiceToken: _, Waiter, OnDelete: __, ...own } = Properties; // nothing is ever deleted here
    const properties = { ServiceToken: 'in-process', ...Waiter && { Waiter: IN_PROCESS_WAITER }, ...await intrinsics.value(own, where) };
    const { account, region } = stack;
    const { Status, Reason, Data = {}, PhysicalResourceId: arn } = await startOnDeploy(this.client.endpoint, {
      type, stackId, logicalId, account, region, properties: asStrings(properties),
    });
    if (Status !== 'SUCCESS') throw new ProvisionError([`${where}: ${Reason}`]);
    const kind = type === WAIT_RESOURCE_TYPE ? 'Wait' : 'Start';
    return { stack, logicalId, type, kind, arn, attributes: Data, result: await this.client.ended(Data[ATTRIBUTE_TASK_EXECUTION_ARN]) };
  }

  /** The buckets of locations are there before the location, whose creation lists them. */
  private async makeBucket(arn: unknown, stack: StackTemplate, where: string): Promise<void> {
    const [, bucket = parseAccessPoint(String(arn))?.name] = /^arn:[^:]*:s3:::([^/:]+)$/.exec(String(arn)) ?? [];
    if (bucket === undefined) return; // it is for the emulator to say what is wrong with it
    try {
      await this.client.makeBucket(bucket, stack);
    } catch (error) {
      if (error instanceof ProvisionError) throw error;
      throw fail(`${where}.S3BucketArn`, `the bucket ${bucket} could not be made: ${(error as Error).message}`, 'correct its name, or the S3 endpoint of the emulator');
    }
  }

  /** An ARN of a location in the emulator, in place of one that the app imports. */
  private async local(arn: string, stack: StackTemplate, where: string): Promise<string> {
    const { imports = {} } = this.options;
    if (!ARN_PATTERNS.location.test(arn) || [...this.created.values()].some(resource => resource.arn === arn)) return arn;
    if (!Object.hasOwn(imports, arn)) {
      if (await this.isInEmulator(arn, stack)) return arn;
      throw fail(where, `${arn} is a location that the app imports, and the emulator does not have it`,
        `say what stands in for it: { imports: { '${arn}': { Type: 'AWS::DataSync::LocationS3', Properties: { ... } } } }`);
    }
    const key = keyOf(stack, arn);
    const known = this.created.get(key) ?? await this.createOne(this.of(stack), arn, imports[arn]);
    this.created.set(key, known);
    this.imported.set(arn, known);
    return known.arn;
  }

  private async isInEmulator(arn: string, stack: StackTemplate): Promise<boolean> {
    let page: string | undefined;
    do {
      const { Locations, NextToken } = await this.client.call(stack)('ListLocations', { MaxResults: 100, NextToken: page });
      if (Locations.some(({ LocationArn }: { LocationArn: string }) => LocationArn === arn)) return true;
      page = NextToken;
    } while (page);
    return false;
  }
}

function keyOf({ name, file }: StackTemplate, logicalId: string): string {
  return `${file ?? name}#${logicalId}`;
}

function isCreated(type: string): boolean {
  return type.startsWith(DATASYNC) || HANDLED.includes(type);
}

/** As CloudFormation sends the properties of custom resources. */
function asStrings(value: any): any {
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asStrings(member)]));
  return String(value);
}
