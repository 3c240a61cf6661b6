import { CopyObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { explainRefusals, onlyReads } from './aws-bucket';
import { copyObject, copySource, mustBeRewritten, refuseDevice } from './copy';
import type { ObjectName } from './copy';
import { readObject } from './download';
import { fromListing, pages } from './list';
import { removeObjects } from './remove';
import { storageClassFor } from './storage-class';
import { readTags } from './tags';
import { UnfinishedUploads } from './unfinished-uploads';
import type { Destination } from './upload';
import { putBuffer, putStream, SINGLE_REQUEST_BYTES } from './upload';
import type { Backend, Content, Item, ListRequest, Origin, ReadContext, Removal, WriteContext } from '../../engine/backend';
import { collect, sha256Of } from '../../engine/content';
import { LocationError } from '../../engine/errors';
import { isWithinStore } from '../../engine/within-store';
import { addressesOf } from '../../local-services/endpoint-address';
import { UNSIGNED } from '../../local-services/unsigned';
import { FolderTracker } from '../implied-folders';
import { fromObject, isArchived } from '../object-metadata';
import { describeSource, hashed, objectMetadata, readSource } from '../object-source';

export interface S3Options {
  readonly bucket: string;
  /** Everything below this prefix is the location; slashes at either end mean nothing. @default - the whole bucket */
  readonly prefix?: string;
  /** Endpoint of any store that speaks S3, addressed in path style. @default - the SDK's, so AWS_ENDPOINT_URL_S3 counts */
  readonly endpoint?: string;
  /** Keys asked for at a time. @default 1000, which is also the most that a store gives */
  readonly pageSize?: number;
  /** @default us-east-1 */
  readonly region?: string | (() => Promise<string>);
  /** Of the user's configuration files, for credentials. @default - AWS_PROFILE, else the default one */
  readonly profile?: string;
  /** Sends nothing that could change the bucket. @default false */
  readonly readOnly?: boolean;
  /** Where runs note the multipart uploads that go on. @default - `uploads` below the user's cache folder */
  readonly uploadsFolder?: string;
  /** It is in AWS: what AWS refuses gets a text with the remedy. @default false */
  readonly inAws?: boolean;
  /** @default - the SDK's chain; without any in the environment made-up ones for an endpoint on this machine */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** Sends requests without a signature. @default false */
  readonly anonymous?: boolean;
  /** Certificates in PEM format that the server's own is signed by. @default - those that Node.js knows */
  readonly certificate?: string;
}

/** Opens a bucket, or a prefix in it, as a location. */
export function openS3(options: S3Options): Backend {
  return new S3Backend(options);
}

const SOCKETS = 128;
const NOTHING = Buffer.alloc(0);

/** What another bucket of the same store needs to know of this one. */
interface S3Origin extends Origin {
  nameOf(item: Item): ObjectName;
}

class S3Backend implements Backend {
  public readonly kind = 'objects';
  public readonly keepsOwner = true;
  public readonly origin: S3Origin;
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly prefix: string;
  private readonly uploads?: UnfinishedUploads;

  constructor(private readonly options: S3Options) {
    this.bucket = options.bucket;
    this.origin = {
      store: `s3 ${JSON.stringify([options.endpoint, options.region ?? '', options.credentials?.accessKeyId])}`,
      nameOf: item => this.name(item),
    };
    const prefix = (options.prefix ?? '').replace(/^\/+|\/+$/g, '');
    this.prefix = prefix === '' ? '' : `${prefix}/`;
    this.client = new S3Client({
      endpoint: options.endpoint,
      region: options.region ?? 'us-east-1',
      profile: options.profile,
      credentials: options.credentials ?? madeUpCredentials(options),
      ...(options.anonymous && UNSIGNED),
      forcePathStyle: true,
      requestHandler: new NodeHttpHandler({
        connectionTimeout: 10_000,
        socketAcquisitionWarningTimeout: 60_000,
        httpAgent: { keepAlive: true, maxSockets: SOCKETS },
        httpsAgent: { keepAlive: true, maxSockets: SOCKETS, ca: options.certificate },
      }),
    });
    if (options.readOnly) onlyReads(this.client);
    else this.uploads = new UnfinishedUploads(this.client, options.endpoint ?? endpointOfSdk() ?? '', this.bucket, options.uploadsFolder);
    if (options.inAws) explainRefusals(this.client, this.bucket);
  }

  public get extent(): string {
    const { endpoint } = this.options;
    return `${endpoint === undefined ? 's3://' : new URL(endpoint).href.replace(/\/*$/, '/')}${this.bucket}/${this.prefix}`;
  }

  public async extents(): Promise<readonly string[]> {
    const { endpoint = endpointOfSdk() } = this.options;
    return endpoint === undefined ? [] : (await addressesOf(endpoint)).map(address => `${address}${this.bucket}/${this.prefix}`);
  }

  public async access(): Promise<void> {
    try {
      await this.client.send(new ListObjectsV2Command({ Bucket: this.bucket, Prefix: this.prefix, MaxKeys: 1 }));
    } catch (error) {
      throw this.unusable(error);
    }
  }

  public async *list(request: ListRequest): AsyncGenerator<Item[]> {
    const { signal, filter } = request;
    const tracker = new FolderTracker();
    try {
      yield [await this.describe({ key: '', kind: 'folder', size: 0 }, signal)];
      for (const below of filter.keyPrefixes()) {
        for await (const objects of pages(this.client, this.bucket, this.prefix + below, signal, this.options.pageSize)) {
          const items: Item[] = [];
          for (const object of objects) {
            const key = object.Key!.slice(this.prefix.length);
            if (key === '') continue;
            // the objects of folders above what is listed have to be asked for
            items.push(...await tracker.items(fromListing(key, object), folder => folder.startsWith(below)
              ? undefined
              : this.describe({ key: folder, kind: 'folder', size: 0 }, signal)));
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
    const found = item.implicit ? undefined : await this.find(item.key, signal, item.version);
    if (found && withTags) return { ...found, object: { ...found.object, tags: await readTags(this.client, this.name(item), signal) } };
    if (found) return { ...found, ...(item.writtenSha256 !== undefined && { writtenSha256: item.writtenSha256 }) };
    if (item.kind === 'folder') return { ...item, implicit: true, ...(this.name(item).key === '' && { bare: true }) };
    throw new Error('does not exist any more');
  }

  public async find(key: string, signal: AbortSignal, version?: string): Promise<Item | undefined> {
    const Key = this.prefix + key;
    if (Key === '') return undefined;
    try {
      const found = await this.client.send(new HeadObjectCommand({ Bucket: this.bucket, Key, VersionId: version }), { abortSignal: signal });
      return { ...fromObject(key, found), ...(version && { version }) };
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      // 405 and 400: the version is a deletion, or no version at all
      if (status === 404 || (version && (status === 405 || status === 400))) return undefined;
      throw error;
    }
  }

  public async read(item: Item, context: ReadContext): Promise<Content> {
    return readObject(this.client, this.name(item), item.key, context);
  }

  public async sha256(item: Item, signal: AbortSignal): Promise<string> {
    return item.writtenSha256 ?? sha256Of(await this.read(item, { signal }));
  }

  public async beginWriting(): Promise<void> {
    await this.uploads?.abortLeftovers();
  }

  public async write(item: Item, existing: Item | undefined, source: Backend, context: WriteContext): Promise<Item | undefined> {
    refuseDevice(item);
    if (await this.isKept(item, context)) return undefined;
    if (item.implicit || this.name(item).key === '') return item;
    const storageClass = storageClassFor(item.size, existing, context.storageClass, context.options);
    if (item.kind === 'folder' && source.kind === 'directory') {
      const writtenVersion = await putBuffer(this.client, this.name(item), NOTHING, this.input(item, source, storageClass, context), context);
      return { ...item, writtenVersion };
    }
    const read = await readSource(source, item, context);
    const content: Content & { sha256?(): string } = isArchived(storageClass, false) ? hashed(read) : read;
    const fresh = content.item;
    const input = this.input(fresh, source, storageClass, context);
    if (fresh.size > SINGLE_REQUEST_BYTES) {
      const writtenVersion = await putStream(this.client, this.name(item), content, input, context);
      return { ...fresh, writtenVersion, writtenSha256: content.sha256?.() };
    }
    const writtenVersion = await putBuffer(this.client, this.name(item), await collect(content, context.sent), input, context);
    return { ...fresh, writtenVersion, writtenSha256: content.sha256?.() };
  }

  /** The store makes the copy. */
  public async copyFrom(source: Backend, item: Item, existing: Item | undefined, context: WriteContext): Promise<Item | undefined> {
    const isObject = item.kind !== 'device' && item.kind !== 'special' && !item.implicit && this.name(item).key !== '';
    if (!isObject) return this.write(item, existing, source, context);
    if (await this.isKept(item, context)) return undefined;
    const writtenVersion = await copyObject(this.client, {
      from: (source.origin as S3Origin).nameOf(item),
      to: this.name(item),
      item,
      storageClass: storageClassFor(item.size, existing, context.storageClass, context.options),
      describe: () => describeSource(source, item, context),
    }, context);
    context.sent(item.size);
    context.written(item.size);
    return { ...item, writtenVersion };
  }

  /** Replaces the metadata of an object through a copy onto itself: the content need not be sent again. */
  public async writeMetadata(item: Item, existing: Item, source: Backend, context: WriteContext): Promise<Item> {
    if (mustBeRewritten(item, existing)) {
      const rewrite = isWithinStore(source, this) ? this.copyFrom(source, item, existing, context) : this.write(item, existing, source, context);
      return await rewrite ?? item;
    }
    const { bucket: Bucket, key: Key } = this.name(item);
    const found = await describeSource(source, item, context);
    const { VersionId: writtenVersion } = await this.client.send(new CopyObjectCommand({
      Bucket,
      Key,
      CopySource: copySource({ bucket: Bucket, key: Key }),
      MetadataDirective: 'REPLACE',
      TaggingDirective: source.kind === 'objects' && context.options.ObjectTags === 'PRESERVE' ? 'REPLACE' : 'COPY',
      ...existing.object?.system,
      ...this.input(found, source, storageClassFor(item.size, existing, context.storageClass, context.options), context),
    }), { abortSignal: context.signal });
    return { ...item, writtenVersion };
  }

  public finishFolder(): void {}

  public remove(items: readonly Item[], signal: AbortSignal): Promise<Removal[]> {
    return removeObjects(this.client, this.bucket, items.map(item => this.name(item).key), signal);
  }

  public async endWriting(): Promise<void> {}

  public close(): void {
    this.uploads?.close();
    this.client.destroy();
  }

  private async isKept({ key, implicit }: Item, { options, signal }: WriteContext): Promise<boolean> {
    return options.OverwriteMode === 'NEVER' && options.TransferMode === 'ALL' && !implicit && await this.find(key, signal) !== undefined;
  }

  private input(item: Item, source: Backend, storageClass: Destination['StorageClass'], { options }: WriteContext): Destination {
    const { user, system } = objectMetadata(item, source, options);
    const tags = item.object?.tags && new URLSearchParams(item.object.tags).toString();
    return { Metadata: user, StorageClass: storageClass, ...system, ...(tags && { Tagging: tags }) };
  }

  private name({ key, version }: Item): ObjectName {
    return { bucket: this.bucket, key: this.prefix + key, version };
  }

  private unusable(error: unknown): LocationError {
    const { name, code } = error as { name?: string; code?: string };
    const text = [name === 'Error' || name === 'AggregateError' ? code : name, (error as Error).message].filter(Boolean).join(': ');
    return new LocationError(`s3://${this.bucket}/${this.prefix} cannot be used: ${text}`);
  }
}

/** A store on this machine takes any credentials; looking for real ones would only cost seconds. */
function madeUpCredentials({ inAws, endpoint = endpointOfSdk() }: S3Options): { accessKeyId: string; secretAccessKey: string } | undefined {
  const isLocal = endpoint !== undefined && /^https?:\/\/(localhost|127\.|\[::1\])/.test(endpoint);
  const { AWS_ACCESS_KEY_ID: key, AWS_PROFILE: profile } = process.env;
  return isLocal && !inAws && !key && !profile ? { accessKeyId: 'datasync', secretAccessKey: 'datasync' } : undefined;
}

function endpointOfSdk(): string | undefined {
  return process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
}
