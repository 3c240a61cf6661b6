import { pack } from './pack';
import type { Copied, CopyRequest } from './thread-protocol';
import { DirectoryThread, toError } from './threads';
import type { Item, WriteContext } from '../../engine/backend';

/** Files that go to a thread at once. */
const BATCH = 128;

interface Waiting {
  resolve(result: Item | undefined | Promise<Item | undefined>): void;
  reject(error: unknown): void;
}

type CopyHere = (item: Item) => Item | undefined | Promise<Item | undefined>;

/** Has the small files of one run copied in batches, each by a thread. */
export class BatchCopy {
  private items: Item[] = [];
  private waiting: Waiting[] = [];
  private timer: NodeJS.Immediate | undefined;
  private readonly threads = new Set<DirectoryThread>();

  /** @param copyHere copies one file in this thread, where the others cannot or have ended */
  constructor(
    private readonly folders: Pick<CopyRequest, 'from' | 'to' | 'staging' | 'keepsOwner'>,
    private readonly context: WriteContext,
    private readonly copyHere: CopyHere,
  ) {}

  public copy(item: Item): Promise<Item | undefined> {
    return new Promise((resolve, reject) => {
      this.items.push(item);
      this.waiting.push({ resolve, reject });
      if (this.items.length >= BATCH) void this.send();
      else this.timer ??= setImmediate(() => void this.send());
    });
  }

  /** When all is copied. */
  public async end(): Promise<void> {
    await Promise.all([...this.threads].map(thread => thread.end(this.folders.staging.id)));
  }

  private async send(): Promise<void> {
    const { items, waiting } = this;
    this.items = [];
    this.waiting = [];
    clearImmediate(this.timer);
    this.timer = undefined;
    const here = (index: number) => waiting[index].resolve(Promise.resolve(items[index]).then(this.copyHere));
    const outcome = await this.sendTo(DirectoryThread.get(), items);
    if (!outcome) return items.forEach((_, index) => here(index));
    this.context.sent(outcome.sent);
    this.context.written(outcome.written);
    for (const { index, reason } of outcome.exceptions) {
      if (reason === 'kept') waiting[index].resolve(undefined);
      else if (reason === 'changed' || reason.code === 'EACCES') here(index); // only here a folder can be made writable
      else waiting[index].reject(toError(reason));
    }
    waiting.forEach(({ resolve }, index) => resolve(items[index])); // whatever was settled stays as it is
  }

  /** Gives undefined if there is no thread any more. Whatever it had copied by then is copied again. */
  private async sendTo(thread: DirectoryThread | undefined, items: readonly Item[]): Promise<Copied | undefined> {
    if (!thread) return undefined;
    this.threads.add(thread);
    try {
      return await thread.copy({ ...this.folders, options: this.context.options, items: pack(items) });
    } catch {
      return undefined;
    }
  }
}
