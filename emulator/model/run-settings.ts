import type { StartTaskExecutionRequest } from '@aws-sdk/client-datasync';
import type { Filters } from './filters';
import { completeFilters } from './filters';
import { checkPair } from './location-pair';
import type { CompleteOptions } from './options';
import type { RunConfigs } from './run-configs';
import { changedConfigs, checkManifest } from './run-configs';
import type { Task } from './task';
import { effectiveOptions } from './task';

/** The settings of one run. */
export interface RunSettings {
  readonly options: CompleteOptions;
  readonly filters: Filters;
  readonly configs: RunConfigs;
}

/** What a start may change of them, for that run alone. */
export type Overrides = Pick<StartTaskExecutionRequest, 'OverrideOptions' | 'Includes' | 'Excludes' | 'ManifestConfig' | 'TaskReportConfig'>;

/** What a run has of its task. */
type TaskSettings = Pick<Task, 'mode' | 'options' | 'filters' | 'configs'> & { readonly [Side in 'source' | 'destination']: RunLocation };

/** What the rules need to know of a location. */
export type RunLocation = Pick<Task['source'], 'arn' | 'type' | 'agentArns' | 'storageClass'>;

/**
 * The settings of a task, except for those that are overridden.
 *
 * @throws InvalidRequestError when the task cannot be run with them
 */
export function runSettings(task: TaskSettings, overrides: Overrides, hasBuckets: boolean): RunSettings {
  checkPair(task.source, task.destination, task.mode); // what a location is good for, an update may have changed
  const options = effectiveOptions(task, task.options, overrides.OverrideOptions);
  const filters = completeFilters(overrides.Includes ?? task.filters.includes, overrides.Excludes ?? task.filters.excludes);
  const configs = changedConfigs(task.configs, overrides, hasBuckets);
  checkManifest(configs, filters, options);
  return { options, filters, configs };
}
