import { posix } from 'node:path';
import { decorate } from './decorate';
import type { Backend, Item, ItemKind, PosixMetadata } from '../../engine/backend';
import { messageOf } from '../../engine/errors';
import { mapLimit } from '../../engine/pool';
import type { TransferOptions } from '../../engine/request';
import type { LocationType } from '../../model/location';
import { MTIME } from '../object-metadata';
import { ownerNames } from '../owner-names';

/** How a location tells who owns a file and who may use it. An object store keeps whatever it is given. */
type System = 'posix' | 'windows' | 'hadoop' | 'objects';

/** What tells the system of a location. */
type SystemTraits = Pick<LocationType, 'name' | 'posix' | 'windows'>;

/** What the service gives to items from a file system whose owners and permissions mean nothing at the destination. */
const OWNER = { uid: 65534, gid: 65534 };
const MODES: Partial<Record<ItemKind, number>> = { file: 0o644, folder: 0o755 };

/** Items looked up side by side. */
const LOOK_UPS = 48;
/** Links to links to links ... */
const HOPS = 40;

/** The part of a transfer that depends on how each side tells what it knows of its items. */
interface Sides {
  readonly source: Backend;
  readonly options: TransferOptions;
}

/** What the destination gets to see of an item, or why it gets to see nothing, as an error. Of what it has seen already, it sees the same. */
type Translation = (item: Item, real: Backend, signal: AbortSignal) => Item | Promise<Item>;

/** Makes the source look as the destination is to get it, where the two differ in owners and permissions, and in links, and where objects lose their metadata. */
export function translated({ source, options }: Sides, sourceType: SystemTraits, destinationType: SystemTraits): Sides {
  const [from, to] = [systemOf(sourceType), systemOf(destinationType)];
  const translations = [...linkTranslations(from, to), ...metadataTranslations(from, to), ...objectTranslations(from, to, options)];
  return { source: translations.length > 0 ? translatedBy(source, translations) : source, options: { ...options, ...optionsFor(from, to) } };
}

function systemOf({ name, windows, posix: isPosix }: SystemTraits): System {
  if (name === 'HDFS') return 'hadoop';
  if (windows) return 'windows';
  return isPosix ? 'posix' : 'objects';
}

/** The options say nothing of a side that is reached through SMB: what comes from there gets defaults, and nothing can be kept there. */
function optionsFor(from: System, to: System): Partial<TransferOptions> {
  const nobody = { Uid: 'NONE', Gid: 'NONE' } as const;
  const nothing = { ...nobody, PosixPermissions: 'NONE' } as const;
  const everything = { PosixPermissions: 'PRESERVE', Uid: 'INT_VALUE', Gid: 'INT_VALUE' } as const;
  return {
    ...(from === 'windows' && to !== 'windows' && everything),
    ...(to === 'windows' && nothing),
    ...(to === 'hadoop' && nobody), // owned by who writes it
  };
}

function metadataTranslations(from: System, to: System): Translation[] {
  if (from === 'hadoop' && to === 'objects') return [withMetadata(named())];
  const isMeaningless = from === 'windows' ? to !== 'windows' : from === 'hadoop' && to === 'posix';
  return isMeaningless ? [withMetadata((metadata, kind) => ({ ...metadata, ...OWNER, mode: MODES[kind] ?? metadata.mode }))] : [];
}

function linkTranslations(from: System, to: System): Translation[] {
  if (to === 'hadoop') return [skipLinks];
  if (from === 'windows' && to === 'windows') return [followLinks, refuseHardLinks];
  const isBetweenFolders = from !== 'objects' && to !== 'objects';
  return isBetweenFolders && from !== to ? [forgetHardLinks] : [];
}

function objectTranslations(from: System, to: System, { ObjectMetadata }: TransferOptions): Translation[] {
  return from === 'objects' && to === 'objects' && ObjectMetadata === 'NONE' ? [withoutUserMetadata] : [];
}

function withMetadata(change: (metadata: PosixMetadata, kind: ItemKind) => PosixMetadata): Translation {
  return item => item.posix ? { ...item, posix: change(item.posix, item.kind) } : item;
}

/** Names in place of ids; who has none here keeps the id. */
function named(): (metadata: PosixMetadata) => PosixMetadata {
  const names = ownerNames();
  return metadata => {
    const userName = metadata.userName ?? names.users.get(metadata.uid);
    const groupName = metadata.groupName ?? names.groups.get(metadata.gid);
    return { ...metadata, ...(userName && { uid: OWNER.uid, userName }), ...(groupName && { gid: OWNER.gid, groupName }) };
  };
}

const refuseHardLinks: Translation = item => {
  if (item.hardLink !== undefined) throw new Error('a file with several names (hard links) cannot be copied between locations that are reached through SMB');
  return item;
};

/** The names become files of their own. */
const forgetHardLinks: Translation = item => item.hardLink === undefined ? item : { ...item, hardLink: undefined };

/** All that is left is the time: without the rest, an object that was a link is one like any other. */
const withoutUserMetadata: Translation = item => {
  if (!item.object?.user) return item;
  const time = item.object.user[MTIME];
  const user: Record<string, string> = time === undefined ? {} : { [MTIME]: time };
  return { ...item, kind: item.kind === 'symlink' ? 'file' : item.kind, posix: undefined, object: { ...item.object, user } };
};

/** HDFS has no links: they are left out, and stay what they are for whoever tells of them. Which objects are links only their metadata tells. */
const skipLinks: Translation = async (item, real, signal) => {
  const found = item.kind === 'file' && !item.posix && item.object && !item.object.user ? await real.describe(item, signal) : item;
  return found.kind === 'symlink' || found.hardLink !== undefined ? { ...found, placeless: true, hardLink: undefined } : found;
};

/**
 * The file that a link leads to, in place of the link. Every step is looked up as an item of the location, so none leaves it, whatever links
 * and their targets say.
 */
const followLinks: Translation = async (item, real, signal) => {
  const found = await followed(item, real, signal);
  return found === item ? item : { ...found, key: item.key };
};

async function followed(item: Item, real: Backend, signal: AbortSignal): Promise<Item> {
  let found = item;
  for (let hops = 0; found.kind === 'symlink'; hops++) {
    if (hops === HOPS) throw new Error('the link leads to too many other links');
    const target = found.target ?? '';
    const key = posix.join(posix.dirname(found.key), target);
    if (target.startsWith('/') || key.split('/')[0] === '..') throw new Error('the link leads out of the location, which is refused');
    const next = await real.find(key, signal);
    if (!next) throw new Error('the link leads to nothing');
    if (next.kind !== 'file' && next.kind !== 'symlink') throw new Error(`the link leads to a ${next.kind}, not to a file`);
    found = next;
  }
  return found;
}

function translatedBy(real: Backend, translations: readonly Translation[]): Backend {
  const see = async (item: Item, signal: AbortSignal) => {
    let seen = item;
    for (const translate of translations) seen = await translate(seen, real, signal);
    return seen;
  };
  const seeListed = async (item: Item, signal: AbortSignal): Promise<Item> => {
    if (item.error !== undefined) return item;
    try {
      return await see(item, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { ...item, error: messageOf(error) };
    }
  };
  /** Where the content of an item is: elsewhere if it is a link that is followed. */
  const contentOf = async (item: Item, signal: AbortSignal) => {
    return translations.includes(followLinks) ? followed(await real.describe(item, signal), real, signal) : item;
  };
  return decorate(real, {
    origin: undefined, // what is read is not what the store has
    async *list(request) {
      for await (const items of real.list(request)) yield await mapLimit(items, LOOK_UPS, item => seeListed(item, request.signal));
    },
    describe: async (item, signal, withTags) => see(await real.describe(item, signal, withTags), signal),
    find: async (key, signal, version) => {
      const found = await real.find(key, signal, version);
      return found && see(found, signal);
    },
    read: async (item, context) => {
      const content = await real.read(await contentOf(item, context.signal), context);
      return { ...content, item: await see({ ...content.item, key: item.key }, context.signal) };
    },
    sha256: async (item, signal) => real.sha256(await contentOf(item, signal), signal),
  });
}
