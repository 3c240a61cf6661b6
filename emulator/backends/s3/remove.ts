import { DeleteObjectCommand, DeleteObjectsCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { pages } from './list';
import type { Removal } from '../../engine/backend';
import { messageOf } from '../../engine/errors';
import { mapLimit } from '../../engine/pool';

/** Folders looked into side by side. */
const LOOK_UPS = 16;

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\ufffe\uffff]/;

/**
 * Removes up to 1000 objects; one result per key. The object of a folder stays if anything is left below it that is not to go as well: its
 * metadata is that of the folder.
 */
export async function removeObjects(client: S3Client, bucket: string, keys: readonly string[], signal: AbortSignal): Promise<Removal[]> {
  const folders = new Set(keys.filter(key => key.endsWith('/')));
  const results = await removeAll(client, bucket, keys.filter(key => !folders.has(key)), signal);
  await mapLimit([...folders], LOOK_UPS, async folder => {
    try {
      if (await holdsOthers(client, bucket, folder, folders, signal)) results.set(folder, 'kept');
    } catch (error) {
      results.set(folder, { error: messageOf(error) });
    }
  });
  const empty = await removeAll(client, bucket, [...folders].filter(folder => !results.has(folder)), signal);
  return keys.map(key => results.get(key) ?? empty.get(key) ?? 'removed');
}

/** Does a folder hold anything but folders of a set? */
async function holdsOthers(client: S3Client, bucket: string, folder: string, folders: ReadonlySet<string>, signal: AbortSignal): Promise<boolean> {
  // one key more than there are folders, so that any other shows
  for await (const objects of pages(client, bucket, folder, signal, folders.size + 1)) return objects.some(({ Key }) => !folders.has(Key!));
  return false;
}

/** Gives what could not be removed, and why. */
async function removeAll(client: S3Client, bucket: string, keys: readonly string[], signal: AbortSignal): Promise<Map<string, Removal>> {
  const failures = new Map<string, Removal>();
  // XML has no way to write most control characters: such keys go one by one, in the URL
  const [plain, odd] = [keys.filter(key => !CONTROL.test(key)), keys.filter(key => CONTROL.test(key))];
  try {
    if (plain.length > 0) {
      const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: plain.map(Key => ({ Key })), Quiet: true } });
      const { Errors: failed = [] } = await client.send(command, { abortSignal: signal });
      for (const { Key, Message, Code } of failed) failures.set(Key ?? '', { error: Message ?? Code ?? 'the store refused to delete it' });
    }
  } catch (error) {
    for (const key of plain) failures.set(key, { error: messageOf(error) });
  }
  for (const Key of odd) {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }), { abortSignal: signal })
      .catch((error: unknown) => failures.set(Key, { error: messageOf(error) }));
  }
  return failures;
}
