import type { ManifestConfig, TaskReportConfig } from '@aws-sdk/client-datasync';
import { NotEmulatedError } from '../errors';

/** Members of CreateTask, UpdateTask and StartTaskExecution that would change what a run does. */
interface NotEmulated {
  readonly ManifestConfig?: ManifestConfig;
  readonly TaskReportConfig?: TaskReportConfig;
}

/**
 * Refuses what the emulator would have to fake. An empty structure removes such a setting and passes:
 * there is never one to remove.
 */
export function refuseNotEmulated({ ManifestConfig, TaskReportConfig }: NotEmulated): void {
  if (isSet(ManifestConfig)) throw new NotEmulatedError('ManifestConfig');
  if (isSet(TaskReportConfig)) throw new NotEmulatedError('TaskReportConfig');
}

function isSet(structure: object | undefined): boolean {
  return Object.keys(structure ?? {}).length > 0;
}
