import type { Fault, Scenario } from './scenario';
import type { Services } from '../../../../src/agent/activation/handler/services';
import type { InvocationContext } from '../../../../src/custom-resource/invocation';
import { chance } from '../../../task-execution/fault-simulation/chance';
import type { VirtualClock } from '../../../task-execution/fault-simulation/clock';
import { serviceError } from '../../../task-execution/fault-simulation/fake-datasync';

/** Lambda tries an asynchronous invocation twice more, after one and after two minutes. */
const RETRY_AFTER_MS = [60_000, 120_000];

/** What a call of each name does, if nothing is wrong with it. */
export type Effects = (name: string, input: any) => any;
export type Code = (services: Services, context: InvocationContext) => Promise<unknown>;

/** Lambda, and the network between its functions and the services: retries, duplicates, deaths, and the faults of a scenario. */
export class FakeFunctions {
  /** All that leaves the functions but for the key to CreateAgent. */
  public readonly seen: string[] = [];
  public deaths = 0;
  public faults = 0;
  private invocations = 0;
  private events = 0;
  private operation = 0;
  private counts = new Map<string, number>();
  private draws = 0;

  constructor(
    private readonly clock: VirtualClock, private readonly scenario: Scenario, private readonly timeout: number, private readonly effects: Effects,
    private readonly say: (text: string) => void,
  ) {}

  public operationBegins(n: number): void {
    this.operation = n;
    this.counts = new Map();
  }

  /** Delivers an event at least once. */
  public invoke(code: Code): void {
    const plan = this.scenario.deliveries.find(({ event }) => event === this.events);
    this.events++;
    const delay = (plan?.delay ?? 0) * 1000;
    const attempt = (n: number) => {
      this.call(code).catch(() => {
        if (n < RETRY_AFTER_MS.length) this.clock.after(RETRY_AFTER_MS[n], () => attempt(n + 1));
      });
    };
    this.clock.after(delay, () => attempt(0));
    if (plan?.duplicate !== undefined) this.clock.after(delay + plan.duplicate * 1000, () => attempt(0));
  }

  /** Calls the function once; rejects when the process has ended without a result. */
  public call(code: Code): Promise<any> {
    const n = this.invocations++;
    const ends = this.clock.now + this.timeout;
    let isOver = false;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        if (isOver) return;
        isOver = true;
        cancel();
        settle();
      };
      const die = (where: string) => {
        this.deaths++;
        this.say(`invocation ${n} ends ${where}`);
        end(() => reject(Object.assign(new Error(where), { name: 'Lambda.Unknown' })));
      };
      const cancel = this.clock.at(ends, () => die('at its timeout'));
      const context: InvocationContext = {
        awsRequestId: `invocation-${n}`,
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:Activation',
        logGroupName: '/aws/lambda/Activation',
        logStreamName: `stream-${n}`,
        getRemainingTimeInMillis: () => ends - this.clock.now,
      };
      code(this.services(n, () => isOver, die), context).then(result => end(() => resolve(result)), error => end(() => {
        this.say(`invocation ${n} fails: ${error.message}`);
        reject(error);
      }));
    });
  }

  private services(n: number, isOver: () => boolean, die: (where: string) => void): Services {
    const never = new Promise<never>(() => {});
    const deaths = this.scenario.deaths.filter(({ invocation }) => invocation === n);
    let calls = 0;
    const reach = async (name: string, input: any, signal?: AbortSignal): Promise<any> => {
      if (isOver()) return never;
      const nth = calls++;
      const moment = deaths.find(({ call }) => call === nth)?.moment;
      if (moment === 'before') {
        die(`before ${name}`);
        return never;
      }
      const settled = await this.travel(name, input, signal).then(value => ({ value }), error => ({ error }));
      if (moment === 'after' && !isOver()) die(`after ${name}`);
      if (isOver()) return never;
      if ('error' in settled) throw settled.error;
      return settled.value;
    };
    const services: Omit<Services, 'datasync'> = {
      stack: (stackId, signal) => reach('DescribeStacks', stackId, signal),
      states: (operation, input, signal) => reach(operation, input, signal),
      put: (url, body, signal) => reach('answer', { url, body }, signal),
      fetchKey: (_, request, signal) => reach('fetchKey', request, signal),
      endpointInterfaces: () => Promise.reject(new Error('none of these has a VPC endpoint')),
      sleep: (milliseconds, signal) => isOver() ? never : this.clock.sleep(milliseconds, signal),
      now: () => this.clock.now,
      random: () => chance(this.scenario.seed, 'jitter', this.draws++),
      write: line => { this.seen.push(line); },
    };
    const send = ({ constructor: { name }, input }: { constructor: { name: string }; input: object }, options?: { abortSignal?: AbortSignal }) =>
      reach(name.replace(/Command$/, ''), input, options?.abortSignal);
    return { ...services, datasync: { send } as unknown as Services['datasync'] };
  }

  /** There, the effect, and back. */
  private travel(name: string, input: any, signal?: AbortSignal): Promise<any> {
    if (name !== 'CreateAgent') this.seen.push(JSON.stringify(input));
    const fault = this.faultOf(name);
    if (fault) this.faults++;
    const latency = 5 + Math.floor(chance(this.scenario.seed, 'latency', this.draws++) * 120);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      return this.clock.after(latency, () => {
        if (fault === 'hangs before') return;
        const settle = (settled: () => void) => { this.clock.after(latency, settled); };
        if (fault === 'throttled') return settle(() => reject(serviceError('ThrottlingException', 'Rate exceeded')));
        if (fault === 'failed before') return settle(() => reject(serviceError('InternalException', 'internal error', 500)));
        try {
          const value = this.effects(name, input);
          if (fault === 'hangs after') return;
          if (fault === 'failed after') return settle(() => reject(serviceError('InternalException', 'internal error', 500)));
          if (fault === 'cut after') return settle(() => reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })));
          settle(() => resolve(value));
        } catch (error) {
          settle(() => reject(error));
        }
      });
    });
  }

  private faultOf(name: string): Fault | undefined {
    const [count, all] = [this.counts.get(name) ?? 0, this.counts.get('any') ?? 0];
    this.counts.set(name, count + 1).set('any', all + 1);
    return this.scenario.faults.find(({ operation, call, nth, times }) => {
      const at = call === 'any' ? all : count;
      return operation === this.operation && (call === 'any' || call === name) && at >= nth && at < nth + times;
    })?.fault;
  }
}
