import type { WireTaskExecutionProperties } from '../contract';
import type { RunOn } from './parse';

type Properties = { readonly [name: string]: unknown };

/** What an execution is made of. `IfRunning`, `RunOn` and the function's own ARN are about how, not what. */
const LISTENED: ReadonlyArray<keyof WireTaskExecutionProperties> = ['TaskArn', 'OverrideOptions', 'Includes', 'Excludes', 'Tags'];

/** Whether an update asks for a new execution. */
export function asksForExecution(runOn: RunOn, properties: Properties, old: Properties): boolean {
  switch (runOn) {
    case 'CREATE': return false;
    case 'EVERY_DEPLOYMENT': return true;
    case 'CHANGE': return LISTENED.some(name => differ(properties[name], old[name])) || fingerprintsDiffer(properties, old);
  }
}

/** A fingerprint that appears or disappears comes from another `RunOn`, not from another task. */
function fingerprintsDiffer({ TaskFingerprint: now }: Properties, { TaskFingerprint: before }: Properties): boolean {
  return now !== undefined && before !== undefined && now !== before;
}

function differ(left: unknown, right: unknown): boolean {
  return canonical(left) !== canonical(right);
}

/** The order of an object's members says nothing, that of a list may. A number is the same as its text, as CloudFormation has it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`;
  }
  return value === undefined ? '' : JSON.stringify(String(value));
}
