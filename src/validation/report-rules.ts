import type { IConstruct } from 'constructs';
import type { TransferDefinition } from './definition';
import { warn } from './warnings';
import { PreserveDeletedFiles } from '../options';
import type { TaskReport } from '../task-report';

/** Warns of reports that the next execution deletes. */
export function warnOfDeletedReports(
  scope: IConstruct, report: TaskReport | undefined, preserveDeletedFiles: PreserveDeletedFiles | undefined, { destination }: TransferDefinition,
): void {
  if (!report?._place || preserveDeletedFiles !== PreserveDeletedFiles.REMOVE || !destination) return;
  if (!report._place.startsWith(destination.place)) return;
  warn(scope, 'reportsDeleted', 'preserveDeletedFiles "REMOVE" deletes the reports of earlier executions, as they are in the destination and not in the source; '
    + 'write them elsewhere');
}
