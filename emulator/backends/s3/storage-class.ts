import type { StorageClass } from '@aws-sdk/client-s3';
import type { Item } from '../../engine/backend';
import type { TransferOptions } from '../../engine/request';

const MINIMUM_SIZES: Readonly<Record<string, number>> = {
  STANDARD_IA: 128 * 1024,
  ONEZONE_IA: 128 * 1024,
  GLACIER_IR: 128 * 1024,
  GLACIER: 40 * 1024,
  DEEP_ARCHIVE: 40 * 1024,
};

/**
 * The class of a written object: an existing object keeps its own unless everything is transferred, a new one gets the location's,
 * except that objects below a class's minimum billable size go to STANDARD.
 */
export function storageClassFor(size: number, existing: Item | undefined, wanted: string | undefined, options: TransferOptions): StorageClass {
  if (existing?.object && options.TransferMode === 'CHANGED') return (existing.object.storageClass ?? 'STANDARD') as StorageClass;
  const chosen = wanted ?? 'STANDARD';
  return (size < (MINIMUM_SIZES[chosen] ?? 0) ? 'STANDARD' : chosen) as StorageClass;
}
