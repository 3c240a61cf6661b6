import { Requests } from './custom-resource';
import { FakeCloudFormation } from './fake-cloudformation';
import { FakeDataSync } from './fake-datasync';
import { FakeScheduler } from './fake-scheduler';
import { History, short } from './history';
import type { Request } from './history';
import { invariants } from './invariants';
import type { Scenario } from './scenario';
import type { WaitStep } from '../../../src/custom-resource/waiter/contract';
import { waiterDefinition } from '../../../src/custom-resource/waiter/definition';
import type { Services } from '../../../src/task-execution/handler/datasync/services';
import { handleEvent, handleStep } from '../../../src/task-execution/handler/deploy';
import { handleSchedule } from '../../../src/task-execution/handler/schedule';
import { VirtualClock } from '../../custom-resource/fault-simulation/clock';
import { FakeLambda } from '../../custom-resource/fault-simulation/fake-lambda';
import { Network } from '../../custom-resource/fault-simulation/network';
import { FakeStateMachine } from '../../custom-resource/waiter/fake-state-machine';

const BEGIN = Date.UTC(2026, 0, 31, 12);
/** The timeout of the construct's functions. */
const FUNCTION_MS = 15 * 60_000;
/** Longer than the last delivery can be in Lambda's queue, and be retried, and run. */
const AFTERMATH_MS = 8 * 3_600_000;

export type Lambda = FakeLambda<Request, Services>;

/** The code that a scenario is run with. */
export interface Handlers {
  readonly handleEvent: typeof handleEvent;
  readonly handleStep: typeof handleStep;
  readonly handleSchedule: typeof handleSchedule;
}

export const HANDLERS: Handlers = { handleEvent, handleStep, handleSchedule };

export interface Violation {
  readonly invariant: string;
  readonly message: string;
}

export interface Simulation {
  readonly history: History;
  readonly violations: Violation[];
}

/** Runs one scenario in virtual time and judges it. */
export async function simulate(scenario: Scenario, handlers: Handlers = HANDLERS): Promise<Simulation> {
  const clock = new VirtualClock(BEGIN);
  const history = new History(clock);
  const network = new Network(clock, scenario);
  const datasync = new FakeDataSync(clock, history, scenario);
  const requests = new Requests(clock, history, scenario, handlers.handleEvent);
  const cloudformation = new FakeCloudFormation(clock, history, scenario, network, datasync, requests);
  const machines = new Map<string, FakeStateMachine>();
  const machineOf = (arn: string): FakeStateMachine => {
    const requestOf = (step: WaitStep) => [...history.requests, ...history.linkRequests].find(({ id }) => id === step.Wait.Request.RequestId);
    const take = (step: WaitStep) => lambda.call((services, context) => handlers.handleStep(step, context, services), requestOf(step));
    const machine = machines.get(arn) ?? new FakeStateMachine(clock, waiterDefinition('arn:function'), take, arn);
    machines.set(arn, machine);
    return machine;
  };
  const lambda: Lambda = new FakeLambda(clock, {
    scenario,
    network,
    timeout: FUNCTION_MS,
    isOnce: !scenario.cloudformation.dated, // an event without a date comes from an emulator
    invocations: history.invocations,
    say: text => history.say(short(text)),
  }, {
    datasync: (name, input, by, sentAt) => datasync.send(name, input, by, sentAt),
    stack: stackId => cloudformation.describe(stackId),
    answer: (_, body, by) => requests.answer(body, by),
    states: (operation, input) => {
      const { stateMachineArn, executionArn } = input as { stateMachineArn?: string; executionArn?: string };
      return machineOf(stateMachineArn ?? executionArn!.replace(/:execution:/, ':stateMachine:').replace(/:[^:]*$/, '')).call(operation, input);
    },
    denied: (call, input) => cloudformation.denied(call, input),
    more: (reach, by) => ({
      putParameter: (name: string, value: string, signal: AbortSignal) => reach('PutParameter', name, () => scheduler.putParameter(value, by), signal),
      getParameter: (name: string, signal: AbortSignal) => reach('GetParameter', name, () => scheduler.getParameter(name), signal),
    }),
    write: (line, { n, end }) => {
      if (process.env.SIMULATION_LOG && !end) history.say(`   log of ${n}: ${line}`);
    },
  });
  const scheduler: FakeScheduler = new FakeScheduler(clock, history, scenario, lambda, handlers.handleSchedule);
  requests.lambda = lambda;
  scheduler.start(() => cloudformation.currentTask);

  let error: unknown;
  cloudformation.operateAll().catch(thrown => { error = thrown; });
  await clock.runUntil(() => cloudformation.finished || error !== undefined);
  if (error) throw error;
  if (!cloudformation.finished) throw new Error(`the scenario stands still:\n${history.timeline()}`);
  const end = clock.now + AFTERMATH_MS;
  let over = false;
  clock.at(end, () => { over = true; });
  await clock.runUntil(() => over);

  const violations = Object.entries(invariants).flatMap(([invariant, violated]) =>
    violated({ history, scenario, now: clock.now, parameter: scheduler.parameter }).map(message => ({ invariant, message })));
  return { history, violations };
}
