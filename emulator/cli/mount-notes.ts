import { printable } from './format';
import type { TaskSummary } from '../console/status';
import { isMountable, mountOf, parseMounts } from '../model/mounts';

/**
 * Says which mounts stand in for no location of these tasks: most likely one of the two is spelled in another way.
 *
 * @param mounts as they were given: beginnings of URIs, and their folders
 */
export function mountNotes(mounts: Readonly<Record<string, string>>, tasks: ReadonlyArray<Pick<TaskSummary, 'source' | 'destination'>>): string[] {
  const uris = [...new Set(tasks.flatMap(({ source, destination }) => [source, destination]))].filter(isMountable);
  const unused = Object.keys(mounts).filter(uri => {
    const own = parseMounts({ [uri]: mounts[uri] });
    return !uris.some(location => mountOf(location, own));
  });
  const found = uris.length === 0 ? 'no task has one that a folder can stand in for' : `there is ${uris.map(printable).sort().join(', ')}`;
  return unused.map(uri => `note: --mount ${printable(uri)}: no location of a task begins like that; ${found}`);
}
