import type { RunOn } from './parse';
import { haveChanged } from './values';

type Properties = { readonly [name: string]: unknown };

/** Whether an update asks for a new execution. */
export function asksForExecution(runOn: RunOn, properties: Properties, old: Properties): boolean {
  switch (runOn) {
    case 'CREATE': return false;
    case 'EVERY_DEPLOYMENT': return true;
    case 'CHANGE': return haveChanged(properties, old);
  }
}
