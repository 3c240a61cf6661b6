import type { Filters } from './filter-rules';
import type { Problems } from './problems';
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
