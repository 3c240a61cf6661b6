import { chance } from './chance';
import type { VirtualClock } from './clock';
import type { CallFaults, Fault } from './faults';
import { serviceError } from './service-error';
import { CALL_TIMEOUT_MS } from '../../../src/custom-resource/invocation';

/** An answer that takes longer than any that is normal, and still comes before a caller gives up. */
const SLOW_MS = 12_000;

/** Who is told of the calls that met a fault. */
export interface Caller {
  /** When they were sent, and when no answer to them was expected any more. */
  readonly faults: Array<{ readonly call: string; readonly at: number; readonly until: number }>;
}

/** What stands between the functions and the services: latency, and every fault of a scenario. */
export class Network {
  /** How many calls of each name the present operation of the stack has seen. */
  private counts = new Map<string, number>();
  private operation = 0;
  private operationSince = 0;
  private calls = 0;

  constructor(private readonly clock: VirtualClock, private readonly scenario: CallFaults) {}

  public operationBegins(n: number): void {
    this.operation = n;
    this.operationSince = this.clock.now;
    this.counts = new Map();
  }

  /**
   * One call: there, the effect, and back, with whatever fault is due.
   *
   * @param denied whether IAM lets it through
   */
  public call<T>(by: Caller, name: string, effect: () => T, denied: boolean, signal?: AbortSignal): Promise<T> {
    const fault = this.faultOf(name) ?? (denied ? 'denied' : undefined);
    if (fault && fault !== 'slow') {
      by.faults.push({ call: name, at: this.clock.now, until: this.clock.now + (fault.startsWith('hangs') ? CALL_TIMEOUT_MS : 0) });
    }
    const n = this.calls++;
    const latency = 5 + Math.floor(chance(this.scenario.seed, 'latency', n) * 120);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      const settle = (settled: () => void) => this.clock.after(latency + (fault === 'slow' ? SLOW_MS : 0), settled);
      return this.clock.after(latency, () => {
        const lost = errorBefore(fault, name);
        if (lost) return settle(() => reject(lost));
        if (fault === 'hangs before') return undefined;
        try {
          const result = effect();
          if (fault === 'hangs after') return undefined;
          if (fault === 'failed after') return settle(() => reject(serviceError('InternalException', 'internal error', 500)));
          if (fault === 'cut after') return settle(() => reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })));
          return settle(() => resolve(result));
        } catch (error) {
          return fault === 'hangs after' ? undefined : settle(() => reject(error));
        }
      });
    });
  }

  private faultOf(name: string): Fault | 'denied' | undefined {
    const count = this.counts.get(name) ?? 0;
    const all = this.counts.get('any') ?? 0;
    this.counts.set(name, count + 1).set('any', all + 1);
    const here = ({ operation, call }: { operation: number; call: string }) => operation === this.operation && (call === name || call === 'any');
    const single = this.scenario.faults.find(fault => {
      const n = fault.call === 'any' ? all : count;
      return here(fault) && n >= fault.nth && n < fault.nth + fault.times;
    });
    if (single) return single.fault;
    // An answer's way is S3, which none of the outages is about.
    if (name === 'answer') return undefined;
    const since = (this.clock.now - this.operationSince) / 1000;
    return this.scenario.outages.find(outage => here(outage) && since >= outage.after && since < outage.after + outage.seconds)?.fault;
  }
}

function errorBefore(fault: Fault | 'denied' | undefined, name: string): Error | undefined {
  switch (fault) {
    case 'throttled': return serviceError('ThrottlingException', 'Rate exceeded');
    case 'denied': return serviceError('AccessDeniedException', `not authorized to perform ${name}`);
    case 'failed before': return serviceError('InternalException', 'internal error', 500);
    default: return undefined;
  }
}
