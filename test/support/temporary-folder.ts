import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives a test run a temporary folder of its own: `new App()` without `outdir` leaves an assembly there, in each of some thousand tests.
 * `remove-temporary-folder.ts` takes it away.
 */
export default function (): void {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cdk-datasync-tests-')); // the workers, which start later, inherit it
}
