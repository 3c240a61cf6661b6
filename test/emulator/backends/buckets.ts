import {
  CreateBucketCommand, GetObjectTaggingCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, PutObjectTaggingCommand, S3Client,
} from '@aws-sdk/client-s3';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { openS3 } from '../../../emulator/backends/s3/backend';
import type { S3Options } from '../../../emulator/backends/s3/backend';
import type { Backend } from '../../../emulator/engine/backend';
import { startMiniStack } from '../../support/ministack';
import { transfer } from '../engine/run-transfer';
import type { Report, Setup } from '../engine/run-transfer';

export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Options of a transfer between stores, which have no owners and permissions. */
export const NO_POSIX = { PosixPermissions: 'NONE', Uid: 'NONE', Gid: 'NONE' } as const;

export interface Bucket {
  readonly name: string;
  /** As a location of a transfer. */
  open(prefix?: string, more?: Partial<S3Options>): Backend;
  /** The same as a location of another store, for all that a transfer can tell. */
  openElsewhere(prefix?: string): Backend;
  put(key: string, body: string | Buffer, more?: Partial<PutObjectCommandInput>): Promise<void>;
  keys(prefix?: string): Promise<string[]>;
  head(key: string): Promise<Record<string, unknown>>;
  /** Replaces its tags. */
  tag(key: string, tags: Record<string, string>): Promise<void>;
  tags(key: string): Promise<Record<string, string>>;
}

/** A store with new buckets on demand. */
export interface Buckets {
  readonly url: string;
  readonly client: S3Client;
  make(): Promise<Bucket>;
  close(): Promise<void>;
}

export async function startBuckets(): Promise<Buckets> {
  const store = await startMiniStack();
  const client = new S3Client({ endpoint: store.url, region: 'us-east-1', forcePathStyle: true, credentials });
  let count = 0;
  return {
    url: store.url,
    client,
    make: async () => {
      const name = `bucket-${++count}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return {
        name,
        open: (prefix, more) => openS3({ endpoint: store.url, bucket: name, prefix, credentials, ...more }),
        openElsewhere: prefix => openS3({ endpoint: store.url, bucket: name, prefix, credentials: { ...credentials, accessKeyId: 'other' } }),
        put: async (Key, Body, more) => void await client.send(new PutObjectCommand({ Bucket: name, Key, Body: Buffer.from(Body), ...more })),
        keys: async Prefix => ((await client.send(new ListObjectsV2Command({ Bucket: name, Prefix }))).Contents ?? []).map(({ Key }) => Key!),
        head: async Key => ({ ...await client.send(new HeadObjectCommand({ Bucket: name, Key })) }),
        tag: async (Key, tags) => {
          const TagSet = Object.entries(tags).map(([tag, Value]) => ({ Key: tag, Value }));
          await client.send(new PutObjectTaggingCommand({ Bucket: name, Key, Tagging: { TagSet } }));
        },
        tags: async key => {
          const { TagSet = [] } = await client.send(new GetObjectTaggingCommand({ Bucket: name, Key: key }));
          return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key!, Value!]));
        },
      };
    },
    close: async () => {
      client.destroy();
      await store.close();
    },
  };
}

/** Transfers and lets go of connections. */
export async function run(setup: Setup): Promise<Report> {
  try {
    return await transfer(setup);
  } finally {
    setup.source.close();
    setup.destination.close();
  }
}
