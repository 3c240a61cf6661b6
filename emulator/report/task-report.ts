import { randomBytes } from 'node:crypto';
import type { ReportLevel, ReportResult, TaskReportConfig } from '@aws-sdk/client-datasync';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ReportEntry, List } from './format';
import { format, listOf } from './format';
import { partFiles } from './part-files';
import type { Clock } from '../clock';
import type { TaskMode } from '../engine/request';
import { WorkList } from '../engine/work-list';
import type { S3Access } from '../local-services/s3-access';
import { s3ClientConfig } from '../local-services/s3-access';
import { bucketOf } from '../model/run-configs';

const LISTS: readonly List[] = ['Transferred', 'Verified', 'Skipped', 'Deleted'];
const MAX_PATH_CHARACTERS = 4096;

/** The service's texts; it documents no codes. */
const ERRORS = {
  PathTooLong: 'File path exceeds the maximum length of 4,096 characters. Cannot write to Task Report',
  UploadFailed: 'Failed to upload Task Report(s) to S3 due to an invalid bucket or IAM role',
  NoReport: 'Execution error occurred prior to generating any Task Reports',
};

/** Of a run that has not written its report yet. */
export const PENDING_REPORT: ReportResult = { Status: 'PENDING' };
/** Of a run that has ended before there was anything to report. */
export const NO_REPORT = failed('NoReport');

/** Which run a report is about. */
export interface ReportSubject {
  readonly taskId: string;
  readonly executionId: string;
  readonly mode: TaskMode;
}

/** What reports need of the emulator that they are written by. */
export interface ReportHost {
  readonly clock: Clock;
  /** How their buckets are reached. */
  readonly s3?: S3Access;
}

/** Takes down what a run does, and writes it to a bucket at its end. */
export class TaskReport {
  private current = PENDING_REPORT;
  private isBroken = false;
  private readonly lists = new Map<List, WorkList<string>>();

  constructor(private readonly config: TaskReportConfig, private readonly subject: ReportSubject, private readonly host: ReportHost) {}

  public get result(): ReportResult {
    return this.current;
  }

  /** Takes down an entry if the report is to have it. Never throws: what goes wrong becomes the report's error. */
  public note(entry: ReportEntry): void {
    const list = listOf(entry);
    if (this.isBroken || this.config.OutputType !== 'STANDARD' || ('outcome' in entry && this.levelOf(list) === 'ERRORS_ONLY')) return;
    const { key } = 'outcome' in entry ? entry.outcome.item : entry.failure.item;
    if (key.length > MAX_PATH_CHARACTERS) {
      this.fail('PathTooLong');
      return;
    }
    const records = this.lists.get(list) ?? new WorkList<string>();
    this.lists.set(list, records);
    try {
      records.push(JSON.stringify(format(entry, this.subject.mode, this.host.clock.now(), this.config.ObjectVersionIds === 'INCLUDE')));
    } catch (error) {
      this.breakDown(error); // no room for temporary files, most likely
    }
  }

  /** Writes the report. Never rejects: what goes wrong becomes the report's error. */
  public async write(summary: object): Promise<void> {
    const { executionId } = this.subject;
    let client: S3Client | undefined;
    try {
      if (this.isBroken) return;
      if (!this.host.s3) throw new Error('the emulator was started without an S3 endpoint; give --s3-endpoint');
      client = new S3Client({ ...s3ClientConfig(this.host.s3), requestHandler: { connectionTimeout: 3_000, requestTimeout: 60_000 } });
      await this.upload(client, 'Summary-Reports', 'summary', 1, JSON.stringify({ TaskExecutionId: executionId, ...summary }));
      for (const list of LISTS) {
        const records = this.lists.get(list);
        if (!records) continue;
        let number = 0;
        for (const text of partFiles({ TaskExecutionId: executionId }, list, each(records))) {
          await this.upload(client, 'Detailed-Reports', `files-${list.toLowerCase()}`, ++number, text);
        }
      }
      if (this.current.Status === 'PENDING') this.current = { Status: 'SUCCESS' };
    } catch (error) {
      this.breakDown(error);
    } finally {
      client?.destroy();
      this.close();
    }
  }

  /** Lets go of what was taken down, whether it is written or not. */
  public close(): void {
    this.lists.forEach(list => list.close());
    this.lists.clear();
  }

  private levelOf(list: List): ReportLevel {
    return this.config.Overrides?.[list]?.ReportLevel ?? this.config.ReportLevel!;
  }

  private async upload(client: S3Client, folder: string, name: string, number: number, body: string): Promise<void> {
    const { S3BucketArn, Subdirectory = '' } = this.config.Destination!.S3!;
    const { taskId, executionId } = this.subject;
    const file = `${executionId}.${name}-v1-${String(number).padStart(5, '0')}-${randomBytes(9).toString('hex').slice(1)}.json`;
    await client.send(new PutObjectCommand({
      Bucket: bucketOf(S3BucketArn!),
      Key: `${Subdirectory.replace(/^\/+/, '')}${folder}/${taskId}/${executionId}/${file}`,
      Body: body,
      ContentType: 'application/json',
      StorageClass: 'STANDARD',
    }));
  }

  private breakDown(error: unknown): void {
    const { name, message } = error as Error;
    console.error(`The report of ${this.subject.executionId} could not be written: ${name}: ${message}`);
    this.isBroken = true;
    this.fail('UploadFailed');
  }

  private fail(code: keyof typeof ERRORS): void {
    this.current = failed(code);
  }
}

function failed(code: keyof typeof ERRORS): ReportResult {
  return { Status: 'ERROR', ErrorCode: code, ErrorDetail: ERRORS[code] };
}

function* each(records: WorkList<string>): Generator<string> {
  for (const block of records.forward()) yield* block;
}
