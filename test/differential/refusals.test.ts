import fc from 'fast-check';
import type { Exception } from './exceptions';
import { EXCEPTIONS } from './exceptions';
import { Service } from './service';
import type { Verdict } from './synthesis';
import { Synthesis } from './synthesis';
import type { TransferCase } from './transfers';
import { transferCase } from './transfers';

/** Tried in each of two ways; more on demand: `DIFFERENTIAL_RUNS=5000 npx jest test/differential`. */
const RUNS = Number(process.env.DIFFERENTIAL_RUNS ?? 400);
const FIXED_SEED = 20261126;
/** A new one each time. It stands in the name of the test: `DIFFERENTIAL_SEED=... npx jest test/differential` tries the same again. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 31));

let synthesis: Synthesis;
let service: Service;
beforeAll(async () => {
  synthesis = new Synthesis();
  service = await Service.start();
});
afterAll(() => service.close());

/** How each case of a run ended: in agreement, or in an exception of that name. */
type Ending = 'accepted by both' | 'task refused by both' | 'start refused by both' | string;

async function compare(one: TransferCase): Promise<Ending> {
  const verdicts: Record<Exception['refuses'], Verdict> = {
    synthesis: synthesis.verdict(one, service.arnOf), service: await service.verdict(one),
  };
  for (const request of ['task', 'start'] as const) {
    const refusing = (['synthesis', 'service'] as const).filter(side => verdicts[side][request] !== undefined);
    if (refusing.length === 2) return `${request} refused by both`;
    if (refusing.length === 1) {
      const lines = verdicts[refusing[0]][request]!.split('\n');
      const isOne = ({ refuses, says, concerns }: Exception) => refuses === refusing[0] && lines.every(line => says.test(line)) && concerns(one);
      const exception = EXCEPTIONS.find(isOne);
      if (exception) return exception.name;
      throw new Error(`synthesis and emulator differ:\n${JSON.stringify(verdicts, undefined, 2)}`);
    }
  }
  return 'accepted by both';
}

async function tryAll(seed: number): Promise<Map<Ending, number>> {
  const endings = new Map<Ending, number>();
  await fc.assert(fc.asyncProperty(transferCase, async one => {
    const ending = await compare(one);
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
  }), { numRuns: RUNS, seed });
  return endings;
}

test(`synthesis refuses what CreateTask and StartTaskExecution refuse, and nothing else (${RUNS} transfers, seed ${FIXED_SEED})`, async () => {
  const endings = await tryAll(FIXED_SEED);
  // Otherwise the cases would not try much.
  for (const ending of ['accepted by both', 'task refused by both', 'start refused by both']) {
    expect([ending, (endings.get(ending) ?? 0) * 20 > RUNS]).toEqual([ending, true]);
  }
});

test(`synthesis refuses what CreateTask and StartTaskExecution refuse, and nothing else (${RUNS} transfers, seed ${SEED})`, async () => {
  await tryAll(SEED);
});

test.each(EXCEPTIONS)('an exception is still one: $name', async ({ name, example }) => {
  expect(await compare(example)).toBe(name);
});
