import type { ItemFailure, Phase, Step } from '../engine/outcome';

/** What people are told of an item that failed. */
export interface FailedItem {
  readonly phase: Phase;
  readonly step: Step;
  /** Path below the location, with a leading `/`. */
  readonly path: string;
  readonly message: string;
  readonly code?: string;
}

/** Of one execution. Who wants all of them reads the log or the task report. */
const PER_EXECUTION = 20;

/** Of all executions together: however many fail, they take no more memory than this. */
const IN_ALL = 1_000;

/** Characters of a path or of a message. */
const LONGEST = 1_000;

/** The first items that failed of each execution, in memory only; those of the oldest executions make room for new ones. */
export class FailedItems {
  /** By the ARN of the execution, in the order of their first failure. */
  private readonly lists = new Map<string, FailedItem[]>();
  private count = 0;

  public note(executionArn: string, { phase, step, path, message, code }: ItemFailure): void {
    const list = this.lists.get(executionArn) ?? [];
    if (list.length >= PER_EXECUTION) return;
    list.push({ phase, step, path: clipped(path), message: clipped(message), code });
    this.lists.set(executionArn, list);
    this.count++;
    for (const [oldest, { length }] of this.lists) {
      if (this.count <= IN_ALL) break;
      this.lists.delete(oldest);
      this.count -= length;
    }
  }

  public of(executionArn: string): readonly FailedItem[] {
    return this.lists.get(executionArn) ?? [];
  }
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
