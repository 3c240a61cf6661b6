import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAssembly, readManifests } from '../cdk/manifest';

/** What `cdk.context.json` holds of availability zones: their names by the key of the lookup. */
type Zones = Record<string, readonly string[]>;

/**
 * The one context lookup that can be answered without AWS: a stack with an account of its own asks for the names of the availability zones when it
 * makes a VPC, and any names will do here.
 *
 * @param folder that of the app's workspace, which keeps the answers
 * @param assembly what was synthesized without them
 * @returns the names that the next synthesis finds, or undefined if the app lacks nothing, or lacks something else as well
 */
export function answerZones(folder: string, assembly: string): readonly string[] | undefined {
  const missing = isAssembly(assembly) ? readManifests(assembly)[0].missing : [];
  if (missing.length === 0 || missing.some(({ provider }) => provider !== 'availability-zones')) return undefined;
  const answers: Zones = Object.fromEntries(missing.map(({ key, props: { region } }) => [key, ['a', 'b', 'c'].map(letter => region + letter)]));
  writeFileSync(join(folder, FILE), JSON.stringify({ ...zonesOf(folder), ...answers }));
  return [...new Set(Object.values(answers).flat())];
}

/** What was answered before. */
export function zonesOf(folder: string): Zones {
  try {
    return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Zones;
  } catch {
    return {}; // it is not there
  }
}

const FILE = 'availability-zones.json';
