import { parentPort, threadId } from 'worker_threads';
import { resumeDirectory } from './backend';
import type { Root } from './folders';
import { pack, unpack, type Packed } from './pack';
import type { SharedStaging } from './staging';
import { Walk, type Frame, type Ground } from './walk';
import type { Backend, Item, WriteContext } from '../../engine/backend';
import { codeOf, messageOf } from '../../engine/errors';
import { Filter } from '../../engine/filter';
import type { FilterRule, TransferOptions } from '../../engine/request';

/** How far a walk has come. */
interface Begun {
  readonly ground: Ground;
  readonly includes: readonly FilterRule[];
  readonly excludes: readonly FilterRule[];
  readonly frames: Frame[];
}

/** Lists the next items of a walk that has begun elsewhere. Answered with `Packed`, or with undefined at the end. */
export interface WalkRequest {
  readonly kind: 'walk';
  readonly walk: number;
  /** With the first request only. */
  readonly begun?: Begun;
}

/** No more of this walk is wanted. */
export interface LeaveRequest {
  readonly kind: 'leave';
  readonly walk: number;
}

/** No more is to be copied by way of this folder. */
export interface EndRequest {
  readonly kind: 'end';
  /** Its id. */
  readonly run: string;
}

/** Copies files from one folder to another. Answered with `Written`. */
export interface WriteRequest {
  readonly kind: 'write';
  readonly from: Root;
  readonly to: Root;
  readonly staging: SharedStaging;
  readonly options: TransferOptions;
  readonly items: Packed;
}

/** All items were written, but for the exceptions: changed since they were listed, failed, or kept as they were at the destination. */
export interface Written {
  readonly sent: number;
  readonly written: number;
  readonly exceptions: readonly { readonly index: number; readonly item?: Item; readonly failure?: Failure }[];
}

export interface Failure {
  readonly message: string;
  readonly code?: string;
}

export type ThreadRequest = WalkRequest | LeaveRequest | WriteRequest | EndRequest;

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: Failure;
}

const walks = new Map<number, Walk>();
/** The folders of runs that this thread copies for, by the ids of the runs. */
const runs = new Map<string, { readonly source: Backend; readonly destination: Backend }>();

async function answer(request: ThreadRequest): Promise<unknown> {
  switch (request.kind) {
    case 'walk': return continueWalk(request);
    case 'leave': return leave(request.walk);
    case 'write': return write(request);
    case 'end': return end(request.run);
  }
}

function continueWalk({ walk: id, begun }: WalkRequest): Packed | undefined {
  if (begun) walks.set(id, new Walk(begun.ground, new Filter(begun.includes, begun.excludes), begun.frames));
  const items = walks.get(id)?.next();
  if (!items) leave(id);
  return items && pack(items);
}

function leave(id: number): void {
  walks.get(id)?.close();
  walks.delete(id);
}

async function end(id: string): Promise<void> {
  const run = runs.get(id);
  runs.delete(id);
  run?.source.close();
  await run?.destination.endWriting();
  run?.destination.close();
}

function runOf({ from, to, staging }: WriteRequest): { readonly source: Backend; readonly destination: Backend } {
  let run = runs.get(staging.id);
  if (!run) {
    run = { source: resumeDirectory(from), destination: resumeDirectory(to, { staging, thread: threadId }) };
    runs.set(staging.id, run);
  }
  return run;
}

async function write(request: WriteRequest): Promise<Written> {
  const { source, destination } = runOf(request);
  const outcome = { sent: 0, written: 0, exceptions: [] as Written['exceptions'][number][] };
  const context: WriteContext = {
    options: request.options,
    signal: new AbortController().signal, // a batch takes a few ms: it is never cut short
    throttle: { limited: false, take: () => Promise.resolve() },
    sent: bytes => {
      outcome.sent += bytes;
    },
    written: bytes => {
      outcome.written += bytes;
    },
  };
  for (const [index, item] of unpack(request.items).entries()) {
    try {
      const written = await destination.copyFrom!(source, item, undefined, context);
      if (written !== item) outcome.exceptions.push({ index, item: written });
    } catch (error) {
      outcome.exceptions.push({ index, failure: { message: messageOf(error), code: codeOf(error) } });
    }
  }
  return outcome;
}

parentPort?.on('message', ({ id, request }: { id: number; request: ThreadRequest }) => {
  answer(request).then(
    (result): Answer => ({ id, result }),
    (error: unknown): Answer => ({ id, failure: { message: messageOf(error), code: codeOf(error) } }),
  ).then(reply => parentPort!.postMessage(reply)).catch(() => process.exit(1));
});
parentPort?.postMessage({ id: 0 } satisfies Answer); // ready
