import { createHash } from 'node:crypto';
import type { CreatedResource } from './deployment';
import type { References, Sections } from './intrinsics';
import { fail, Intrinsics, NO_VALUE } from './intrinsics';
import { knownValuesOf } from './known-values';
import type { StackTemplate } from './source';
import type { ProvisionOptions, ResourceLike } from './types';
import { standInValues } from '../cdk/stand-in-values';
import { partitionOf } from '../model/scope';

/** A stack, and what evaluates the functions of its template. */
export interface EvaluatedStack {
  readonly stack: StackTemplate;
  readonly stackId: string;
  readonly intrinsics: Intrinsics;
}

/** What references need of the deployment. */
export interface ReferenceHost {
  readonly options: ProvisionOptions;
  readonly evaluated: ReadonlyMap<StackTemplate, EvaluatedStack>;
  /** Whether the condition of a resource holds. */
  isThere(stack: StackTemplate, logicalId: string): Promise<boolean>;
  /** Whether the deployment creates resources of the type. */
  isCreated(type: string): boolean;
  /** Creates a resource, unless it is there already. */
  create(stack: StackTemplate, logicalId: string): Promise<Pick<CreatedResource, 'arn' | 'attributes'> | undefined>;
  /** Is told of a bucket of the template that something refers to. */
  useBucket(stack: StackTemplate, logicalId: string): void;
}

const BUCKET = 'AWS::S3::Bucket';
const ACCESS_POINT = 'AWS::S3::AccessPoint';

export function evaluatedStack(stack: StackTemplate, host: ReferenceHost): EvaluatedStack {
  const { account, region, name } = stack;
  const stackId = `arn:${partitionOf(region)}:cloudformation:${region}:${account}:stack/${name}/${uuidOf(name)}`;
  return { stack, stackId, intrinsics: new Intrinsics(stack.body as Sections, new StackReferences(stack, host)) };
}

/** What the parameters, resources and imports of one stack stand for, given or made up where nothing creates them here. */
class StackReferences implements References {
  constructor(private readonly stack: StackTemplate, private readonly host: ReferenceHost) {}

  public async ref(name: string, where: string): Promise<unknown> {
    const { account, region, body } = this.stack;
    switch (name) {
      case 'AWS::AccountId': return account;
      case 'AWS::NoValue': return NO_VALUE;
      case 'AWS::NotificationARNs': return [];
      case 'AWS::Partition': return partitionOf(region);
      case 'AWS::Region': return region;
      case 'AWS::StackId': return this.own.stackId;
      case 'AWS::StackName': return this.stack.name;
      case 'AWS::URLSuffix': return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    }
    const parameter = Object.hasOwn(body.Parameters ?? {}, name) ? body.Parameters[name] : undefined;
    return parameter ? this.parameter(name, parameter, where) : this.valueOf(name, undefined, where);
  }

  public async attribute(logicalId: string, name: string, where: string): Promise<unknown> {
    return this.valueOf(logicalId, name, where);
  }

  public async imported(name: string, where: string): Promise<unknown> {
    const { values = {} } = this.host.options;
    if (Object.hasOwn(values, name)) return values[name];
    for (const { stack, intrinsics } of this.host.evaluated.values()) {
      for (const [id, output] of Object.entries<any>(stack.body.Outputs ?? {})) {
        if (output.Export === undefined || await intrinsics.value(output.Export.Name, `${stack.name}: Outputs.${id}.Export`) !== name) continue;
        return intrinsics.value(output.Value, `${stack.name}: Outputs.${id}`);
      }
    }
    throw fail(where, `it imports ${name}, which no stack here exports`, `give the folder of the assembly, or say what it is: { values: { '${name}': '...' } }`);
  }

  public async stackOutput(stackName: string, id: string, where: string): Promise<unknown> {
    const { values = {} } = this.host.options;
    const key = `${stackName}.${id}`;
    if (Object.hasOwn(values, key)) return values[key];
    const found = [...this.host.evaluated.values()].find(({ stack }) => stack.name === stackName && stack.body.Outputs?.[id]);
    if (found) return found.intrinsics.value(found.stack.body.Outputs[id].Value, `${stackName}: Outputs.${id}`);
    throw fail(where, `it takes the output ${id} of ${stackName}, which is not here`, `give the folder of the assembly, or say what it is: { values: { '${key}': '...' } }`);
  }

  public async dynamic(text: string, where: string): Promise<string> {
    const { values = {} } = this.host.options;
    if (Object.hasOwn(values, text)) return values[text];
    throw fail(where, `${text} is looked up in AWS by a deployment`, `say what it is: { values: { '${text}': '...' } }`);
  }

  private get own(): EvaluatedStack {
    return this.host.evaluated.get(this.stack)!;
  }

  private parameter(name: string, { Type = 'String', Default, AllowedValues }: any, where: string): unknown {
    const given = Object.hasOwn(this.host.options.parameters ?? {}, name) ? this.host.options.parameters![name] : undefined;
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
  private async valueOf(logicalId: string, attribute: string | undefined, where: string): Promise<unknown> {
    const { values = {} } = this.host.options;
    const key = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
    if (Object.hasOwn(values, key)) return values[key];
    const resource = Object.hasOwn(this.stack.body.Resources, logicalId) ? this.stack.body.Resources[logicalId] : undefined;
    if (!resource) {
      const what = attribute === undefined ? 'a parameter nor as a resource' : 'a resource';
      throw fail(where, `it refers to ${logicalId}, which the template does not have as ${what}`, `correct the reference, or say what it is: { values: { '${key}': '...' } }`);
    }
    if (!await this.host.isThere(this.stack, logicalId)) {
      throw fail(where, `it refers to ${logicalId}, which is not created because its condition ${resource.Condition} does not hold`,
        'give parameters with which it does, or put the reference into Fn::If');
    }
    const found = await this.lookUp(logicalId, resource, attribute, where);
    if (found !== undefined) return found;
    throw fail(where, `${attribute === undefined ? 'Ref' : attribute} of ${logicalId}, a ${resource.Type}, is not known, because it is not created here`,
      `say what it is: { values: { '${key}': '...' } }`);
  }

  private async lookUp(
    logicalId: string, resource: ResourceLike, attribute: string | undefined, where: string,
  ): Promise<unknown> {
    const { Type } = resource;
    if (this.host.isCreated(Type)) {
      const { arn, attributes } = (await this.host.create(this.stack, logicalId))!;
      return attribute === undefined ? arn : attributes[attribute];
    }
    if (Type === BUCKET) return this.bucketValue(logicalId, resource, attribute, where);
    if (Type === ACCESS_POINT) return this.accessPointValue(resource, attribute, where);
    const known = knownValuesOf(Type);
    if (!known) return undefined;
    const { ref, attributes } = standInValues({ PhysicalId: known.Ref, Attributes: known.Attributes }, this.own.stackId, logicalId);
    return attribute === undefined ? ref : attributes[attribute];
  }

  private async bucketValue(
    logicalId: string, { Properties = {} }: ResourceLike, attribute: string | undefined, where: string,
  ): Promise<unknown> {
    const { intrinsics, stackId } = this.own;
    const generated = `${this.stack.name.slice(0, 20)}-${logicalId.slice(0, 28)}-${uuidOf(stackId + logicalId).slice(0, 8)}`.toLowerCase().replace(/[^a-z0-9-]/g, '-');
    const given = Properties.BucketName === undefined ? NO_VALUE : await intrinsics.value(Properties.BucketName, where);
    const name = given === NO_VALUE ? generated : String(given);
    const { region } = this.stack;
    this.host.useBucket(this.stack, logicalId);
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
    { Properties = {} }: ResourceLike, attribute: string | undefined, where: string,
  ): Promise<unknown> {
    const name = String(await this.own.intrinsics.value(Properties.Bucket, where));
    const { account, region } = this.stack;
    if (attribute === undefined || attribute === 'Name') return name;
    return attribute === 'Arn' ? `arn:${partitionOf(region)}:s3:${region}:${account}:accesspoint/${name}` : undefined;
  }
}

/** The same for the same text. */
function uuidOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
