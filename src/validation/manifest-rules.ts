import type { IConstruct } from 'constructs';
import type { TaskDefinition } from './definition';
import type { Filters } from './filter-rules';
import type { Problems } from './problems';
import { warn } from './warnings';
import type { Options } from '../options';
import { PreserveDeletedFiles } from '../options';

/**
 * Checks what does not go together with a manifest, of a task or of one execution.
 *
 * @param name of the property that has the options
 */
export function checkBesideManifest(problems: Problems, name: 'options' | 'overrideOptions', options: Options, { includes, excludes }: Filters): void {
  for (const [property, filter] of Object.entries({ includes, excludes })) {
    if (filter) problems.add(`${property} beside a manifest`, 'a manifest does not go together with filters', 'leave out the one or the other');
  }
  if (options.preserveDeletedFiles === PreserveDeletedFiles.REMOVE) {
    problems.add(`${name}.preserveDeletedFiles "REMOVE" beside a manifest`, 'nothing is deleted that a manifest does not list', 'use PreserveDeletedFiles.PRESERVE');
  }
}

/** The same of what an execution with a manifest of its own has from its task: what the service makes of that is not documented. */
export function warnOfTaskBesideManifest(scope: IConstruct, own: Options, start: Filters, task: TaskDefinition | undefined): void {
  const filters = (['includes', 'excludes'] as const).filter(name => task?.[name] && !start[name]);
  const removes = (own.preserveDeletedFiles ?? task?.options?.preserveDeletedFiles) === PreserveDeletedFiles.REMOVE;
  const found = [...filters, ...removes && !own.preserveDeletedFiles ? ['options.preserveDeletedFiles "REMOVE"'] : []];
  if (found.length === 0) return;
  warn(scope, 'taskBesideManifest', `the manifest of this execution does not go together with ${found.join(' and ')} of its task, so that the service may `
    + 'refuse the start; use a task without them');
}
