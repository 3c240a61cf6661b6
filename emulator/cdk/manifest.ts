import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The manifest of a cloud assembly, as far as it matters here. A stage of the app has an assembly of its own, in a folder of this one. */
export interface Manifest {
  /** The folder that it describes. */
  readonly folder: string;
  readonly text: string;
  readonly artifacts: readonly Artifact[];
  /** Context that was looked for in vain. */
  readonly missing: ReadonlyArray<{ readonly key: string; readonly provider: string; readonly props: any }>;
}

/** @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.cloud_assembly_schema.ArtifactManifest.html */
export interface Artifact {
  readonly id: string;
  readonly type: string;
  /** What selects it on the command line of the CDK CLI. */
  readonly displayName: string;
  readonly properties: Readonly<Record<string, any>>;
  /** Ids of the artifacts before it. */
  readonly dependencies: readonly string[];
  /** Of its environment; undefined where the app leaves it to the deployment. */
  readonly account?: string;
  readonly region?: string;
}

/** Something wrong with a cloud assembly or with what is asked of it: the message is all that a user needs to see. */
export class AssemblyError extends Error {}

/** Whether there is a cloud assembly in the folder. */
export function isAssembly(folder: string): boolean {
  return existsSync(fileOf(folder));
}

/**
 * The manifest of an assembly, then those of its stages.
 *
 * @throws AssemblyError when there is none or one cannot be read
 */
export function readManifests(folder: string): Manifest[] {
  if (!isAssembly(folder)) {
    throw new AssemblyError(`${folder} is not a cloud assembly: it has no manifest.json; synthesize the app first, for example with "cdk synth"`);
  }
  const text = readText(fileOf(folder));
  const { artifacts = {}, missing = [] } = parseJson(fileOf(folder), text);
  const own = Object.entries<any>(artifacts).map(([id, artifact]) => artifactOf(id, artifact));
  const stages = own.filter(({ type }) => type === 'cdk:cloud-assembly');
  return [{ folder, text, artifacts: own, missing }, ...stages.flatMap(({ properties }) => readManifests(join(folder, properties.directoryName)))];
}

export function isStackArtifact({ type }: Artifact): boolean {
  return type === 'aws:cloudformation:stack';
}

export function fileOf(folder: string): string {
  return join(folder, 'manifest.json');
}

function artifactOf(id: string, { type, displayName = id, properties = {}, dependencies = [], environment = '' }: any): Artifact {
  const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment) ?? [];
  return {
    id,
    type,
    displayName,
    properties,
    dependencies,
    account: account === 'unknown-account' ? undefined : account,
    region: region === 'unknown-region' ? undefined : region,
  };
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AssemblyError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

export function parseJson(file: string, text: string): any {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AssemblyError(`${file} is not JSON: ${(error as Error).message}`);
  }
}
