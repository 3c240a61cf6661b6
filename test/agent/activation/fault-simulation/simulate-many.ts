import { anyScenario } from './scenario';
import type { Scenario } from './scenario';
import { simulate } from './simulate';
import { scenarioOf as anyScenarioOf, shrink } from '../../../custom-resource/fault-simulation/shrink';

export interface Summary {
  readonly scenarios: number;
  readonly broken: number;
  readonly happened: Map<string, number>;
  /** For people: the first scenario that broke each promise, as small as it gets. */
  readonly reports: string[];
}

export function scenarioOf(seed: number): Scenario {
  return anyScenarioOf(anyScenario, seed);
}

export async function simulateMany(seed: number, scenarios: number): Promise<Summary> {
  const happened = new Map<string, number>();
  const first = new Map<string, number>();
  let count = 0;
  for (let n = 0; n < scenarios; n++) {
    const { broken, happened: these } = await simulate(scenarioOf(seed + n));
    for (const [what, times] of Object.entries(these)) happened.set(what, (happened.get(what) ?? 0) + times);
    if (broken.length > 0) count++;
    for (const promise of broken.map(promiseOf)) if (!first.has(promise)) first.set(promise, seed + n);
  }
  const reports: string[] = [];
  for (const [promise, at] of first) reports.push(await reportOf(at, promise));
  return { scenarios, broken: count, happened, reports };
}

/** Without what it is about. */
function promiseOf(broken: string): string {
  return broken.replace(/:.*/s, '').replace(/ of i-.*/, '');
}

async function reportOf(seed: number, promise: string): Promise<string> {
  const breaks = async (scenario: Scenario) => (await simulate(scenario)).broken.some(broken => promiseOf(broken) === promise);
  const scenario = await shrink(anyScenario, seed, breaks) ?? scenarioOf(seed);
  const { broken, timeline } = await simulate(scenario);
  return [`A scenario broke a promise: npx tsx test/agent/activation/fault-simulation/run.ts --scenarios 1 --seed ${seed}`, ...broken, timeline,
    JSON.stringify(scenario)].join('\n');
}
