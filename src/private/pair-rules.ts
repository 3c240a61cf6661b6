import { Problems } from './errors';
import { BASIC_ONLY, SELF_MANAGED, Transfer } from './transfer';
import { LocationType } from '../location/location';
import { TaskMode } from '../task-mode';

/** Checks whether the service transfers between the two kinds of locations, in that mode. */
export function checkPair(problems: Problems, transfer: Transfer): void {
  const { source, destination, mode } = transfer;

  if (source && destination && SELF_MANAGED.has(source) && SELF_MANAGED.has(destination)) {
    problems.add(`source of type ${source} with destination of type ${destination}`, 'one side must be an AWS storage service',
      'transfer by way of an S3 location, with two tasks');
  }
  for (const [side, type, otherSide, other] of [
    ['source', source, 'destination', destination], ['destination', destination, 'source', source],
  ] as const) {
    if (type === LocationType.OUTPOST_S3 && other && other !== LocationType.S3) {
      problems.add(`${side} of type ${type} with ${otherSide} of type ${other}`, 'S3 on Outposts transfers from and to S3 in a Region only',
        'use an S3 location as the other side');
    }
    if (mode === TaskMode.ENHANCED && type && BASIC_ONLY.has(type)) {
      problems.add(`taskMode "ENHANCED" with ${side} of type ${type}`, 'that type of location is not available in Enhanced mode', 'use TaskMode.BASIC');
    }
  }
}
