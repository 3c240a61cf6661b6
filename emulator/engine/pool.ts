import { setImmediate } from 'node:timers/promises';
import { types } from 'node:util';

/** How long, in ms, tasks may keep the event loop busy before timers, sockets and a cancel get their turn. */
const SLICE = 8;

/** Runs tasks side by side within a limit of tasks and of bytes in flight. Tasks must not reject. */
export class Pool {
  private running = 0;
  private weight = 0;
  private wake: (() => void) | undefined;
  private sliceStart = performance.now();

  constructor(private readonly tasks: number, private readonly bytes: number) {}

  /** Resolves once the task has been started. A task heavier than the whole pool runs alone. */
  public async start(weight: number, task: () => Promise<void>): Promise<void> {
    if (performance.now() - this.sliceStart > SLICE) {
      await setImmediate();
      this.sliceStart = performance.now();
    }
    const counted = Math.min(weight, this.bytes);
    while (this.running >= this.tasks || (this.running > 0 && this.weight + counted > this.bytes)) await this.change();
    this.running++;
    this.weight += counted;
    void task().finally(() => {
      this.running--;
      this.weight -= counted;
      this.wake?.();
    });
  }

  public async drain(): Promise<void> {
    while (this.running > 0) await this.change();
  }

  private change(): Promise<void> {
    return new Promise(resolve => {
      this.wake = resolve;
    });
  }
}

/** `Array.map` with at most `limit` promises at a time, results in order. What is there at once is not waited for: most often that is all. */
export async function mapLimit<T, R>(values: readonly T[], limit: number, map: (value: T) => R | Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(values.length);
  let next = 0;
  const worker = async () => {
    while (next < values.length) {
      const index = next++;
      const result = map(values[index]);
      results[index] = types.isPromise(result) ? await result : result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, values.length) }, worker));
  return results;
}
