import type { Backend, Item } from './backend';
import { messageOf } from './errors';
import { mapLimit } from './pool';

/** Items looked up side by side; stores that need requests for it answer each in milliseconds. */
const LOOK_UPS = 48;

/** One file or object that a manifest lists. Plain JSON, so that it can be kept on disk. */
export interface ManifestEntry {
  readonly key: string;
  /** Of an object. */
  readonly version?: string;
  /** The line of the manifest. */
  readonly line: number;
  /** Why it cannot be transferred, whatever is at the source. */
  readonly error?: string;
}

/** What to transfer, and nothing else. */
export interface Manifest {
  /** Called once, before anything is listed. Rejects with a `FatalError` when the manifest cannot be read. */
  load(signal: AbortSignal): Promise<void>;
  /** In the byte order of keys, each key once, in batches. May be read again. */
  entries(): Iterable<ManifestEntry[]>;
  close(): void;
}

/** The code of an entry without a file or object. */
const MISSING = 'ManifestFileDoesNotExist';

/** Looks up what a manifest lists, in place of a listing of the source. The folders above come along where the destination needs them. */
export async function* listSource(source: Backend, manifest: Manifest, withFolders: boolean, signal: AbortSignal): AsyncGenerator<Item[]> {
  const folders = withFolders ? new Folders(source, signal) : undefined;
  for (const entries of manifest.entries()) {
    signal.throwIfAborted();
    const found = await mapLimit(entries, LOOK_UPS, entry => lookUpAtSource(source, entry, signal));
    yield folders ? await folders.above(found) : found;
  }
}

/** The counterparts of what a manifest lists, as far as there are any. */
export async function* listDestination(destination: Backend, manifest: Manifest, withFolders: boolean, signal: AbortSignal): AsyncGenerator<Item[]> {
  const folders = withFolders ? new Folders(destination, signal) : undefined;
  for (const entries of manifest.entries()) {
    signal.throwIfAborted();
    const sound = entries.filter(({ error }) => error === undefined);
    const found = (await mapLimit(sound, LOOK_UPS, ({ key }) => lookUp(destination, key, signal))).filter(item => item !== undefined);
    yield folders ? await folders.above(found) : found;
  }
}

async function lookUpAtSource(source: Backend, { key, version, line, error }: ManifestEntry, signal: AbortSignal): Promise<Item> {
  const failed = (errorCode: string, text: string): Item => ({ key, kind: 'file', size: 0, error: text, errorCode });
  if (error !== undefined) return failed('ManifestEntryInvalid', error);
  const found = await lookUp(source, key, signal, version);
  if (!found) return failed(MISSING, `line ${line} of the manifest lists it, and it does not exist at the source${version ? ' in that version' : ''}`);
  return found.kind === 'folder' ? failed('ManifestEntryInvalid', `line ${line} of the manifest is a folder; list the files in it`) : found;
}

async function lookUp(backend: Backend, key: string, signal: AbortSignal, version?: string): Promise<Item | undefined> {
  try {
    return await backend.find(key, signal, version);
  } catch (error) {
    signal.throwIfAborted();
    return { key, kind: 'file', size: 0, error: messageOf(error) };
  }
}

/** The folders above a run of items in order, each once, those that exist. */
class Folders {
  private open: string[] = [];

  constructor(private readonly backend: Backend, private readonly signal: AbortSignal) {}

  public async above(items: readonly Item[]): Promise<Item[]> {
    const all: Item[] = [];
    for (const item of items) {
      while (this.open.length > 0 && !item.key.startsWith(this.open[this.open.length - 1])) this.open.pop();
      if (item.error === undefined) {
        const known = this.open[this.open.length - 1] ?? '';
        for (let slash = item.key.indexOf('/', known.length); slash >= 0; slash = item.key.indexOf('/', slash + 1)) {
          const key = item.key.slice(0, slash + 1);
          this.open.push(key);
          all.push(await lookUp(this.backend, key, this.signal) ?? { key, kind: 'folder', size: 0, implicit: true });
        }
      }
      all.push(item);
    }
    return all;
  }
}
