import type { BlockBlobClient } from '@azure/storage-blob';
import type { Connection } from './client';
import { readBlob } from './download';
import { fromBlob, toBlobMetadata, toHeaders } from './metadata';
import { putBuffer, putStream, SINGLE_BLOCK_BYTES } from './upload';
import type { BlobSettings } from './upload';
import type { Backend, Content, Item, ItemKind, ListRequest, ReadContext, Removal, WriteContext } from '../../engine/backend';
import { collect, sha256Of } from '../../engine/content';
import { LocationError, messageOf } from '../../engine/errors';
import { mapLimit } from '../../engine/pool';
import { FolderTracker } from '../implied-folders';
import { describeSource, hashed, objectMetadata, readSource } from '../object-source';

export interface AzureBlobOptions {
  /** Endpoint that speaks Azure Blob, addressed in path style: `<endpoint>/<account>/<container>`. @default - Azure itself, at `host` */
  readonly endpoint?: string;
  /** Where Azure has the account. @default `<account>.blob.core.windows.net` */
  readonly host?: string;
  readonly account: string;
  readonly container: string;
  /** Everything below these folders is the location. */
  readonly folders: readonly string[];
  /** @default - requests are anonymous */
  readonly sasToken?: string;
  /** What to do when access is refused. @default - it is not said */
  readonly remedy?: string;
  /** Blobs asked for at a time. @default - as many as the store gives */
  readonly pageSize?: number;
}

/** Opens a container with a flat namespace, or a part of one, as a location. */
export function openAzureBlob(options: AzureBlobOptions): Backend {
  return new AzureBlobBackend(options);
}

const DELETIONS = 16;

/** Tiers whose blobs the service does not read. */
const UNREADABLE: Readonly<Record<string, string>> = {
  Archive: 'the blob is in the archive tier: rehydrate it to the hot or cool tier',
  Cold: 'the blob is in the cold tier, which is not supported: move it to the hot or cool tier',
};

/** Codes of whatever does not let in. */
const REFUSED = /^(Auth|NoAuth|InvalidAuth|PublicAccess)/;

/** Azure makes a slash of a backslash, and takes no control characters. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const IMPOSSIBLE = /[\\\u0000-\u001f\u007f\ufffe\uffff]/;

class AzureBlobBackend implements Backend {
  public readonly kind = 'objects';
  /** A flat namespace knows blobs and nothing else. */
  public readonly lacks: readonly ItemKind[] = ['folder', 'symlink'];
  public readonly keepsOwner = true;
  private readonly prefix: string;
  private connection?: Connection;

  constructor(private readonly options: AzureBlobOptions) {
    this.prefix = options.folders.map(folder => `${folder}/`).join('');
  }

  public get extent(): string {
    return `${this.url}/${this.prefix}`;
  }

  public async access(): Promise<void> {
    const { sasToken } = this.options;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- at the start it would cost more time than all the rest
    const { connect } = require('./client') as typeof import('./client');
    this.connection ??= connect(`${this.url}${sasToken ? `?${sasToken}` : ''}`);
    try {
      await this.container.listBlobsFlat({ prefix: this.prefix }).byPage({ maxPageSize: 1 }).next();
    } catch (error) {
      throw this.unusable(error);
    }
  }

  public async *list({ signal, filter }: ListRequest): AsyncGenerator<Item[]> {
    const tracker = new FolderTracker();
    try {
      yield [{ key: '', kind: 'folder', size: 0, implicit: true, bare: true }];
      for (const below of filter.keyPrefixes()) {
        const blobs = this.container.listBlobsFlat({ prefix: this.prefix + below, includeMetadata: true, abortSignal: signal });
        for await (const { segment } of blobs.byPage({ maxPageSize: this.options.pageSize })) {
          const items: Item[] = [];
          for (const { name, metadata, properties } of segment.blobItems) {
            const key = name.slice(this.prefix.length);
            if (key !== '') items.push(...await tracker.items(fromBlob(key, { metadata, ...properties })));
          }
          yield items;
        }
      }
    } catch (error) {
      signal.throwIfAborted();
      throw this.unusable(error);
    }
  }

  public async describe(item: Item, signal: AbortSignal, withTags = false): Promise<Item> {
    const found = item.implicit ? undefined : await this.lookUp(item.key, signal, withTags);
    if (found) return { ...found, writtenSha256: item.writtenSha256 };
    if (item.kind === 'folder') return { ...item, implicit: true };
    throw new Error('does not exist any more');
  }

  public find(key: string, signal: AbortSignal): Promise<Item | undefined> {
    return this.lookUp(key, signal, false);
  }

  public unreadable(item: Item): string | undefined {
    return UNREADABLE[item.object?.storageClass ?? ''];
  }

  public async read(item: Item, context: ReadContext): Promise<Content> {
    const problem = this.unreadable(item);
    if (problem) throw new Error(problem);
    return readBlob(this.blob(item.key), item.key, context).catch(error => { throw shorten(error); });
  }

  public async sha256(item: Item, signal: AbortSignal): Promise<string> {
    return item.writtenSha256 ?? sha256Of(await this.read(item, { signal }));
  }

  public async beginWriting(): Promise<void> {}

  public async write(item: Item, _existing: Item | undefined, source: Backend, context: WriteContext): Promise<Item | undefined> {
    refuseImpossible(item);
    if (context.options.OverwriteMode === 'NEVER' && context.options.TransferMode === 'ALL' && await this.find(item.key, context.signal)) return undefined;
    const read = await readSource(source, item, context);
    const content: Content & { sha256?(): string } = context.storageClass === 'Archive' ? hashed(read) : read;
    const fresh = content.item;
    const { user, system } = objectMetadata(fresh, source, context.options);
    const settings: BlobSettings = {
      blobHTTPHeaders: toHeaders(system),
      metadata: toBlobMetadata(user),
      tags: fresh.object?.tags,
      tier: context.storageClass,
    };
    try {
      if (fresh.size > SINGLE_BLOCK_BYTES) await putStream(this.blob(item.key), content, settings, context);
      else await putBuffer(this.blob(item.key), await collect(content, context.sent), settings, context);
    } catch (error) {
      throw shorten(error);
    }
    return { ...fresh, writtenSha256: content.sha256?.() };
  }

  public async writeMetadata(item: Item, existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    const found = await describeSource(source, item, context);
    const { user, system } = objectMetadata(found, source, context.options);
    const { signal: abortSignal } = context;
    const blob = this.blob(item.key);
    try {
      if (system) await blob.setHTTPHeaders(toHeaders(system, existing.object?.md5 ? Buffer.from(existing.object.md5, 'hex') : undefined), { abortSignal });
      await blob.setMetadata(toBlobMetadata(user), { abortSignal });
      const keepsTags = context.options.ObjectTags === 'PRESERVE' && source.kind === 'objects';
      const tags = found.object?.tags;
      // to set them is a right of its own, which who has no tags need not have
      if (keepsTags && (tags || (await blob.getProperties({ abortSignal })).tagCount)) await blob.setTags(tags ?? {}, { abortSignal });
    } catch (error) {
      throw shorten(error);
    }
    return item;
  }

  public finishFolder(): void {}

  public async remove(items: readonly Item[], signal: AbortSignal): Promise<Removal[]> {
    return mapLimit(items, DELETIONS, async item => {
      try {
        if (!item.implicit) await this.blob(item.key).deleteIfExists({ deleteSnapshots: 'include', abortSignal: signal });
        return 'removed';
      } catch (error) {
        return { error: messageOf(shorten(error)) };
      }
    });
  }

  public async endWriting(): Promise<void> {}

  public close(): void {
    this.connection?.close();
  }

  /** There once `access` has been called. */
  private get url(): string {
    const { endpoint, account, container, host = `${account}.blob.core.windows.net` } = this.options;
    return endpoint === undefined ? `https://${host}/${container}` : `${endpoint.replace(/\/+$/, '')}/${account}/${container}`;
  }

  private get container(): Connection['container'] {
    return this.connection!.container;
  }

  private async lookUp(key: string, abortSignal: AbortSignal, withTags: boolean): Promise<Item | undefined> {
    if (key === '') return undefined;
    try {
      const properties = await this.blob(key).getProperties({ abortSignal });
      const item = fromBlob(key, properties);
      if (!withTags || !properties.tagCount) return item;
      return { ...item, object: { ...item.object, tags: (await this.blob(key).getTags({ abortSignal })).tags } };
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw shorten(error);
    }
  }

  private blob(key: string): BlockBlobClient {
    return this.container.getBlockBlobClient(this.prefix + key);
  }

  private unusable(error: unknown): LocationError {
    const { code, message } = shorten(error) as { code?: string; message: string };
    const { account, container, remedy } = this.options;
    const text = [code, message, ...remedy && REFUSED.test(code ?? '') ? [remedy] : []].filter(Boolean).join(': ');
    return new LocationError(`azure-blob://${account}/${container}/${this.prefix} cannot be used: ${text}`);
  }
}

/** Throws if the item can be no blob. */
export function refuseImpossible({ kind, key }: Item): void {
  if (kind === 'device' || kind === 'special') throw new Error('a device cannot be a blob; set PreserveDevices to NONE to leave devices out');
  if (IMPOSSIBLE.test(key)) throw new Error('the name of a blob cannot have a backslash or a control character in it');
}

/** Azure's messages go on with the id and the time of the request. */
function shorten(error: unknown): unknown {
  if (error instanceof Error) error.message = error.message.split('\n')[0];
  return error;
}
