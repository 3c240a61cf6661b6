import { HANDLERS, simulate } from './simulate';
import { scenarioOf, simulateMany, report, shrink } from './simulate-many';

jest.setTimeout(600_000); // of real time, which says nothing about the time that passes in a scenario

const SCENARIOS = 500;
/**
 * Always the same: what a random one found would fail a build without a change. Others:
 * `npx tsx test/task-execution/fault-simulation/run.ts --scenarios 10000 --seed N`.
 */
const SEEDS = [20_260_131, 500_000];

describe('a stack with fake CloudFormation, Lambda, DataSync and Scheduler around the functions', () => {
  test.each(SEEDS)(`keeps every promise in ${SCENARIOS} random scenarios from the seed %d`, async seed => {
    const { first, happened } = await simulateMany(seed, SCENARIOS, HANDLERS, 'any');
    for (const [invariant, broken] of first) throw new Error(report((await shrink(broken, invariant))!));
    // All have been run, so that the counts mean something.
    for (const [what, count] of happened) if (count < SCENARIOS / 50) throw new Error(`only ${count} ${what} in ${SCENARIOS} scenarios`);
    expect(happened.get('successful starts')).toBeGreaterThan(SCENARIOS);
  });

  test('the same seed gives the same scenario and the same timeline again', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const [one, two] = [await simulate(scenarioOf(seed)), await simulate(scenarioOf(seed))];
      expect(two.history.timeline()).toBe(one.history.timeline());
    }
  });
});
