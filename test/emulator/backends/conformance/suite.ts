import type { Subject } from './bench';
import { Bench } from './bench';
import { testItem } from './item';
import { testListing } from './listing';
import { testLocation } from './location';
import { testRemoving } from './removing';
import { testWriting } from './writing';

/** The contract of the interface, checked on one backend. */
export function testConformance(subject: Subject): void {
  const bench = new Bench(subject);
  beforeEach(() => bench.begin());
  afterEach(() => bench.end());

  testLocation(bench);
  testListing(bench);
  testItem(bench);
  testWriting(bench);
  testRemoving(bench);
}
