import { chance } from './chance';
import type { VirtualClock } from './clock';
import type { CallFaults, Death, Delivery } from './faults';
import type { Caller, Network } from './network';
import type { InvocationContext } from '../../../src/custom-resource/invocation';
import type { CustomResourceServices, StackState, StatesAnswer, StatesOperation } from '../../../src/custom-resource/services';

/** Lambda tries an asynchronous invocation twice more, after one and after two minutes (its developer guide, "error handling"). */
const RETRY_AFTER_MS = [60_000, 120_000];

/** A request that functions are invoked for. */
export interface Asked {
  readonly id: string;
  readonly invocations: Array<FakeInvocation<any>>;
}

/** One execution of the function. */
export interface FakeInvocation<Request extends Asked = Asked> extends Caller {
  readonly n: number;
  readonly request?: Request;
  readonly scheduledTime?: string;
  /** Whether it is a step of a wait. */
  readonly step?: boolean;
  readonly startedAt: number;
  endedAt?: number;
  /** How it ended; undefined as long as it runs. */
  end?: 'returned' | 'threw' | 'died' | 'timed out';
  error?: string;
  result?: unknown;
  /** The last look at the stack: what it said, and when that was true. */
  look?: { readonly status: string; readonly trueAt: number; readonly returnedAt: number };
  /** Answers that this invocation knows to have been taken. */
  acknowledged: number;
}

/** What an event is about, and what goes wrong with it beside what the scenario says of all. */
export interface About<Request extends Asked = Asked> {
  readonly request?: Request;
  /** What waits for the result, which then is not Lambda's business to try again. */
  readonly caller?: { resolve(result: unknown): void; reject(error: Error): void };
  readonly scheduledTime?: string;
  readonly late?: number;
  readonly dies?: number;
}

export type Code<Services> = (services: Services, context: InvocationContext) => Promise<unknown>;

/** One call of a service, there and back, with what is wrong with it. */
export type Reach = <T>(name: string, input: unknown, effect: () => T, signal?: AbortSignal) => Promise<T>;

/** What the functions can reach. */
export interface Surroundings<Request extends Asked> {
  datasync(name: string, input: object, by: FakeInvocation<Request>, sentAt: number): unknown;
  stack(stackId: string): StackState;
  /** @returns the HTTP status */
  answer(url: string, body: string, by: FakeInvocation<Request>): number;
  states(operation: StatesOperation, input: object): StatesAnswer;
  /** Whether the function's policy does not reach this call, or not yet. @default - it does */
  denied?(call: string, input: unknown): boolean;
  /** Services that only these functions call. */
  more(reach: Reach, by: FakeInvocation<Request>): object;
  /** Is told of each line of a log. */
  write?(line: string, by: FakeInvocation<Request>): void;
}

export interface LambdaOptions<Request extends Asked> {
  readonly scenario: CallFaults & { readonly deaths: readonly Death[]; readonly deliveries: readonly Delivery[] };
  readonly network: Network;
  /** How long a function may take, in milliseconds. */
  readonly timeout: number;
  /** Whether each event is delivered once and at once, as by an emulator. @default false */
  readonly isOnce?: boolean;
  /** Gets all invocations. */
  readonly invocations: Array<FakeInvocation<Request>>;
  say(text: string): void;
}

/** Lambda with asynchronous invocations: queue, duplicates, deaths, timeouts, retries. */
export class FakeLambda<Request extends Asked, Services extends CustomResourceServices> {
  private events = 0;

  constructor(
    private readonly clock: VirtualClock, private readonly options: LambdaOptions<Request>, private readonly surroundings: Surroundings<Request>,
  ) {}

  /** Takes an event; what becomes of it is Lambda's business. */
  public invoke(code: Code<Services>, about: About<Request> = {}): void {
    const event = this.events++;
    const { scenario, isOnce } = this.options;
    const plan = isOnce ? undefined : scenario.deliveries.find(delivery => delivery.event === event);
    const id = `00000000-0000-4000-9000-${String(event).padStart(12, '0')}`;
    const delay = ((plan?.delay ?? 0) + (about.late ?? 0)) * 1000;
    this.clock.after(delay, () => this.attempt(code, about, id, 0));
    if (plan?.duplicate !== undefined) this.clock.after(delay + plan.duplicate * 1000, () => this.attempt(code, about, id, 0));
  }

  /** Calls a function and gives what it returns, as Step Functions does. */
  public call(code: Code<Services>, request?: Request): Promise<any> {
    const id = `step-${this.options.invocations.length}`;
    return new Promise((resolve, reject) => this.attempt(code, { request, caller: { resolve, reject } }, id, 0));
  }

  private attempt(code: Code<Services>, about: About<Request>, id: string, attempt: number): void {
    const { invocations, scenario, timeout: limit, isOnce } = this.options;
    const n = invocations.length;
    const { request, scheduledTime, dies, caller } = about;
    const invocation: FakeInvocation<Request> = {
      n, request, scheduledTime, step: caller !== undefined, startedAt: this.clock.now, acknowledged: 0, faults: [],
    };
    invocations.push(invocation);
    request?.invocations.push(invocation);
    this.options.say(`Lambda: invocation ${n} begins, of ${request?.id ?? scheduledTime}${attempt ? `, retry ${attempt}` : ''}`);

    const end = (how: NonNullable<FakeInvocation['end']>, error?: string) => {
      if (invocation.end) return;
      invocation.end = how;
      invocation.endedAt = this.clock.now;
      invocation.error = error;
      if (how !== 'returned') this.options.say(`Lambda: invocation ${n} ${how}${error ? `: ${error}` : ''}`);
      if (caller && how !== 'returned') caller.reject(Object.assign(new Error(error), { name: how === 'threw' ? 'Error' : 'Runtime.ExitError' }));
      if (caller) return;
      if (how !== 'returned' && !isOnce && attempt < RETRY_AFTER_MS.length) {
        this.clock.after(RETRY_AFTER_MS[attempt], () => this.attempt(code, about, id, attempt + 1));
      }
    };
    const timeout = this.clock.after(limit, () => end('timed out'));
    const deaths: Array<{ readonly call: number; readonly moment: string }> = scenario.deaths.filter(death => death.invocation === n);
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
    const deadline = this.clock.now + this.options.timeout;
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
    invocation: FakeInvocation<Request>, deaths: ReadonlyArray<{ readonly call: number; readonly moment: string }>, end: (how: 'died', where: string) => void,
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
    const { network, scenario } = this.options;
    const reach: Reach = (name, input, effect, signal) => unlessKilled(name, () =>
      network.call(invocation, name, effect, this.surroundings.denied?.(name, input) ?? false, signal));

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
          return reach(name, command.input, () => this.surroundings.datasync(name, command.input, invocation, sentAt), options?.abortSignal);
        },
      },
      stack,
      states: (operation: StatesOperation, input: object, signal: AbortSignal) =>
        reach(operation, input, () => this.surroundings.states(operation, input), signal),
      put: async (url: string, body: string, signal: AbortSignal) => {
        const status = await reach('answer', url, () => this.surroundings.answer(url, body, invocation), signal);
        if (status < 300) invocation.acknowledged++;
        return status;
      },
      sleep: (milliseconds: number, signal: AbortSignal) => unlessKilled('sleep', () => this.clock.sleep(milliseconds, signal)),
      now: () => this.clock.now,
      random: () => chance(scenario.seed, 'jitter', invocation.n, random++),
      write: (line: string) => this.surroundings.write?.(line, invocation),
      ...this.surroundings.more(reach, invocation),
    };
    return services as unknown as Services;
  }
}
