import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker } from 'node:worker_threads';
import { unpack } from './pack';
import type { Packed } from './pack';
import type { Copied, CopyRequest, ThreadAnswer, ThreadFailure, ThreadRequest } from './thread-protocol';
import type { Walk } from './walk';
import type { Item } from '../../engine/backend';
import { FatalError, OVERLAP } from '../../engine/errors';

/** Below this many items it is done before a thread has started. */
export const WORTH_A_THREAD = 512;
/** As long as it takes a thread to start, somebody else has listed so many items: in a process that lists once, fewer are not worth one. */
const WORTH_A_THREAD_ONCE = 20_000;
/** How long, in ms, threads stay without work. */
const IDLE = 10_000;
/** Answers to have ready, so that no thread waits for this one. */
const AHEAD = 2;
/** Memory, in MiB, for what is listed and forgotten: with less a thread is slower, and left alone Node.js takes three times as much. */
const YOUNG = 16;

/** Of the installed package, or of the sources. */
const SCRIPT = ['../backends/directory/thread/index.js', '../../../assets/emulator/backends/directory/thread/index.js']
  .map(path => join(__dirname, path)).find(path => existsSync(path));
/** More would wait for each other in the file system. */
const MOST = 4;

const ENDED = 'the thread that lists and copies files has ended';

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * A thread that lists and copies folders. Node's own threads for file system calls make each call several times as expensive; here a
 * thread gets work for milliseconds.
 */
export class DirectoryThread {
  /** The thread with the least to do, or undefined as long as none has started and where there can be none. */
  public static get(): DirectoryThread | undefined {
    this.start(this.count);
    let best: DirectoryThread | undefined;
    for (const thread of this.started) if (thread.state === 'ready' && (!best || thread.load < best.load)) best = thread;
    return best;
  }

  /**
   * A thread that has nothing to do, to list the rest of a folder. One is enough to be started for that: while it starts, which takes as long as
   * to list thousands of files, and while it lists one side of a copy, the other side is listed here.
   *
   * @param listed how many items have been listed here
   */
  public static toList(listed: number): DirectoryThread | undefined {
    if (listed >= this.worthAList) this.start(Math.min(1, this.count));
    return this.started.find(({ state, load }) => state === 'ready' && load === 0);
  }

  /** Of a process that ends when it has listed. */
  public static listOnce(): void {
    this.worthAList = WORTH_A_THREAD_ONCE;
  }

  private static worthAList = WORTH_A_THREAD;
  private static started: readonly DirectoryThread[] = [];
  private static count = isMainThread && SCRIPT !== undefined ? Math.min(MOST, Math.max(2, availableParallelism())) : 0;

  private static start(count: number): void {
    while (this.started.length < count) this.started = [...this.started, new DirectoryThread()];
  }

  private state: 'starting' | 'ready' | 'ended' = 'starting';
  private load = 0;
  private lastId = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly worker: Worker;
  private idle: NodeJS.Timeout | undefined;

  private constructor() {
    this.worker = new Worker(SCRIPT!, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
    this.worker.on('message', (answer: ThreadAnswer) => {
      if (this.state === 'starting') this.state = 'ready'; // that is all that the first one says
      this.settle(answer);
    });
    this.worker.on('error', error => {
      if (this.state === 'starting') DirectoryThread.count = 0; // there can be none here: everything is done without
      this.drop(error);
    });
    this.worker.on('exit', () => this.drop(new Error(ENDED)));
    this.worker.unref();
  }

  /** What is left of a walk. */
  public async *walk({ scope, filter, frames }: Walk, signal: AbortSignal): AsyncGenerator<Item[]> {
    const walk = ++this.lastId;
    const answers = [this.ask<Packed | undefined>({
      kind: 'walk', walk, begun: { scope, includes: filter.includeRules, excludes: filter.excludeRules, frames },
    })];
    this.load++;
    try {
      for (;;) {
        while (answers.length < AHEAD) answers.push(this.ask({ kind: 'walk', walk }));
        const items = await answers.shift();
        signal.throwIfAborted();
        if (!items) return;
        yield unpack(items);
      }
    } finally {
      this.load--;
      await this.ask({ kind: 'leave', walk }).catch(() => undefined); // by then it holds no folder open any more
    }
  }

  public async copy(request: Omit<CopyRequest, 'kind'>): Promise<Copied> {
    this.load++;
    try {
      return await this.ask({ kind: 'copy', ...request });
    } finally {
      this.load--;
    }
  }

  /**
   * Resolves when it holds no folder of the run open any more.
   *
   * @param run its id
   */
  public async end(run: string): Promise<void> {
    await this.ask({ kind: 'end', run }).catch(() => undefined);
  }

  private ask<T>(request: ThreadRequest): Promise<T> {
    const id = ++this.lastId;
    clearTimeout(this.idle);
    const answer = new Promise<T>((resolve, reject) => {
      if (this.state !== 'ready') return reject(new Error(ENDED));
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.worker.ref(); // the process does not end before the answer
      this.worker.postMessage({ id, request });
    });
    answer.catch(() => undefined); // whoever asked may have left
    return answer;
  }

  private settle({ id, result, failure }: ThreadAnswer): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (failure) waiting?.reject(toError(failure));
    else waiting?.resolve(result);
    if (this.waiting.size === 0) this.rest();
  }

  private rest(): void {
    this.worker.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (this.load > 0) return this.rest(); // a walk that waits for the other side
      this.drop(new Error(ENDED)); // first, so that nobody is given this thread any more
      void this.worker.terminate();
    }, IDLE).unref();
  }

  private drop(error: Error): void {
    DirectoryThread.started = DirectoryThread.started.filter(thread => thread !== this);
    this.state = 'ended';
    clearTimeout(this.idle);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** An error of the thread, as it would be here. */
export function toError({ message, code }: ThreadFailure): Error {
  if (code === OVERLAP) return new FatalError(code, message);
  return Object.assign(new Error(message), code !== undefined && { code });
}
