import type { ItemFailure, ItemOutcome } from '../engine/outcome';

/** What a run did, item by item: paths below the location, with a leading `/`; that of a folder ends with one too. */
export interface ItemList {
  readonly transferred: string[];
  readonly deleted: string[];
  readonly failed: Array<{ readonly path: string; readonly reason: string }>;
}

/** Lists what executions do, of the tasks that somebody wants to know it of: a list is as long as the transfer is large. */
export class ItemLists {
  private readonly tasks = new Set<string>();
  private readonly lists = new Map<string, ItemList>();

  /** Lists what the executions do that this task starts from now on. */
  public watch(taskArn: string): void {
    this.tasks.add(taskArn);
  }

  /** A list for an execution that begins; undefined if nobody wants to know it. */
  public begin(taskArn: string, executionArn: string): ItemList | undefined {
    if (!this.tasks.has(taskArn)) return undefined;
    const list: ItemList = { transferred: [], deleted: [], failed: [] };
    this.lists.set(executionArn, list);
    return list;
  }

  public of(executionArn: string): ItemList | undefined {
    return this.lists.get(executionArn);
  }
}

export function noteOutcome(list: ItemList, { what, item }: ItemOutcome): void {
  if (what === 'Transferred') list.transferred.push(`/${item.key}`);
  else if (what === 'Deleted') list.deleted.push(`/${item.key}`);
}

export function noteFailure(list: ItemList, { path, message }: ItemFailure): void {
  list.failed.push({ path, reason: message });
}
