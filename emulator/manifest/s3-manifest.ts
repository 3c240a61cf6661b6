import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { ManifestError, parseCsv } from './csv';
import type { ManifestSource } from './entries';
import { toEntry } from './entries';
import { FatalError, messageOf } from '../engine/errors';
import type { Manifest, ManifestEntry } from '../engine/manifest';
import { compareKeys } from '../engine/order';
import { SortedList } from '../engine/sorted-list';

const BATCH = 1024;
const MAX_BYTES = 20_000_000_000;

/** Where a manifest is, and what it is for. */
export interface ManifestObject {
  readonly bucket: string;
  readonly key: string;
  /** @default - the latest */
  readonly version?: string;
  readonly source: ManifestSource;
}

/** A manifest in a bucket. However long it is, little of it is in memory at a time. */
export class S3Manifest implements Manifest {
  private readonly list = new SortedList<ManifestEntry>((one, other) => compareKeys(one.key, other.key));

  constructor(private readonly object: ManifestObject, private readonly store: S3ClientConfig | undefined) {}

  public async load(signal: AbortSignal): Promise<void> {
    const { bucket, key, version, source } = this.object;
    let client: S3Client | undefined;
    try {
      if (!this.store) throw new Error('the emulator was started without an S3 endpoint; give --s3-endpoint');
      client = new S3Client({ ...this.store, requestHandler: { connectionTimeout: 10_000 } });
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version });
      const { Body, ContentLength: bytes = 0 } = await client.send(command, { abortSignal: signal });
      if (bytes > MAX_BYTES) throw new ManifestError(`it has ${bytes} bytes, ${MAX_BYTES} are allowed`);
      for await (const rows of parseCsv(Body as AsyncIterable<Uint8Array>)) {
        signal.throwIfAborted();
        for (const row of rows) this.list.push(toEntry(row, source));
      }
    } catch (error) {
      signal.throwIfAborted();
      const name = `s3://${bucket}/${key}${version ? ` (version ${version})` : ''}`;
      if (error instanceof ManifestError) throw new FatalError('ManifestInvalid', `Manifest ${name} is not valid: ${error.message}`);
      throw new FatalError('ManifestAccessFailed', `Task failed to read manifest ${name}: ${(error as Error).name}: ${messageOf(error)}`);
    } finally {
      client?.destroy();
    }
  }

  public * entries(): Generator<ManifestEntry[]> {
    let batch: ManifestEntry[] = [];
    let last: ManifestEntry | undefined;
    for (const entry of this.list.inOrder()) {
      if (entry.key === last?.key) {
        last = { ...last, error: `lines ${last.line} and ${entry.line} of the manifest list the same path` };
        continue;
      }
      if (last) batch.push(last);
      last = entry;
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (last) batch.push(last);
    yield batch;
  }

  public close(): void {
    this.list.close();
  }
}
