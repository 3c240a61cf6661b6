import type { ManifestConfig, TaskReportConfig, TaskSchedule } from '@aws-sdk/client-datasync';
import { NotEmulatedError } from '../errors';

/** Members of CreateTask, UpdateTask and StartTaskExecution that would change what a run does. */
interface NotEmulated {
  readonly Schedule?: TaskSchedule;
  readonly ManifestConfig?: ManifestConfig;
  readonly TaskReportConfig?: TaskReportConfig;
}

/**
 * Refuses what the emulator would have to fake. The values that remove such a setting (an empty expression, an empty structure)
 * pass: there is never one to remove.
 */
export function refuseNotEmulated({ Schedule, ManifestConfig, TaskReportConfig }: NotEmulated): void {
  if (Schedule?.ScheduleExpression) throw new NotEmulatedError('Schedule');
  if (isSet(ManifestConfig)) throw new NotEmulatedError('ManifestConfig');
  if (isSet(TaskReportConfig)) throw new NotEmulatedError('TaskReportConfig');
}

function isSet(structure: object | undefined): boolean {
  return Object.keys(structure ?? {}).length > 0;
}
