import { simulate } from './simulate';
import { scenarioOf, simulateMany } from './simulate-many';

jest.setTimeout(600_000); // of real time, which says nothing about the time that passes in a scenario

const SCENARIOS = 300;
/**
 * Always the same: what a random one found would fail a build without a change. Others:
 * `npx tsx test/agent/activation/fault-simulation/run.ts --scenarios 10000 --seed N`.
 */
const SEED = 500;

describe('an agent on an instance, with fake CloudFormation, Lambda and DataSync around its function', () => {
  test(`keeps every promise in ${SCENARIOS} random scenarios`, async () => {
    const { reports, happened } = await simulateMany(SEED, SCENARIOS);
    if (reports.length > 0) throw new Error(reports.join('\n\n'));
    // All have been run, so that the counts mean something.
    for (const [what, count] of happened) if (count < SCENARIOS / 10) throw new Error(`only ${count} ${what} in ${SCENARIOS} scenarios`);
  });

  test('has the same timeline again with the same seed', async () => {
    for (let seed = 0; seed < 10; seed++) expect((await simulate(scenarioOf(seed))).timeline).toBe((await simulate(scenarioOf(seed))).timeline);
  });
});
