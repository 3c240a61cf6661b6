import type { Backend } from './backend';

/** Whether both are in one store, which copies without anything being read here. Known once both are accessed. */
export function isWithinStore(source: Backend, destination: Backend): boolean {
  return destination.copyFrom !== undefined && source.origin !== undefined && source.origin.store === destination.origin?.store;
}
