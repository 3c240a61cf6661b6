import fs from 'node:fs';

type Call = (...args: any[]) => unknown;

/** Whatever takes a path and is called while a folder is listed, copied or deleted. What is open is not affected by what becomes of paths. */
const NAMES = [
  'accessSync', 'appendFileSync', 'chmodSync', 'chownSync', 'lchownSync', 'linkSync', 'lstatSync', 'lutimesSync', 'mkdirSync', 'openSync', 'readdirSync',
  'readFileSync', 'readlinkSync', 'realpathSync', 'renameSync', 'rmdirSync', 'statSync', 'symlinkSync', 'unlinkSync', 'utimesSync', 'writeFileSync',
] as const;

/**
 * Runs something, with `before` called before each file system call with a path that it makes, with the number of the call, its name and the path.
 * Calls made by `before` itself do not count.
 *
 * @returns how many there were
 */
export async function duringCalls(before: (call: number, name: string, path: unknown) => void, act: () => Promise<void>): Promise<number> {
  let calls = 0;
  let isInside = false;
  const spied = <T extends object>(holder: T, name: keyof T) => {
    const original = holder[name] as Call;
    const spy = jest.spyOn(holder as any, name as any).mockImplementation(function (this: unknown, ...args: unknown[]) {
      if (!isInside) {
        isInside = true;
        try {
          before(++calls, String(name), args[0]);
        } finally {
          isInside = false;
        }
      }
      return original.apply(this, args);
    });
    Object.assign(holder[name] as object, original); // `realpathSync.native`
    return spy;
  };
  const spies = [...NAMES.map(name => spied(fs, name)), spied(fs.promises, 'open')];
  try {
    await act();
  } finally {
    spies.forEach(spy => spy.mockRestore());
  }
  return calls;
}
