import type { History, Invocation } from './history';
import { isRunOnDelete } from './history';
import { anyScenario, SECOND } from './scenario';
import type { Scenario } from './scenario';
import { HANDLERS, simulate } from './simulate';
import type { Handlers, Simulation } from './simulate';
import { scenarioOf as anyScenarioOf, shrink as shrinkAny } from '../../custom-resource/fault-simulation/shrink';

export interface Found {
  /** `--seed` of this scenario alone. */
  readonly seed: number;
  /** The smallest scenario that still breaks the same promise. */
  readonly scenario: Scenario;
  readonly simulation: Simulation;
}

export interface Summary {
  readonly scenarios: number;
  /** How many scenarios have broken each promise. */
  readonly violations: Map<string, number>;
  readonly violated: number;
  /** How often what can happen has happened. */
  readonly happened: Map<string, number>;
  /** The seed of the first scenario that has broken it, for each promise. */
  readonly first: Map<string, number>;
}

export function scenarioOf(seed: number): Scenario {
  return anyScenarioOf(anyScenario, seed);
}

/** @param until ends after the first scenario that breaks this promise, or any promise with `any` */
export async function simulateMany(seed: number, scenarios: number, handlers: Handlers = HANDLERS, until?: string): Promise<Summary> {
  const violations = new Map<string, number>();
  const first = new Map<string, number>();
  let violated = 0;
  const happened = new Map<string, number>();
  let n = 0;
  for (; n < scenarios && !(until === 'any' ? violated > 0 : until !== undefined && violations.has(until)); n++) {
    const { history, violations: broken } = await simulate(scenarioOf(seed + n), handlers);
    for (const [what, count] of Object.entries(happenedIn(history))) happened.set(what, (happened.get(what) ?? 0) + count);
    const names = new Set(broken.map(({ invariant }) => invariant));
    if (names.size > 0) violated++;
    for (const name of names) {
      violations.set(name, (violations.get(name) ?? 0) + 1);
      if (!first.has(name)) first.set(name, seed + n);
    }
  }
  return { scenarios: n, violations, violated, happened, first };
}

/** A scenario in which nothing happens proves nothing. */
function happenedIn(history: History): Record<string, number> {
  const { requests, linkRequests, invocations, executions, stages, cancellations, refusedStarts, parameterWrites } = history;
  const ours = executions.filter(({ starter }) => starter !== 'others');
  return {
    'requests': requests.length,
    'requests given up': requests.filter(({ givenUpAt }) => givenUpAt !== undefined).length,
    'failed requests': requests.filter(({ answer }) => answer?.Status === 'FAILED').length,
    'successful starts': requests.filter(({ type, answer }) => type !== 'Delete' && answer?.Status === 'SUCCESS').length,
    'rollbacks': stages.filter(({ status }) => status.endsWith('ROLLBACK_IN_PROGRESS')).length,
    'deletions': stages.filter(({ status }) => status === 'DELETE_IN_PROGRESS').length,
    'invocations': invocations.length,
    'scheduled invocations': invocations.filter(({ scheduledTime }) => scheduledTime).length,
    'deaths': invocations.filter(({ end }) => end === 'died').length,
    'calls with a fault': invocations.reduce((sum, { faults }) => sum + faults.length, 0),
    'deliveries at once': requests.filter(request => request.invocations.some((one, n) =>
      request.invocations.some((other, m) => n < m && other.startedAt < (one.endedAt ?? 0)))).length,
    'executions': ours.length,
    'executions of others': executions.length - ours.length,
    'cancellations': cancellations.filter(({ by }) => by !== 'others').length,
    'refused starts': refusedStarts.length,
    'requests to links': linkRequests.length,
    'links that waited': linkRequests.filter(({ invocations: all }) => all.some(({ step }) => step)).length,
    'runs before a deletion': executions.filter(isRunOnDelete).length,
    'requests to a second start': requests.filter(({ logicalId }) => logicalId === SECOND).length,
    'executions of a second start': ours.filter(({ starter }) => (starter as Invocation).request?.logicalId === SECOND).length,
    'steps of waits': invocations.filter(({ step }) => step).length,
    'requests that were waited for': requests.filter(({ answer, invocations: all }) => answer && all.some(({ step }) => step)).length,
    'failed waits': requests.filter(({ answer, invocations: all }) => answer?.Status === 'FAILED' && all.some(({ step }) => step)).length,
    'waits given up': requests.filter(({ givenUpAt, invocations: all }) => givenUpAt !== undefined && all.some(({ step }) => step)).length,
    'writes of the parameter': parameterWrites.length,
  };
}

/** Makes a scenario that breaks a promise as small as it gets while it still breaks it. */
export async function shrink(seed: number, invariant?: string, handlers: Handlers = HANDLERS): Promise<Found | undefined> {
  const breaks = ({ violations }: Simulation) => violations.some(violation => !invariant || violation.invariant === invariant);
  const scenario = await shrinkAny(anyScenario, seed, async smaller => breaks(await simulate(smaller, handlers)));
  return scenario && { seed, scenario, simulation: await simulate(scenario, handlers) };
}

/** A scenario that broke a promise, for people. */
export function report({ seed, scenario, simulation }: Found): string {
  return [
    `A scenario broke a promise. Run it again: npx tsx test/task-execution/fault-simulation/run.ts --scenarios 1 --seed ${seed}`,
    ...simulation.violations.map(({ invariant, message }) => `  ${invariant}: ${message}`),
    'Its timeline, as small as it gets:',
    simulation.history.timeline(),
    `The scenario: ${JSON.stringify(scenario)}`,
  ].join('\n');
}
