import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `cdk.context.json` holds of availability zones: their names by the key of the lookup. */
type Zones = Record<string, readonly string[]>;

interface Missing {
  readonly key: string;
  readonly provider: string;
  readonly props: { readonly region: string };
}

/**
 * The one context lookup that can be answered without AWS: a stack with an account of its own asks for the names of the availability zones when it
 * makes a VPC, and any names will do here.
 *
 * @param folder that of the app's workspace, which keeps the answers
 * @param assembly what was synthesized without them
 * @returns the names that the next synthesis finds, or undefined if the app lacks nothing, or lacks something else as well
 */
export function answerZones(folder: string, assembly: string): readonly string[] | undefined {
  const missing = missingIn(assembly);
  if (missing.length === 0 || missing.some(({ provider }) => provider !== 'availability-zones')) return undefined;
  const answers: Zones = Object.fromEntries(missing.map(({ key, props: { region } }) => [key, ['a', 'b', 'c'].map(letter => region + letter)]));
  writeFileSync(join(folder, FILE), JSON.stringify({ ...zonesOf(folder), ...answers }));
  return [...new Set(Object.values(answers).flat())];
}

/** What was answered before. */
export function zonesOf(folder: string): Zones {
  return read<Zones>(join(folder, FILE)) ?? {};
}

const FILE = 'availability-zones.json';

function missingIn(assembly: string): readonly Missing[] {
  return read<{ readonly missing?: readonly Missing[] }>(join(assembly, 'manifest.json'))?.missing ?? [];
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // it is not there
  }
}
