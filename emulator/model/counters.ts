import type { Execution } from './execution';
import type { Counters } from '../engine/outcome';

/** Reported in both modes. */
const COMMON: ReadonlyArray<keyof Counters> = [
  'EstimatedFilesToTransfer', 'EstimatedBytesToTransfer', 'EstimatedFilesToDelete', 'FilesTransferred', 'BytesTransferred', 'BytesCompressed',
  'BytesWritten', 'FilesSkipped', 'FilesVerified', 'FilesDeleted',
];

/** Reported in Enhanced mode only, which counts folders apart. */
const ENHANCED: ReadonlyArray<keyof Counters> = [
  'FilesPrepared', 'EstimatedFoldersToTransfer', 'EstimatedFoldersToDelete', 'FoldersPrepared', 'FoldersTransferred', 'FoldersSkipped',
  'FoldersVerified', 'FoldersDeleted',
];

/** Those of the Enhanced-only counters that are split up. */
const ENHANCED_SPLIT = {
  FilesListed: ['AtSource', 'AtDestinationForDelete'],
  FilesFailed: ['Prepare', 'Transfer', 'Verify', 'Delete'],
  FoldersListed: ['AtSource', 'AtDestinationForDelete'],
  FoldersFailed: ['List', 'Prepare', 'Transfer', 'Verify', 'Delete'],
} as const;

/** The counters that DescribeTaskExecution reports in the mode of the execution; 0 before it was launched. */
export function countersOf({ task, counters: live }: Execution): Partial<Counters> {
  const enhanced = task.mode === 'ENHANCED';
  const counters: Record<string, unknown> = {};
  for (const name of enhanced ? [...COMMON, ...ENHANCED] : COMMON) counters[name] = live?.[name] ?? 0;
  if (enhanced) {
    for (const [name, parts] of Object.entries(ENHANCED_SPLIT)) {
      const split = live?.[name as keyof Counters] as Readonly<Record<string, number>> | undefined;
      counters[name] = Object.fromEntries(parts.map(part => [part, split?.[part] ?? 0]));
    }
  }
  return counters;
}
