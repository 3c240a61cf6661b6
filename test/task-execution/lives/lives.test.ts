import { HANDLERS, live } from './live';
import { lifeOf, liveMany, report, shrink } from './many';

jest.setTimeout(600_000); // of real time, which says nothing about the time that passes in a life

const LIVES = 500;
/**
 * Always the same, as 2 of 10,000 lives still break a promise (docs/executions.md, "What is left"): a random one would fail one build in ten without
 * a change. Others: `npx tsx test/task-execution/lives/run.ts --lives 10000 --seed N`.
 */
const SEEDS = [20_260_131, 500_000];

describe('a stack with fake CloudFormation, Lambda, DataSync and Scheduler around the functions', () => {
  test.each(SEEDS)(`keeps every promise in ${LIVES} random lives from the seed %d`, async seed => {
    const { first, happened } = await liveMany(seed, LIVES, HANDLERS, 'any');
    for (const [invariant, broken] of first) throw new Error(report((await shrink(broken, invariant))!));
    // All have been lived, so that the counts mean something.
    for (const [what, count] of happened) if (count < LIVES / 50) throw new Error(`only ${count} ${what} in ${LIVES} lives`);
    expect(happened.get('successful starts')).toBeGreaterThan(LIVES);
  });

  test('lives the same life again from the same seed', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const [one, two] = [await live(lifeOf(seed)), await live(lifeOf(seed))];
      expect(two.history.timeline()).toBe(one.history.timeline());
    }
  });
});
