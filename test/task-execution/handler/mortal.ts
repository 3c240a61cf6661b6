import { CALL_TIMEOUT_MS } from '../../../src/task-execution/handler/run';
import type { Services } from '../../../src/task-execution/handler/services';

/** Where the process dies: before the call goes out, or when it has had its effect but before its answer is seen. */
export type Moment = 'before' | 'after';

export interface Mortal {
  readonly services: Services;
  /** Resolves with what the process was waiting for when it died. */
  readonly death: Promise<string>;
}

/**
 * Services of a process that dies at its n-th await of anything outside of it. A dead process does nothing any more and hears
 * nothing: whatever it awaits never comes back. Awaits of the process's own promises need no death of their own, because
 * nothing outside can tell them from the next one.
 */
export function mortal(services: Services, n: number, moment: Moment): Mortal {
  let awaits = 0;
  let dead = false;
  let die: (where: string) => void;
  const death = new Promise<string>(resolve => { die = resolve; });
  const never = new Promise<never>(() => {});

  const wrap = <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (dead) return never;
    const last = awaits++ === n;
    const end = () => {
      dead = true;
      die(`${moment} ${name || (args[0] as object).constructor.name}`);
      return never;
    };
    if (last && moment === 'before') return end();
    try {
      const result = await call(...args);
      if (last) return await end();
      return dead ? await never : result;
    } catch (error) {
      if (last) return end();
      if (dead) return never;
      throw error;
    }
  };

  const sleep = wrap('sleep', services.sleep);
  return {
    death,
    services: {
      ...services,
      datasync: { send: wrap('', services.datasync.send.bind(services.datasync) as never) } as unknown as Services['datasync'],
      stack: wrap('DescribeStacks', services.stack),
      getParameter: wrap('GetParameter', services.getParameter),
      putParameter: wrap('PutParameter', services.putParameter),
      put: wrap('the answer', services.put),
      // A timeout runs beside what it limits: dying there is dying at that call.
      sleep: (milliseconds, signal) => (milliseconds >= CALL_TIMEOUT_MS ? services.sleep : sleep)(milliseconds, signal),
    },
  };
}

/**
 * Lets a function die at every single await, one after the other, before and after; `attempt` prepares the ground, lets
 * the function run with mortal services, then without, and looks at what came of it.
 *
 * @returns where it died
 */
export async function dieEverywhere(attempt: (make: (services: Services) => Mortal) => Promise<string | undefined>): Promise<string[]> {
  const deaths: string[] = [];
  for (const moment of ['before', 'after'] as const) {
    for (let n = 0; ; n++) {
      const death = await attempt(services => mortal(services, n, moment));
      if (!death) break; // it came to its end before its n-th await
      deaths.push(death);
    }
  }
  return deaths;
}
