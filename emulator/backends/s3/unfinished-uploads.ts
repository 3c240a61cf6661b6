import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import type { AbortMultipartUploadCommandInput, CreateMultipartUploadCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { cacheFolder } from '../../system/cache-folder';
import { makeFolder } from '../../system/make-folder';
import { claim, isOwnerAlive } from '../directory/owner';
import type { Owner } from '../directory/owner';

/** One upload that goes on, in a file of its own. */
interface UploadRecord {
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

const RUN_PREFIX = 'run-';
const RECORD_SUFFIX = '.json';

/**
 * Notes each multipart upload on this machine while it goes on, so that a later run ends those of a run that was killed: S3 does not tell by
 * whom an upload was begun, and that of somebody who still works must not be aborted.
 *
 * It is a help, not a condition: where nothing can be noted, uploads work as well.
 */
export class UnfinishedUploads {
  private owner?: Promise<Owner | undefined>;
  private readonly own: string;

  /** @param folder where runs note their uploads @default - `uploads` below the user's cache folder */
  constructor(
    private readonly client: S3Client, private readonly endpoint: string, private readonly bucket: string,
    private readonly folder = join(cacheFolder(), 'uploads'),
  ) {
    this.own = join(folder, `${RUN_PREFIX}${randomUUID()}`);
    client.middlewareStack.add((next, { commandName }) => async args => {
      const result = await next(args);
      const { Key: key, UploadId: id } = args.input as AbortMultipartUploadCommandInput;
      if (commandName === 'CreateMultipartUploadCommand') await this.begun(key!, (result.output as CreateMultipartUploadCommandOutput).UploadId!);
      if (commandName === 'CompleteMultipartUploadCommand' || commandName === 'AbortMultipartUploadCommand') this.ended(id!);
      return result;
    }, { step: 'initialize', name: 'unfinishedUploads' });
  }

  /** Aborts what runs have begun in this bucket that were killed. What cannot be aborted stays noted, for a later run. */
  public async abortLeftovers(now = Date.now()): Promise<void> {
    for (const run of namesIn(this.folder).filter(name => name.startsWith(RUN_PREFIX)).map(name => join(this.folder, name))) {
      if (run === this.own || await isAliveOrGone(run, now)) continue;
      for (const file of recordsIn(run)) await this.abortRecorded(file);
      if (recordsIn(run).length === 0) rmSync(run, { recursive: true, force: true });
    }
  }

  /** Nothing is uploaded any more. What could not be aborted stays noted. */
  public close(): void {
    void this.owner?.then(owner => {
      if (!owner) return;
      if (recordsIn(this.own).length === 0) rmSync(this.own, { recursive: true, force: true });
      owner.end();
    });
  }

  private async begun(key: string, uploadId: string): Promise<void> {
    if (!await (this.owner ??= this.claimOwn())) return;
    const record: UploadRecord = { endpoint: this.endpoint, bucket: this.bucket, key, uploadId };
    try {
      writeFileSync(this.fileOf(uploadId), JSON.stringify(record), { mode: 0o600 });
    } catch {
      // a full disk, or a folder that somebody has removed: the upload goes on without a note
    }
  }

  private async claimOwn(): Promise<Owner | undefined> {
    try {
      makeFolder(this.own, 0o700);
      return await claim(this.own);
    } catch {
      return undefined; // there is no folder of the user's that can be written to
    }
  }

  private ended(uploadId: string): void {
    try {
      unlinkSync(this.fileOf(uploadId));
    } catch {
      // it was not noted
    }
  }

  /** Ids are of any length and form; the name of the file is not. */
  private fileOf(uploadId: string): string {
    return join(this.own, `${createHash('sha256').update(uploadId).digest('hex')}${RECORD_SUFFIX}`);
  }

  private async abortRecorded(file: string): Promise<void> {
    try {
      const { endpoint, bucket, key, uploadId }: UploadRecord = JSON.parse(readFileSync(file, 'utf8'));
      if (endpoint !== this.endpoint || bucket !== this.bucket) return;
      await this.client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId })).catch(error => {
        if (error.name !== 'NoSuchUpload') throw error;
      });
      unlinkSync(file);
    } catch {
      // no permission, an endpoint that is away, a file that was being written, or another run was faster
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no run has noted anything yet
  }
}

function recordsIn(run: string): string[] {
  return namesIn(run).filter(name => name.endsWith(RECORD_SUFFIX)).map(name => join(run, name));
}

async function isAliveOrGone(run: string, now: number): Promise<boolean> {
  try {
    return await isOwnerAlive(run, now);
  } catch {
    return true; // another run has removed it meanwhile
  }
}
