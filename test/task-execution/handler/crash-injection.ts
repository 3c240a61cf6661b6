import { CALL_TIMEOUT_MS } from '../../../src/custom-resource/invocation';
import type { Services } from '../../../src/task-execution/handler/datasync/services';

/** Where the process crashes: before the call goes out, or when it has had its effect but before its answer is seen. */
export type Moment = 'before' | 'after';

export interface CrashingProcess {
  readonly services: Services;
  /** Resolves with what the process was waiting for when it crashed. */
  readonly crash: Promise<string>;
}

/**
 * Services of a process that crashes at its n-th await of anything outside of it. A crashed process does nothing any more and hears
 * nothing: whatever it awaits never comes back. Awaits of the process's own promises need no crash of their own, because
 * nothing outside can tell them from the next one.
 */
export function crashing(services: Services, n: number, moment: Moment): CrashingProcess {
  let awaits = 0;
  let crashed = false;
  let report: (where: string) => void;
  const crash = new Promise<string>(resolve => { report = resolve; });
  const never = new Promise<never>(() => {});

  const wrap = <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (crashed) return never;
    const last = awaits++ === n;
    const end = () => {
      crashed = true;
      report(`${moment} ${name || (args[0] as object).constructor.name}`);
      return never;
    };
    if (last && moment === 'before') return end();
    try {
      const result = await call(...args);
      if (last) return await end();
      return crashed ? await never : result;
    } catch (error) {
      if (last) return end();
      if (crashed) return never;
      throw error;
    }
  };

  const sleep = wrap('sleep', services.sleep);
  return {
    crash,
    services: {
      ...services,
      datasync: { send: wrap('', services.datasync.send.bind(services.datasync) as never) } as unknown as Services['datasync'],
      stack: wrap('DescribeStacks', services.stack),
      getParameter: wrap('GetParameter', services.getParameter),
      putParameter: wrap('PutParameter', services.putParameter),
      put: wrap('the answer', services.put),
      // A timeout runs beside what it limits: crashing there is crashing at that call.
      sleep: (milliseconds, signal) => (milliseconds >= CALL_TIMEOUT_MS ? services.sleep : sleep)(milliseconds, signal),
    },
  };
}

/**
 * Lets a function crash at every single await, one after the other, before and after; `attempt` prepares the ground, lets
 * the function run with such services, then without, and looks at what came of it.
 *
 * @returns where it crashed
 */
export async function crashEverywhere(attempt: (make: (services: Services) => CrashingProcess) => Promise<string | undefined>): Promise<string[]> {
  const crashes: string[] = [];
  for (const moment of ['before', 'after'] as const) {
    for (let n = 0; ; n++) {
      const crash = await attempt(services => crashing(services, n, moment));
      if (!crash) break; // it came to its end before its n-th await
      crashes.push(crash);
    }
  }
  return crashes;
}
