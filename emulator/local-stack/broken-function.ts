import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A function that does not run here: it is answered for nobody, so that CloudFormation would wait an hour for a custom resource of it. */
export interface BrokenFunction {
  /** As MiniStack names it, which begins with the stack and the logical id. */
  readonly name: string;
  readonly reason: string;
}

const FAILURE = /ERROR \[lambda\] Warm worker execution error for (\S+): (Worker init failed: .*)/g;

/** As much of a logical id as stands in the name of every function. */
const PREFIX = 24;

/** The functions of which the log of MiniStack says that they cannot even be loaded, for example because they need what only Lambda has. */
export function failuresToLoad(log: string): BrokenFunction[] {
  return [...log.matchAll(FAILURE)].map(([, name, reason]) => ({ name, reason }));
}

/** The first of them that is behind a custom resource of the assembly. */
export function brokenFunction(failures: readonly BrokenFunction[], assembly: string): BrokenFunction | undefined {
  if (failures.length === 0) return undefined;
  const providers = templatesIn(assembly).flatMap(providersOf).map(id => `-${id.slice(0, PREFIX)}`);
  return failures.find(({ name }) => providers.some(id => name.includes(id)));
}

/** Of an assembly and of the stages in it. */
function templatesIn(assembly: string): any[] {
  if (!existsSync(assembly)) return [];
  return readdirSync(assembly, { withFileTypes: true }).flatMap(entry => {
    const path = join(assembly, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('assembly-') ? templatesIn(path) : [];
    return entry.name.endsWith('.template.json') ? [JSON.parse(readFileSync(path, 'utf8'))] : [];
  });
}

/** Logical ids of the functions that answer for its custom resources. */
function providersOf({ Resources = {} }: any): string[] {
  return Object.values<any>(Resources).flatMap(({ Properties }) => {
    const [id] = [Properties?.ServiceToken?.['Fn::GetAtt']].flat();
    return typeof id === 'string' ? [id] : [];
  });
}
