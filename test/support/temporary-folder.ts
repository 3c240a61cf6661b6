import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a test run a temporary folder of its own: `new App()` without `outdir` leaves an assembly there, in each of some thousand tests.
 * `remove-temporary-folder.ts` takes it away.
 */
export default function (): void {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-datasync-tests-'));
  chmodSync(folder, 0o1777); // some tests run as another user
  process.env.TMPDIR = folder; // the workers, which start later, inherit it
}
