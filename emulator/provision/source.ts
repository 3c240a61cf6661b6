import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProvisionError } from './error';
import type { ConstructLike, ProvisionOptions, ProvisionSource, StackLike, TemplateLike } from './types';
import type { Manifest } from '../cdk/manifest';
import { AssemblyError, isAssembly, isStackArtifact, readManifests } from '../cdk/manifest';
import type { Scope } from '../model/scope';
import { DEFAULT_SCOPE } from '../model/scope';

/** One stack: its template, and where it would be deployed. */
export interface StackTemplate extends Scope {
  readonly name: string;
  /** Absent for a template that came as an object. */
  readonly file?: string;
  readonly body: TemplateLike;
}

/** What to create, and the stacks beside it, from which it may import. */
export interface Stacks {
  readonly wanted: readonly StackTemplate[];
  readonly all: readonly StackTemplate[];
}

type Defaults = Pick<ProvisionOptions, 'account' | 'region'>;

/** @throws ProvisionError when it is none of these, or cannot be read or synthesized */
export function readStacks(source: ProvisionSource, defaults: Defaults): Stacks {
  if (typeof source === 'string') return readPath(resolve(source), defaults);
  if (isStack(source)) return readStack(source, defaults);
  return alone({ name: 'template', body: checkTemplate(source, 'the template'), ...scopeOf({}, defaults) });
}

/** What the constructs and stages of CDK have besides. Its types are not loaded, as users may have any version of it. */
interface ScopedConstruct extends ConstructLike {
  readonly node: ConstructLike['node'] & { readonly scopes: readonly ConstructLike[] };
}
interface StageLike extends ConstructLike {
  synth(): { readonly directory: string };
}

function isStage(scope: ConstructLike): scope is StageLike {
  return typeof (scope as Partial<StageLike>).synth === 'function';
}

function isStack(value: unknown): value is StackLike {
  const { node, templateFile } = Object(value);
  return typeof node?.path === 'string' && typeof templateFile === 'string';
}

/** Synthesizes the app of a stack as `cdk synth` would, unless that was done before. */
function readStack(stack: StackLike, defaults: Defaults): Stacks {
  const stage = scopesOf(stack).find(isStage);
  if (!stage) throw new ProvisionError([`${stack.node.path} is a stack outside of any app; create it in an App, or give its template`]);
  let folder: string;
  try {
    folder = stage.synth().directory;
  } catch (error) {
    throw new ProvisionError([`the app of ${stack.node.path} cannot be synthesized: ${(error as Error).message}; correct it, or give the template or the folder of an assembly`]);
  }
  return readFile(join(folder, stack.templateFile), defaults, stack.node.path);
}

/** A construct and the scopes it is in, the innermost first. */
export function scopesOf(construct: ConstructLike): ConstructLike[] {
  return [...(construct as ScopedConstruct).node.scopes].reverse();
}

function readPath(path: string, defaults: Defaults): Stacks {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new ProvisionError([`${path} does not exist; give a template, or the folder of a cloud assembly, such as cdk.out after "cdk synth"`]);
  if (!found.isDirectory()) return readFile(path, defaults);
  const all = stacksOf(path, defaults);
  if (all.length === 0) throw new ProvisionError([`the cloud assembly ${path} has no stack; add one to the app`]);
  return { wanted: all, all };
}

/** A template, with the stacks of its assembly if it is in one. */
function readFile(path: string, defaults: Defaults, name = basename(path).replace(/(\.template)?\.json$/, '')): Stacks {
  const folder = dirname(path);
  const all = isAssembly(folder) ? stacksOf(folder, defaults) : [];
  const own = all.filter(({ file }) => file === path);
  if (own.length > 0) return { wanted: own, all };
  const stack = { name, file: path, body: checkTemplate(parse(path), path), ...scopeOf({}, defaults) };
  return { wanted: [stack], all: [...all, stack] };
}

function stacksOf(assembly: string, defaults: Defaults): StackTemplate[] {
  return manifestsOf(assembly).flatMap(({ folder, artifacts }) => artifacts.filter(isStackArtifact).map(artifact => {
    const { id, properties } = artifact;
    const file = join(folder, properties.templateFile);
    return { name: properties.stackName ?? id, file, body: checkTemplate(parse(file), file), ...scopeOf(artifact, defaults) };
  }));
}

function manifestsOf(assembly: string): Manifest[] {
  try {
    return readManifests(assembly);
  } catch (error) {
    throw error instanceof AssemblyError ? new ProvisionError([error.message]) : error;
  }
}

function scopeOf({ account, region }: Defaults, defaults: Defaults): Scope {
  return { account: account ?? defaults.account ?? DEFAULT_SCOPE.account, region: region ?? defaults.region ?? DEFAULT_SCOPE.region };
}

function alone(stack: StackTemplate): Stacks {
  return { wanted: [stack], all: [stack] };
}

function checkTemplate(body: any, what: string): TemplateLike {
  const resources = Object(body).Resources;
  if (typeof resources === 'object' && resources !== null && !Array.isArray(resources)) return body;
  throw new ProvisionError([`${what} is not a CloudFormation template: it has no Resources; give a stack, a template, its path, or the folder of a cloud assembly`]);
}

function parse(path: string): any {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ProvisionError([`${path} cannot be read as JSON: ${(error as Error).message}; give a template in JSON, as "cdk synth" writes it into cdk.out`]);
  }
}
