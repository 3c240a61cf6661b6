import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';

/** What `temporary-folder.ts` has made. */
export default function (): void {
  const folder = tmpdir();
  if (basename(folder).startsWith('cdk-datasync-tests-')) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
