import type { CfnResource, IResolvable, IResolveContext } from 'aws-cdk-lib';
import { Lazy, Stack, Token } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import type { Field } from './compared-fields';
import { FIELD_LISTS, TASK_TYPE } from './compared-fields';
import type { WireLocationValues, WireValues } from './contract';
import { bareSubdirectory, patternSet, short } from './normal-form';
import type { StartTaskExecutionOptions } from './start-task-execution-options';
import { LOCATION_FIELDS } from '../location/location-kinds';
import { isIntrinsic, propertyOf, resolvedFields, resourceBehind, taskBehind } from '../private/l1-fields';
import { refersToSecret } from '../validation/checks';

/** Renders what decides which bytes an execution transfers: the fields of its task and of both locations, for the function to compare. */

type Members = { [name: string]: unknown };
type Side = 'Source' | 'Destination';

/**
 * The values of a task, known when the template is made.
 *
 * Resources of the same stack are carried as they stand in the template, tokens and conditions included. Of another stack of the app only
 * what is literal is: CloudFormation refuses to change an export that is in use, so an export for the sake of noticing a change would
 * prevent it.
 *
 * @param start what it overrides by a literal is not carried of the task
 */
export function valuesOf(scope: IConstruct, task: aws_datasync.ITaskRef, start: StartTaskExecutionOptions): IResolvable {
  return Lazy.uncachedAny({
    produce: context => {
      const resource = taskBehind(task, context);
      return resource ? new Renderer(scope, context).values(resource, start) : { Version: String(FIELD_LISTS.version) };
    },
  });
}

/** By the type of the location. */
const FIELDS_OF = { Source: fieldsOf('Source'), Destination: fieldsOf('Destination') };

function fieldsOf(side: Side): ReadonlyMap<string, readonly Field[]> {
  const counts = (field: Field) => field.side === undefined || field.side === side;
  return new Map(Object.entries(LOCATION_FIELDS).map(([type, fields]) => [type, fields.filter(counts)]));
}

class Renderer {
  private readonly stack: Stack;

  constructor(scope: IConstruct, private readonly context: IResolveContext) {
    this.stack = Stack.of(scope);
  }

  public values(task: CfnResource, start: StartTaskExecutionOptions): WireValues {
    const all = FIELD_LISTS.types[TASK_TYPE];
    const fields = all.some(({ path }) => isOverridden(start, path)) ? all.filter(({ path }) => !isOverridden(start, path)) : all;
    return {
      Version: String(FIELD_LISTS.version),
      Task: { Type: TASK_TYPE, ...this.fieldsOf(task, fields) },
      Source: this.location(task, 'Source'),
      Destination: this.location(task, 'Destination'),
    };
  }

  private location(task: CfnResource, side: Side): WireLocationValues {
    const arn = propertyOf(task, `${side}LocationArn`);
    const known = this.read(task, context => ({ Arn: context.resolve(arn) }));
    const location = resourceBehind(arn, this.context);
    const fields = location && FIELDS_OF[side].get(location.cfnResourceType);
    return { ...known.Unknown ? {} : known, ...fields && { Type: location.cfnResourceType, ...this.fieldsOf(location, fields) } };
  }

  /** All at once; one by one if something among them cannot be carried. */
  private fieldsOf(resource: CfnResource, fields: readonly Field[]): Members {
    const { Unknown: isUnknown, ...found } = this.read(resource, context => resolvedFields(resource, fields, context));
    if (!isUnknown) return fields.reduce((members, field) => compactAt(members, field.path.split('.'), field), found as Members);
    if (fields.length === 1) return { Unknown: [fields[0].path] };
    return fields.map(field => this.fieldsOf(resource, [field])).reduce(laidOver, {});
  }

  /** Resolves in the template of the resource; `Unknown` if this template cannot carry what comes out. */
  private read(resource: CfnResource, resolve: (context: IResolveContext) => Members): Members {
    const home = Stack.of(resource);
    if (home === this.stack) {
      const rendered = resolve(this.context);
      return refersToSecret(rendered) ? { Unknown: true } : rendered;
    }
    // Another stack's references are not settled before all templates are prepared, and nothing here may add to them.
    if (this.context.preparing) return {};
    const rendered = portable(home.resolve(Lazy.uncachedAny({ produce: context => resolve(context) })) ?? {}, home, this.stack);
    return rendered === undefined || refersToSecret(rendered) ? { Unknown: true } : rendered as Members;
  }
}

/** Whether the execution certainly has a value of its own. One that only the deployment knows may turn out to be none. */
function isOverridden({ overrideOptions, includes, excludes, manifest }: StartTaskExecutionOptions, path: string): boolean {
  if (path.startsWith('ManifestConfig.')) return manifest !== undefined;
  if (path === 'Includes') return includes !== undefined && !Token.isUnresolved(includes.value);
  if (path === 'Excludes') return excludes !== undefined && !Token.isUnresolved(excludes.value);
  const [group, name] = path.split('.');
  if (group !== 'Options' || name === undefined) return false;
  const value = (overrideOptions as Members | undefined)?.[name[0].toLowerCase() + name.slice(1)];
  return value !== undefined && !Token.isUnresolved(value);
}

/** One object of the branches of both. */
function laidOver(one: Members, other: Members): Members {
  const both: Members = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const current = both[name];
    if (Array.isArray(current) && Array.isArray(value)) both[name] = [...current, ...value];
    else both[name] = isBranch(current) && isBranch(value) ? laidOver(current, value) : value;
  }
  return both;
}

function isBranch(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isIntrinsic(value);
}

function compactAt(members: Members, [name, ...below]: string[], field: Field): Members {
  if (members[name] === undefined) return members;
  const value = members[name];
  if (below.length === 0) return { ...members, [name]: compact(value, field) };
  return isBranch(value) ? { ...members, [name]: compactAt(value, below, field) } : members;
}

/** Hashes what is long, in the form in which the function compares it. What CloudFormation has to resolve stays as it is. */
export function compact(value: unknown, field?: Field): unknown {
  if (typeof value === 'string') return value.includes('{{resolve:') || value === short(value) ? value : short(normal(value, field));
  if (Array.isArray(value)) return value.map(item => compact(item, field));
  if (typeof value !== 'object' || value === null || isIntrinsic(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, compact(member, field)]));
}

function normal(text: string, field: Field | undefined): string {
  switch (field?.form) {
    case 'patterns': return patternSet(text);
    case 'subdirectory': return bareSubdirectory(text);
    default: return text;
  }
}

/**
 * What another stack says, as this one may repeat it: literals and what is the same everywhere in an account and Region. Undefined if there is
 * anything else in it.
 */
function portable(value: unknown, home: Stack, here: Stack): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => portable(item, home, here));
    return items.includes(undefined) ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isIntrinsic(value) && 'Ref' in value) return pseudoParameter(value.Ref, home, here);
  if (isIntrinsic(value) && !('Fn::Join' in value)) return undefined;
  const members = Object.entries(value).map(([name, member]) => [name, portable(member, home, here)] as const);
  return members.some(([, member]) => member === undefined) ? undefined : Object.fromEntries(members);
}

function pseudoParameter(name: unknown, home: Stack, here: Stack): unknown {
  switch (name) {
    case 'AWS::Partition': return { Ref: name };
    case 'AWS::Region': return sameOrKnown(name, home.region, here.region);
    case 'AWS::AccountId': return sameOrKnown(name, home.account, here.account);
    case 'AWS::URLSuffix': return home.region === here.region ? { Ref: name } : undefined;
    default: return undefined;
  }
}

/** Stacks that do not know their environment are in the same one, as far as CDK is concerned. */
function sameOrKnown(name: string, there: string, here: string): unknown {
  if (!Token.isUnresolved(there)) return there;
  return Token.isUnresolved(here) ? { Ref: name } : undefined;
}
