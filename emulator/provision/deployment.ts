import { createHash } from 'node:crypto';
import { each, ProvisionError } from './error';
import type { References, Sections } from './intrinsics';
import { fail, Intrinsics, NO_VALUE } from './intrinsics';
import { knownValuesOf } from './known-values';
import type { EmulatorServer } from './server';
import type { StackTemplate, Stacks } from './source';
import { IN_PROCESS_WAITER, startOnDeploy } from './start-on-deploy';
import type { ExecutionResult, IgnoredResource, ProvisionOptions, ResourceLike } from './types';
import { ARN_PATTERNS, ATTRIBUTE_TASK_EXECUTION_ARN, TASK_EXECUTION_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from '../../src/task-execution/contract';
import { toApi } from '../cdk/resource-properties';
import { RESOURCE_TYPES } from '../cdk/resource-types';
import { attributesOf, withNumbers } from '../cdk/resource-values';
import { standInValues } from '../cdk/stand-in-values';
import { parseAccessPoint } from '../local-services/access-point';
import { partitionOf } from '../model/scope';

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

interface Deployed {
  readonly stack: StackTemplate;
  readonly intrinsics: Intrinsics;
  readonly stackId: string;
}

const BUCKET = 'AWS::S3::Bucket';
const ACCESS_POINT = 'AWS::S3::AccessPoint';
/** What the handler of the library answers for. */
const HANDLED = [TASK_EXECUTION_RESOURCE_TYPE, WAIT_RESOURCE_TYPE];
const DATASYNC = 'AWS::DataSync::';

/** Creates what stacks have of DataSync, each resource when it is needed first. */
export class Deployment {
  public readonly created = new Map<string, CreatedResource>();
  private readonly failures = new Map<string, ProvisionError>();
  private readonly deployed = new Map<StackTemplate, Deployed>();
  private readonly buckets = new Set<string>();
  private readonly imported = new Map<string, CreatedResource>();
  /** What is being created, the outermost first. */
  private readonly path: string[] = [];

  constructor(private readonly server: EmulatorServer, private readonly stacks: Stacks, private readonly options: ProvisionOptions) {
    for (const stack of stacks.all) {
      const { account, region, name } = stack;
      const stackId = `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${name}/${uuidOf(name)}`;
      this.deployed.set(stack, { stack, stackId, intrinsics: new Intrinsics(stack.body as Sections, this.referencesOf(stack)) });
    }
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
    const rest = this.resources(type => !type.startsWith(DATASYNC) && !HANDLED.includes(type) && type !== 'AWS::CDK::Metadata');
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

  private of(stack: StackTemplate): Deployed {
    return this.deployed.get(stack)!;
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
    if (type.startsWith(DATASYNC) || HANDLED.includes(type)) await this.createOnce(stack, logicalId);
  }

  private async createOne({ stack, intrinsics }: Deployed, logicalId: string, resource: ResourceLike): Promise<CreatedResource> {
    const { Type } = resource;
    const where = `${stack.name}: ${logicalId}`;
    const type = Object.hasOwn(RESOURCE_TYPES, Type) ? RESOURCE_TYPES[Type] : undefined;
    if (!type) throw fail(where, `its type ${Type} is none that the emulator has`, `it has ${Object.keys(RESOURCE_TYPES).join(', ')}`);
    const properties = withNumbers(await intrinsics.value(toApi(resource.Properties ?? {}, type), where));
    await each(['SourceLocationArn', 'DestinationLocationArn'], async name => {
      if (properties[name] !== undefined) properties[name] = await this.local(properties[name], stack, `${where}.${name}`);
    });
    if (type.api === 'LocationS3') await this.makeBucket(properties.S3BucketArn, stack, where);
    const call = this.server.call(stack);
    const arnName = `${type.kind}Arn`;
    try {
      const { [arnName]: arn } = await call(`Create${type.api}`, properties);
      const attributes = attributesOf(await call(`Describe${type.api}`, { [arnName]: arn }), type.attributes);
      const folder = type.kind === 'Location' ? await this.server.folderOf(arn) : undefined;
      if (type.kind === 'Task') await this.server.listItemsOf(arn);
      return { stack, logicalId, type: Type, kind: type.kind, arn, attributes, folder };
    } catch (error) {
      if (error instanceof ProvisionError) throw error;
      throw fail(where, `its ${Type} was refused: ${(error as Error).message}`, 'correct the property that the text names');
    }
  }

  private async startOne({ stack, stackId, intrinsics }: Deployed, logicalId: string, resource: ResourceLike): Promise<CreatedResource> {
    const { Type: type, Properties = {} } = resource;
    const where = `${stack.name}: ${logicalId}`;
    const { ServiceToken: _, Waiter, OnDelete: __, ...own } = Properties; // nothing is ever deleted here
    const properties = { ServiceToken: 'in-process', ...Waiter && { Waiter: IN_PROCESS_WAITER }, ...await intrinsics.value(own, where) };
    const { account, region } = stack;
    const { Status, Reason, Data = {}, PhysicalResourceId: arn } = await startOnDeploy(this.server.endpoint, {
      type, stackId, logicalId, account, region, properties: asStrings(properties),
    });
    if (Status !== 'SUCCESS') throw new ProvisionError([`${where}: ${Reason}`]);
    const kind = type === WAIT_RESOURCE_TYPE ? 'Wait' : 'Start';
    return { stack, logicalId, type, kind, arn, attributes: Data, result: await this.server.ended(Data[ATTRIBUTE_TASK_EXECUTION_ARN]) };
  }

  /** The buckets of locations are there before the location, whose creation lists them. */
  private async makeBucket(arn: unknown, stack: StackTemplate, where: string): Promise<void> {
    const [, bucket = parseAccessPoint(String(arn))?.name] = /^arn:[^:]*:s3:::([^/:]+)$/.exec(String(arn)) ?? [];
    if (bucket === undefined) return; // it is for the emulator to say what is wrong with it
    try {
      await this.server.makeBucket(bucket, stack);
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
    const { Locations } = await this.server.call(stack)('ListLocations', { MaxResults: 100 });
    return Locations.some(({ LocationArn }: { LocationArn: string }) => LocationArn === arn);
  }

  private referencesOf(stack: StackTemplate): References {
    return {
      ref: (name, where) => this.ref(stack, name, where),
      attribute: (id, name, where) => this.valueOf(stack, id, name, where),
      imported: (name, where) => this.export(name, where),
      stackOutput: (stackName, output, where) => this.output(stackName, output, where),
      dynamic: async (text, where) => {
        const { values = {} } = this.options;
        if (Object.hasOwn(values, text)) return values[text];
        throw fail(where, `${text} is looked up in AWS by a deployment`, `say what it is: { values: { '${text}': '...' } }`);
      },
    };
  }

  private async ref(stack: StackTemplate, name: string, where: string): Promise<unknown> {
    const { account, region, body } = stack;
    switch (name) {
      case 'AWS::AccountId': return account;
      case 'AWS::NoValue': return NO_VALUE;
      case 'AWS::NotificationARNs': return [];
      case 'AWS::Partition': return partitionOf(region);
      case 'AWS::Region': return region;
      case 'AWS::StackId': return this.of(stack).stackId;
      case 'AWS::StackName': return stack.name;
      case 'AWS::URLSuffix': return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    }
    const parameter = Object.hasOwn(body.Parameters ?? {}, name) ? body.Parameters[name] : undefined;
    return parameter ? this.parameter(name, parameter, where) : this.valueOf(stack, name, undefined, where);
  }

  private parameter(name: string, { Type = 'String', Default, AllowedValues }: any, where: string): unknown {
    const given = Object.hasOwn(this.options.parameters ?? {}, name) ? this.options.parameters![name] : undefined;
    const remedy = `give its value: { parameters: { '${name}': '...' } }`;
    if (given === undefined && Default === undefined) throw fail(where, `the parameter ${name} has no default`, remedy);
    if (given === undefined && String(Type).startsWith('AWS::SSM::Parameter::Value')) {
      throw fail(where, `the parameter ${name} is the value of ${Default} in the Parameter Store, which a deployment looks up in AWS`, remedy);
    }
    const value = given ?? Default;
    if (AllowedValues && !AllowedValues.map(String).includes(String(value))) {
      throw fail(where, `the parameter ${name} is ${JSON.stringify(value)}`, `it must be one of ${AllowedValues.join(', ')}`);
    }
    return /List/.test(Type) ? String(value).split(',').map(item => item.trim()) : String(value);
  }

  /** What `Ref`, or `Fn::GetAtt` with an attribute, gives of a resource. */
  private async valueOf(stack: StackTemplate, logicalId: string, attribute: string | undefined, where: string): Promise<unknown> {
    const { values = {} } = this.options;
    const key = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
    if (Object.hasOwn(values, key)) return values[key];
    const resource = Object.hasOwn(stack.body.Resources, logicalId) ? stack.body.Resources[logicalId] : undefined;
    if (!resource) {
      const what = attribute === undefined ? 'a parameter nor as a resource' : 'a resource';
      throw fail(where, `it refers to ${logicalId}, which the template does not have as ${what}`, `correct the reference, or say what it is: { values: { '${key}': '...' } }`);
    }
    if (!await this.isThere(stack, logicalId)) {
      throw fail(where, `it refers to ${logicalId}, which is not created because its condition ${resource.Condition} does not hold`,
        'give parameters with which it does, or put the reference into Fn::If');
    }
    const found = await this.lookUp(stack, logicalId, resource, attribute, where);
    if (found !== undefined) return found;
    throw fail(where, `${attribute === undefined ? 'Ref' : attribute} of ${logicalId}, a ${resource.Type}, is not known, because it is not created here`,
      `say what it is: { values: { '${key}': '...' } }`);
  }

  private async lookUp(
    stack: StackTemplate, logicalId: string, resource: ResourceLike, attribute: string | undefined, where: string,
  ): Promise<unknown> {
    const { Type } = resource;
    if (Type.startsWith(DATASYNC) || HANDLED.includes(Type)) {
      const { arn, attributes } = (await this.createOnce(stack, logicalId))!;
      return attribute === undefined ? arn : attributes[attribute];
    }
    if (Type === BUCKET) return this.bucketValue(stack, logicalId, resource, attribute, where);
    if (Type === ACCESS_POINT) return this.accessPointValue(stack, resource, attribute, where);
    const known = knownValuesOf(Type);
    if (!known) return undefined;
    const { ref, attributes } = standInValues({ PhysicalId: known.Ref, Attributes: known.Attributes }, this.of(stack).stackId, logicalId);
    return attribute === undefined ? ref : attributes[attribute];
  }

  private async bucketValue(
    stack: StackTemplate, logicalId: string, { Properties = {} }: ResourceLike, attribute: string | undefined, where: string,
  ): Promise<unknown> {
    const { intrinsics, stackId } = this.of(stack);
    const generated = `${stack.name.slice(0, 20)}-${logicalId.slice(0, 28)}-${uuidOf(stackId + logicalId).slice(0, 8)}`.toLowerCase().replace(/[^a-z0-9-]/g, '-');
    const given = Properties.BucketName === undefined ? NO_VALUE : await intrinsics.value(Properties.BucketName, where);
    const name = given === NO_VALUE ? generated : String(given);
    const { region } = stack;
    this.buckets.add(keyOf(stack, logicalId));
    switch (attribute) {
      case undefined: return name;
      case 'Arn': return `arn:${partitionOf(region)}:s3:::${name}`;
      case 'DomainName': return `${name}.s3.amazonaws.com`;
      case 'RegionalDomainName': return `${name}.s3.${region}.amazonaws.com`;
      default: return undefined;
    }
  }

  /** It has the name of its bucket, by which the emulator finds that. */
  private async accessPointValue(
    stack: StackTemplate, { Properties = {} }: ResourceLike, attribute: string | undefined, where: string,
  ): Promise<unknown> {
    const name = String(await this.of(stack).intrinsics.value(Properties.Bucket, where));
    const { account, region } = stack;
    if (attribute === undefined || attribute === 'Name') return name;
    return attribute === 'Arn' ? `arn:${partitionOf(region)}:s3:${region}:${account}:accesspoint/${name}` : undefined;
  }

  private async export(name: string, where: string): Promise<unknown> {
    const { values = {} } = this.options;
    if (Object.hasOwn(values, name)) return values[name];
    for (const { stack, intrinsics } of this.deployed.values()) {
      for (const [id, output] of Object.entries<any>(stack.body.Outputs ?? {})) {
        if (output.Export === undefined || await intrinsics.value(output.Export.Name, `${stack.name}: Outputs.${id}.Export`) !== name) continue;
        return intrinsics.value(output.Value, `${stack.name}: Outputs.${id}`);
      }
    }
    throw fail(where, `it imports ${name}, which no stack here exports`, `give the folder of the assembly, or say what it is: { values: { '${name}': '...' } }`);
  }

  private async output(stackName: string, id: string, where: string): Promise<unknown> {
    const { values = {} } = this.options;
    const key = `${stackName}.${id}`;
    if (Object.hasOwn(values, key)) return values[key];
    const found = [...this.deployed.values()].find(({ stack }) => stack.name === stackName && stack.body.Outputs?.[id]);
    if (found) return found.intrinsics.value(found.stack.body.Outputs[id].Value, `${stackName}: Outputs.${id}`);
    throw fail(where, `it takes the output ${id} of ${stackName}, which is not here`, `give the folder of the assembly, or say what it is: { values: { '${key}': '...' } }`);
  }
}

export function keyOf({ name, file }: StackTemplate, logicalId: string): string {
  return `${file ?? name}#${logicalId}`;
}

/** As CloudFormation sends the properties of custom resources. */
function asStrings(value: any): any {
  if (Array.isArray(value)) return value.map(asStrings);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asStrings(member)]));
  return String(value);
}

/** The same for the same text. */
function uuidOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
