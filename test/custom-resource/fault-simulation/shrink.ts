import * as fc from 'fast-check';

/** Scenario n of a seed is scenario 0 of seed + n, so that each can be run again alone. */
export function scenarioOf<Scenario>(any: fc.Arbitrary<Scenario>, seed: number): Scenario {
  return fc.sample(any, { seed, numRuns: 1 })[0];
}

/** Makes the scenario of a seed as small as it gets while it still breaks something; undefined if it breaks nothing. */
export async function shrink<Scenario>(
  any: fc.Arbitrary<Scenario>, seed: number, breaks: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario | undefined> {
  const property = fc.asyncProperty(any, async scenario => !await breaks(scenario));
  const result = await fc.check(property, { seed, numRuns: 1, endOnFailure: false, interruptAfterTimeLimit: 30_000 });
  return result.counterexample?.[0];
}
