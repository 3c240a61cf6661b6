import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AwsCallError, callAws, describeFailure } from '../local-services/aws-call';
import type { Scope } from '../model/scope';
import { makeFolder } from '../system/make-folder';

/** Where the lines of one log stream go. Best effort: a sink that fails says so once on the error output, and swallows the rest. */
export interface LogSink {
  write(time: Date, message: string): void;
  /** Writes what it still holds. Never rejects. */
  close(): Promise<void>;
}

/** A stream of a log group. */
export interface LogStream {
  readonly scope: Scope;
  readonly group: string;
  readonly stream: string;
  /** Whether the service makes the group itself. */
  readonly createsGroup: boolean;
}

const FILE_BUFFER = 64 * 1024;

/** Only the owner reads what the files of others are called. */
const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const;

/** Writes to the file `<folder>/<group>/<stream>.log`. */
export class FileSink implements LogSink {
  private readonly path: string;
  private buffer = '';
  private isBroken = false;

  constructor(folder: string, { group, stream }: LogStream) {
    const names = group.split('/').filter(name => name !== '').map(name => name === '.' || name === '..' ? '_' : name.replaceAll('\0', '_'));
    this.path = join(folder, ...names, `${stream}.log`);
  }

  public write(time: Date, message: string): void {
    this.buffer += `${time.toISOString()} ${message}\n`;
    if (this.buffer.length > FILE_BUFFER) this.flush();
  }

  public async close(): Promise<void> {
    this.flush();
  }

  private flush(): void {
    const text = this.buffer;
    this.buffer = '';
    if (this.isBroken || text === '') return;
    try {
      makeFolder(dirname(this.path), OWNER_ONLY.folder);
      appendFileSync(this.path, text, { mode: OWNER_ONLY.file });
    } catch (error) {
      this.isBroken = true;
      console.error(`The log ${this.path} cannot be written: ${(error as Error).message}`);
    }
  }
}

/** Of one call of PutLogEvents, as CloudWatch Logs counts. */
const MAX_EVENTS = 10_000;
const MAX_BYTES = 1024 * 1024;
const OVERHEAD_BYTES = 26;
/** Lines are sent when so many have come together, and at the end. */
const EAGER_EVENTS = 1_000;
/** More than these do not wait for an endpoint that is slow. */
const MAX_WAITING = 100_000;

const operation = (name: string) => ({ service: 'logs', target: `Logs_20140328.${name}` });

/** Writes to CloudWatch Logs at a local endpoint. */
export class CloudWatchSink implements LogSink {
  private readonly waiting: Array<{ timestamp: number; message: string }> = [];
  private sending: Promise<void> = Promise.resolve();
  private isReady = false;
  private isBroken = false;
  private lost = 0;

  constructor(private readonly endpoint: string, private readonly log: LogStream) {}

  public write(time: Date, message: string): void {
    if (this.waiting.length >= MAX_WAITING) this.lost += 1;
    else this.waiting.push({ timestamp: time.getTime(), message });
    if (this.waiting.length === EAGER_EVENTS) this.send();
  }

  public async close(): Promise<void> {
    this.send();
    await this.sending;
  }

  private send(): void {
    this.sending = this.sending.then(() => this.sendWaiting());
  }

  private async sendWaiting(): Promise<void> {
    const { group, stream, scope } = this.log;
    try {
      while (this.waiting.length > 0 && !this.isBroken) {
        if (!this.isReady) await this.prepare();
        const logEvents = this.takeBatch();
        await callAws(this.endpoint, operation('PutLogEvents'), scope, { logGroupName: group, logStreamName: stream, logEvents });
      }
    } catch (error) {
      this.isBroken = true;
      console.error(`The log ${group}/${stream} is lost, ${this.endpoint} does not take it: ${describeFailure(error)}`);
    }
    if (this.isBroken) this.waiting.length = 0;
    if (this.lost > 0 && !this.isBroken) {
      console.error(`${this.lost} lines of the log ${group}/${stream} are lost, ${this.endpoint} was too slow for them`);
      this.lost = 0;
    }
  }

  private async prepare(): Promise<void> {
    const { group, stream, scope, createsGroup } = this.log;
    if (createsGroup) await this.create('CreateLogGroup', scope, { logGroupName: group });
    await this.create('CreateLogStream', scope, { logGroupName: group, logStreamName: stream });
    this.isReady = true;
  }

  private async create(name: string, scope: Scope, input: object): Promise<void> {
    try {
      await callAws(this.endpoint, operation(name), scope, input);
    } catch (error) {
      if (!(error instanceof AwsCallError && error.code === 'ResourceAlreadyExistsException')) throw error;
    }
  }

  private takeBatch(): Array<{ timestamp: number; message: string }> {
    let bytes = 0;
    const tooMany = this.waiting.findIndex(({ message }, index) => {
      bytes += Buffer.byteLength(message) + OVERHEAD_BYTES;
      return index > 0 && (bytes > MAX_BYTES || index === MAX_EVENTS);
    });
    return this.waiting.splice(0, tooMany < 0 ? this.waiting.length : tooMany);
  }
}
