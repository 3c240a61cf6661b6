import { readFileSync, statSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { FaultPlan } from '../faults/plan';
import { parseFaultPlan } from '../faults/plan';

/** The plan in a file, for a parser of options as in `arguments.ts`: on its own since it knows the whole API, which takes time to load. */
export function faultPlan(path: string): FaultPlan {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new InvalidArgumentError('there is no such file; give the path of a fault plan, as in docs/emulator.md.');
  try {
    return parseFaultPlan(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new InvalidArgumentError(error instanceof SyntaxError ? `it is not JSON: ${error.message}.` : (error as Error).message);
  }
}
