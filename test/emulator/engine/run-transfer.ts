import type { Counters, ItemFailure, ItemOutcome, Phase, TransferResult } from '../../../emulator/engine/outcome';
import type { TransferOptions, TransferRequest } from '../../../emulator/engine/request';
import { Transfer } from '../../../emulator/engine/transfer';

export const DEFAULTS: TransferOptions = {
  Atime: 'BEST_EFFORT',
  BytesPerSecond: -1,
  Gid: 'INT_VALUE',
  Mtime: 'PRESERVE',
  ObjectTags: 'PRESERVE',
  ObjectMetadata: 'PRESERVE',
  OverwriteMode: 'ALWAYS',
  PosixPermissions: 'PRESERVE',
  PreserveDeletedFiles: 'PRESERVE',
  PreserveDevices: 'NONE',
  TransferMode: 'CHANGED',
  Uid: 'INT_VALUE',
  VerifyMode: 'NONE',
};

export type Setup = Pick<TransferRequest, 'source' | 'destination'> & {
  readonly options?: Partial<TransferOptions>;
  readonly includes?: string;
  readonly excludes?: string;
  readonly taskMode?: TransferRequest['taskMode'];
  readonly storageClass?: string;
  readonly signal?: AbortSignal;
  /** Called before the run with the transfer, and as phases begin. */
  readonly onPhase?: (phase: Phase, transfer: Transfer) => void;
};

export interface Report {
  readonly result: TransferResult;
  readonly counters: Counters;
  readonly outcomes: ItemOutcome[];
  readonly failures: Array<Omit<ItemFailure, 'item'>>;
  readonly phases: Phase[];
}

export async function transfer(setup: Setup): Promise<Report> {
  const outcomes: ItemOutcome[] = [];
  const failures: Array<Omit<ItemFailure, 'item'>> = [];
  const phases: Phase[] = [];
  const one = new Transfer({
    source: setup.source,
    destination: setup.destination,
    options: { ...DEFAULTS, ...setup.options },
    includes: setup.includes === undefined ? [] : [{ FilterType: 'SIMPLE_PATTERN', Value: setup.includes }],
    excludes: setup.excludes === undefined ? [] : [{ FilterType: 'SIMPLE_PATTERN', Value: setup.excludes }],
    taskMode: setup.taskMode ?? 'BASIC',
    storageClass: setup.storageClass,
    locationNames: { source: 'loc-source', destination: 'loc-destination' },
  });
  const observer = {
    onPhase: (phase: Phase) => {
      phases.push(phase);
      setup.onPhase?.(phase, one);
    },
    onItem: (outcome: ItemOutcome) => void outcomes.push(outcome),
    onItemFailure: ({ item: _, ...failure }: ItemFailure) => void failures.push(failure),
  };
  const result = await one.run(observer, setup.signal ?? new AbortController().signal);
  setup.source.close();
  setup.destination.close();
  return { result, counters: one.counters, outcomes, failures, phases };
}
