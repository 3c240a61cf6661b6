import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that hangs on its keys alone: not on what was drawn before, so that leaving out one event of a scenario while it
 * is shrunk does not change all later ones.
 */
export function chance(...keys: Array<number | string>): number {
  return createHash('sha1').update(keys.join(';')).digest().readUInt32BE(0) / 2 ** 32;
}
