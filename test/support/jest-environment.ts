import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

/** All that was used since the last test file ended. */
const used = new Set<AsyncLocalStorage<unknown>>();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (this: AsyncLocalStorage<unknown>, ...args: Parameters<typeof run>) {
  used.add(this);
  return run.apply(this, args);
} as typeof run;

/**
 * The environment of Node.js, less what each test file would leave in it. Jest makes an `AsyncLocalStorage` for each file and never switches it
 * off; until Node.js 24 each one that is on makes every promise of the process slower, so that the hundredth file took ten times as long.
 */
export default class extends TestEnvironment {
  public override async teardown(): Promise<void> {
    for (const storage of used) storage.disable();
    used.clear();
    await super.teardown();
  }
}
