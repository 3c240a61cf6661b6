import type { Backend } from './backend';
import { FatalError, OVERLAP } from './errors';
import type { TransferRequest } from './request';

/**
 * Copying a place into itself never ends well, and with deletions it loses data.
 *
 * @throws FatalError
 */
export async function refuseOverlap({ source, destination, locationNames: names }: TransferRequest): Promise<void> {
  const [ofSource, ofDestination] = await Promise.all([extentsOf(source), extentsOf(destination)]);
  const shared = ofSource.find(one => ofDestination.some(other => one.startsWith(other) || other.startsWith(one)));
  if (shared === undefined) return;
  const [from, to] = [`${names?.source ?? 'source'} (${source.extent})`, `${names?.destination ?? 'destination'} (${destination.extent})`];
  const what = shared === source.extent ? '' : `, as ${shared} shows`;
  throw new FatalError(OVERLAP, `${from} and ${to} are the same, or one is inside the other${what}; they must be apart. Nothing has been copied.`);
}

async function extentsOf(backend: Backend): Promise<readonly string[]> {
  return [backend.extent, ...await backend.extents?.() ?? []];
}
