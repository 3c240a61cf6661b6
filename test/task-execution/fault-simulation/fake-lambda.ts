import { chance } from './chance';
import type { VirtualClock } from './clock';
import type { FakeDataSync } from './fake-datasync';
import type { History, Invocation, Request } from './history';
import { short } from './history';
import type { Network } from './network';
import type { Scenario } from './scenario';
import type { InvocationContext } from '../../../src/custom-resource/invocation';
import type { StackState, StatesAnswer, StatesOperation } from '../../../src/custom-resource/services';
import type { KeptParameter, Services } from '../../../src/task-execution/handler/datasync/services';

/** The timeout of the construct's functions. */
const FUNCTION_MS = 15 * 60_000;
/** Lambda tries an asynchronous invocation twice more, after one and after two minutes (its developer guide, "error handling"). */
const RETRY_AFTER_MS = [60_000, 120_000];

/** What an event is about, and what goes wrong with it beside what the scenario says of all. */
export interface About {
  readonly request?: Request;
  /** What waits for the result, which then is not Lambda's business to try again. */
  readonly caller?: { resolve(result: unknown): void; reject(error: Error): void };
  readonly scheduledTime?: string;
  readonly late?: number;
  readonly dies?: number;
}

export type Code = (services: Services, context: InvocationContext) => Promise<unknown>;

/** What the functions can reach beside DataSync. */
export interface Surroundings {
  stack(stackId: string): StackState;
  /** @returns the HTTP status */
  answer(url: string, body: string, by: Invocation): number;
  states(operation: StatesOperation, input: object): StatesAnswer;
  putParameter(name: string, value: string, by: Invocation): void;
  getParameter(name: string): KeptParameter | undefined;
  /** Whether the function's policy does not reach this call, or not yet. */
  denied(call: string, input: unknown): boolean;
}

/** Lambda with asynchronous invocations: queue, duplicates, deaths, timeouts, retries. */
export class FakeLambda {
  private events = 0;

  constructor(
    private readonly clock: VirtualClock, private readonly history: History, private readonly scenario: Scenario,
    private readonly network: Network, private readonly datasync: FakeDataSync, private readonly surroundings: Surroundings,
  ) {}

  /** Takes an event; what becomes of it is Lambda's business. */
  public invoke(code: Code, about: About): void {
    const event = this.events++;
    // An event without a date comes from an emulator, and theirs calls the function once and at once.
    const plan = this.scenario.cloudformation.dated ? this.scenario.deliveries.find(delivery => delivery.event === event) : undefined;
    const id = `00000000-0000-4000-9000-${String(event).padStart(12, '0')}`;
    const delay = ((plan?.delay ?? 0) + (about.late ?? 0)) * 1000;
    this.clock.after(delay, () => this.attempt(code, about, id, 0));
    if (plan?.duplicate !== undefined) this.clock.after(delay + plan.duplicate * 1000, () => this.attempt(code, about, id, 0));
  }

  /** Calls a function and gives what it returns, as Step Functions does. */
  public call(code: Code, request: Request | undefined): Promise<any> {
    return new Promise((resolve, reject) => this.attempt(code, { request, caller: { resolve, reject } }, `step-${this.history.invocations.length}`, 0));
  }

  private attempt(code: Code, about: About, id: string, attempt: number): void {
    const n = this.history.invocations.length;
    const { request, scheduledTime, dies, caller } = about;
    const invocation: Invocation = { n, request, scheduledTime, step: caller !== undefined, startedAt: this.clock.now, acknowledged: 0, faults: [] };
    this.history.invocations.push(invocation);
    request?.invocations.push(invocation);
    this.history.say(`Lambda: invocation ${n} begins, of ${request ? short(request.id) : scheduledTime}${attempt ? `, retry ${attempt}` : ''}`);

    const end = (how: NonNullable<Invocation['end']>, error?: string) => {
      if (invocation.end) return;
      invocation.end = how;
      invocation.endedAt = this.clock.now;
      invocation.error = error;
      if (how !== 'returned') this.history.say(`Lambda: invocation ${n} ${how}${error ? `: ${error}` : ''}`);
      if (caller && how !== 'returned') caller.reject(Object.assign(new Error(error), { name: how === 'threw' ? 'Error' : 'Runtime.ExitError' }));
      if (caller) return;
      if (how !== 'returned' && this.scenario.cloudformation.dated && attempt < RETRY_AFTER_MS.length) {
        this.clock.after(RETRY_AFTER_MS[attempt], () => this.attempt(code, about, id, attempt + 1));
      }
    };
    const timeout = this.clock.after(FUNCTION_MS, () => end('timed out'));
    const deaths: Array<{ readonly call: number; readonly moment: string }> = this.scenario.deaths.filter(death => death.invocation === n);
    if (dies !== undefined && attempt === 0) deaths.push({ call: dies, moment: 'after' });
    code(this.servicesOf(invocation, deaths, end), this.contextOf(id, n)).then(
      result => {
        timeout();
        if (!invocation.end) caller?.resolve(result);
        invocation.result = result;
        end('returned');
      },
      (error: Error) => {
        timeout();
        end('threw', error?.message ?? String(error));
      },
    );
  }

  private contextOf(awsRequestId: string, n: number): InvocationContext {
    const deadline = this.clock.now + FUNCTION_MS;
    return {
      awsRequestId,
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
      logGroupName: '/aws/lambda/App-Starter',
      logStreamName: `stream-${n}`,
      getRemainingTimeInMillis: () => deadline - this.clock.now,
    };
  }

  /** The services of one process. It can die at any call; a dead process does nothing any more and hears nothing. */
  private servicesOf(
    invocation: Invocation, deaths: ReadonlyArray<{ readonly call: number; readonly moment: string }>, end: (how: 'died', where: string) => void,
  ): Services {
    const never = new Promise<never>(() => {});
    let calls = 0;
    const unlessKilled = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
      if (invocation.end) return never;
      const n = calls++;
      const moment = deaths.find(death => death.call === n)?.moment;
      if (moment === 'before') {
        end('died', `before ${name}`);
        return never;
      }
      try {
        const result = await call();
        if (moment) end('died', `after ${name}`);
        return invocation.end ? await never : result;
      } catch (error) {
        if (moment) end('died', `after ${name}`);
        if (invocation.end) return never;
        throw error;
      }
    };
    const reach = <T>(name: string, input: unknown, effect: () => T, signal?: AbortSignal) => unlessKilled(name, () =>
      this.network.call(invocation, name, effect, this.surroundings.denied(name, input), signal));

    let random = 0;
    const stack = async (stackId: string, signal?: AbortSignal) => {
      let trueAt = 0;
      const answer = await reach('DescribeStacks', stackId, () => {
        trueAt = this.clock.now;
        return this.surroundings.stack(stackId);
      }, signal);
      invocation.look = { status: answer.status, trueAt, returnedAt: this.clock.now };
      return answer;
    };
    const services = {
      datasync: {
        send: (command: { constructor: { name: string }; input: object }, options?: { abortSignal?: AbortSignal }) => {
          const name = command.constructor.name.replace(/Command$/, '');
          const sentAt = this.clock.now;
          return reach(name, command.input, () => this.datasync.send(name, command.input, invocation, sentAt), options?.abortSignal);
        },
      },
      stack,
      states: (operation: StatesOperation, input: object, signal: AbortSignal) =>
        reach(operation, input, () => this.surroundings.states(operation, input), signal),
      putParameter: (name: string, value: string, signal: AbortSignal) =>
        reach('PutParameter', name, () => this.surroundings.putParameter(name, value, invocation), signal),
      getParameter: (name: string, signal: AbortSignal) => reach('GetParameter', name, () => this.surroundings.getParameter(name), signal),
      put: async (url: string, body: string, signal: AbortSignal) => {
        const status = await reach('answer', url, () => this.surroundings.answer(url, body, invocation), signal);
        if (status < 300) invocation.acknowledged++;
        return status;
      },
      sleep: (milliseconds: number, signal: AbortSignal) => unlessKilled('sleep', () => this.clock.sleep(milliseconds, signal)),
      now: () => this.clock.now,
      random: () => chance(this.scenario.seed, 'jitter', invocation.n, random++),
      write: (line: string) => {
        if (process.env.SIMULATION_LOG && !invocation.end) this.history.say(`   log of ${invocation.n}: ${line}`);
      },
    };
    return services as unknown as Services;
  }
}
