import { join } from 'node:path';
import { isStackArtifact, readManifests } from '../cdk/manifest';
import type { Scope } from '../model/scope';

/** A stack of an assembly, or of a stage of it. */
export interface StackArtifact {
  /** What selects it on the command line of the CDK CLI. */
  readonly id: string;
  readonly name: string;
  /** The path of its template. */
  readonly template: string;
  /** Undefined where the app leaves it to the deployment. */
  readonly account?: string;
  readonly region?: string;
  /** Of the bootstrap that it needs; undefined if it needs none. */
  readonly qualifier?: string;
  /** The stacks that come before it, by `id`. */
  readonly dependencies: readonly string[];
}

/** An account and Region to bootstrap. */
export interface BootstrapEnvironment extends Scope {
  readonly qualifier: string;
}

/** All stacks of an assembly, those of stages included. */
export function stacksOf(assembly: string): StackArtifact[] {
  return readManifests(assembly).flatMap(({ folder, artifacts }) => {
    const byId = new Map(artifacts.map(artifact => [artifact.id, artifact]));
    const below = (ids: readonly string[], seen = new Set<string>()): string[] => ids.filter(id => !seen.has(id) && byId.has(id)).flatMap(id => {
      seen.add(id);
      const artifact = byId.get(id)!;
      return isStackArtifact(artifact) ? [artifact.displayName] : below(artifact.dependencies, seen); // assets in between
    });
    return artifacts.filter(isStackArtifact).map(({ id, displayName, account, region, properties, dependencies }) => ({
      id: displayName,
      name: properties.stackName ?? id,
      template: join(folder, properties.templateFile ?? `${id}.template.json`),
      account,
      region,
      qualifier: /^\/cdk-bootstrap\/([^/]+)\//.exec(properties.bootstrapStackVersionSsmParameter ?? '')?.[1],
      dependencies: below(dependencies),
    }));
  });
}

/** Each account and Region once. */
export function environmentsOf(stacks: readonly StackArtifact[], scope: Scope): BootstrapEnvironment[] {
  const found = stacks.flatMap(({ account = scope.account, region = scope.region, qualifier }) =>
    qualifier ? [{ account, region, qualifier }] : []);
  return [...new Map(found.map(each => [Object.values(each).join(), each])).values()];
}

/** Runs of the CLI, which has one account at a time: as few as the dependencies between the stacks allow. */
export function inOrder(stacks: readonly StackArtifact[], scope: Scope): Array<{ readonly account: string; readonly ids: string[] }> {
  const runs: Array<{ readonly account: string; readonly ids: string[] }> = [];
  const known = new Set(stacks.map(({ id }) => id));
  const done = new Set<string>();
  const left = new Set(stacks);
  while (left.size > 0) {
    const isReady = ({ dependencies }: StackArtifact) => dependencies.every(id => done.has(id) || !known.has(id));
    const account = ([...left].find(isReady) ?? [...left][0]).account ?? scope.account;
    const ids: string[] = [];
    for (let ready; (ready = [...left].find(each => (each.account ?? scope.account) === account && isReady(each)));) {
      left.delete(ready);
      done.add(ready.id);
      ids.push(ready.id);
    }
    if (ids.length === 0) throw new Error(`the stacks ${[...left].map(({ id }) => id).join(', ')} depend on each other`);
    runs.push({ account, ids });
  }
  return runs;
}
