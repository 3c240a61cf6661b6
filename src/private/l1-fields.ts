import type { IResolvable, IResolveContext } from 'aws-cdk-lib';
import { CfnDeletionPolicy, CfnResource, Reference, Token, Tokenization } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import { TASK_TYPE } from '../task-execution/compared-fields';
import type { Field } from '../task-execution/field';

/**
 * Reads single properties of CloudFormation's resources as they will stand in the template, with what escape hatches, Aspects and
 * mixins do to them. What is not asked for is not resolved, so that it leaves no references.
 */

type Members = { [name: string]: unknown };

/** Public at run time; the declarations are not part of CDK's types. */
interface Internals {
  readonly cfnProperties?: Members;
  readonly rawOverrides?: { readonly Properties?: Members };
}

/** What gives the ARN of a resource of the service, be it `Ref` or an attribute. */
const ARNS = ['Ref', 'AgentArn', 'LocationArn', 'TaskArn'];

/** The resource that a text such as `cfnLocation.ref` refers to, by one of these attributes. */
export function resourceBehind(arn: unknown, context?: IResolveContext, attributes = ARNS): CfnResource | undefined {
  const token = typeof arn === 'string' || Tokenization.isResolvable(arn) ? revealed(arn, context) : undefined;
  if (!Reference.isReference(token) || !CfnResource.isCfnResource(token.target)) return undefined;
  return attributes.includes(token.displayName) ? token.target : undefined;
}

/** The resource of a task that this app defines, be it by this library or not. */
export function taskBehind(task: aws_datasync.ITaskRef, context?: IResolveContext): CfnResource | undefined {
  const resource = resourceBehind(task.taskRef.taskArn, context);
  return resource?.cfnResourceType === TASK_TYPE ? resource : undefined;
}

/** What stands beside the properties of a resource, such as `Condition`: an override if there is one, else what it is known to be. */
export function attributeOf(resource: CfnResource, name: string, known: string | undefined): string | undefined {
  const overrides = ((resource as unknown as Internals).rawOverrides ?? {}) as Members;
  return name in overrides ? overrides[name] as string | undefined : known;
}

/** Whether one of these policies of a resource keeps it. */
export function isRetained(resource: CfnResource, ...names: Array<'DeletionPolicy' | 'UpdateReplacePolicy'>): boolean {
  const { deletionPolicy: DeletionPolicy, updateReplacePolicy: UpdateReplacePolicy } = resource.cfnOptions;
  return names.some(name => attributeOf(resource, name, { DeletionPolicy, UpdateReplacePolicy }[name]) === CfnDeletionPolicy.RETAIN);
}

/** What stands in one property, as it was given: an override if there is one. */
export function propertyOf(resource: CfnResource, name: string): unknown {
  const internals = resource as unknown as Internals;
  const overrides = internals.rawOverrides?.Properties ?? {};
  if (name in overrides) return overrides[name];
  const member = camelCased(name);
  return member in resource ? (resource as unknown as Members)[member] : memberOf(internals.cfnProperties ?? {}, name);
}

/** The fields as they are resolved in the template of the resource, in the form of CloudFormation. */
export function resolvedFields(resource: CfnResource, fields: readonly Field[], context: IResolveContext): Members {
  const { cfnProperties = {}, rawOverrides } = resource as unknown as Internals;
  const tree = treeOf(fields);
  const members = context.resolve(pick(cfnProperties, tree, memberOf, context) ?? {});
  const overrides = context.resolve(pick(rawOverrides?.Properties ?? {}, tree, (from, name) => from[name], context) ?? {}, { removeEmpty: false });
  return merge(pascalCased(members) as Members, overrides);
}

interface Tree {
  [name: string]: Tree | Field;
}

/** The lists are few and constant, the resources may be many. */
const TREES = new WeakMap<readonly Field[], Tree>();

function treeOf(fields: readonly Field[]): Tree {
  const known = TREES.get(fields);
  if (known) return known;
  const root: Tree = {};
  TREES.set(fields, root);
  for (const field of fields) {
    const names = field.path.split('.');
    const last = names.pop()!;
    let tree = root;
    for (const name of names) tree = (tree[name] ??= {}) as Tree;
    tree[last] = field;
  }
  return root;
}

function isField(node: Tree | Field): node is Field {
  return typeof node.path === 'string';
}

/** A copy with nothing but what the tree names, tokens unresolved. A token in place of an object is carried as it is. */
function pick(value: unknown, node: Tree | Field, member: (from: Members, name: string) => unknown, context: IResolveContext): unknown {
  if (isField(node)) return node.form === 'member' ? nameOfMember(value, context) : value;
  const shown = revealed(value, context);
  if (!isPlain(shown)) return shown;
  const picked: Members = {};
  for (const [name, below] of Object.entries(node)) {
    const found = pick(member(shown, name), below, member, context);
    if (found !== undefined || name in shown) picked[name] = found; // an override by nothing is a deletion
  }
  return picked;
}

/** The name of what is set, never its content, which may be secret. */
function nameOfMember(value: unknown, context: IResolveContext): unknown {
  const shown = revealed(value, context);
  if (shown === undefined) return undefined;
  if (!isPlain(shown) || isIntrinsic(shown)) return 'known at deployment';
  return Object.keys(shown).filter(name => shown[name] !== undefined).map(name => name.toUpperCase()).sort().join() || undefined;
}

function memberOf(from: Members, name: string): unknown {
  const member = camelCased(name);
  return member in from ? from[member] : from[name];
}

function camelCased(name: string): string {
  return name[0].toLowerCase() + name.slice(1);
}

/** What a token stands for, as long as it is known before the deployment: lazy values are looked through, references are not. */
function revealed(value: unknown, context?: IResolveContext): unknown {
  let shown = value;
  for (let depth = 0; depth < 10; depth++) {
    const token = typeof shown === 'string' ? Tokenization.reverse(shown, { failConcat: false }) : Tokenization.isResolvable(shown) ? shown : undefined;
    if (token === undefined || Reference.isReference(token)) return token ?? shown;
    if (context === undefined) return token;
    const next: unknown = (token as IResolvable).resolve(context);
    if (isIntrinsic(next)) return token;
    shown = next;
  }
  return shown;
}

function isPlain(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Token.isUnresolved(value);
}

/** `{ Ref: ... }` or `{ 'Fn::...': ... }`. */
export function isIntrinsic(value: unknown): value is Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length === 1 && (names[0] === 'Ref' || names[0].startsWith('Fn::'));
}

/** The names that CloudFormation has for the members of an L1. */
function pascalCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalCased);
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [upperFirst(name), pascalCased(member)]));
}

function upperFirst(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}

/** As CDK lays overrides over properties. */
function merge(target: Members, overrides: Members): Members {
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) {
      delete target[name];
    } else if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      target[name] = value;
    } else {
      const current = target[name];
      const base = typeof current !== 'object' || current === null || isIntrinsic(current) || isIntrinsic(value) ? {} : current as Members;
      target[name] = merge(base, value as Members);
      if (Object.keys(target[name] as Members).length === 0) delete target[name];
    }
  }
  return target;
}
