import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Containers seldom let even root do it. */
const canMount = mayMount();

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** A test that mounts something; where nothing can be mounted, its name says that it was skipped. */
export function testMounted(name: string, body: () => Promise<void>): void {
  if (canMount) test(name, body);
  else test.skip(`${name} (SKIPPED: nothing can be mounted here)`, body);
}

/** Does something while things are mounted, each with arguments of `mount`; the last one is where. */
export async function whileMounted(mounts: readonly string[][], act: () => Promise<void>): Promise<void> {
  const points: string[] = [];
  try {
    for (const args of mounts) {
      execFileSync('mount', args);
      points.unshift(args[args.length - 1]);
    }
    await act();
  } finally {
    for (const point of points) execFileSync('umount', [point]);
  }
}
