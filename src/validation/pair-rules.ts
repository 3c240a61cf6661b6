import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isElsewhere } from './checks';
import { Problems, show } from './problems';
import { warn } from './warnings';
import type { ILocation } from '../location/location';
import { LocationType } from '../location/location-type';
import { placeOfLocation } from '../private/place';
import { BASIC_ONLY, BOUND_TO_REGION, SELF_MANAGED, Transfer } from '../private/transfer';
import { TaskMode } from '../task-mode';

/** Checks whether the service transfers between the two kinds of locations, in that mode. */
export function checkPair(problems: Problems, transfer: Transfer): void {
  const { source, destination, mode } = transfer;

  if (source && destination && SELF_MANAGED.has(source) && SELF_MANAGED.has(destination)) {
    problems.add(`source of type ${source} with destination of type ${destination}`, 'one side must be an AWS storage service',
      'transfer by way of an S3 location, with two tasks');
  }
  for (const [side, type, isAgentless, otherSide, other] of [
    ['source', source, transfer.sourceAgentless, 'destination', destination],
    ['destination', destination, transfer.destinationAgentless, 'source', source],
  ] as const) {
    if (type === LocationType.OUTPOST_S3.value && other && other !== LocationType.S3.value) {
      problems.add(`${side} of type ${type} with ${otherSide} of type ${other}`, 'S3 on Outposts transfers from and to S3 in a Region only',
        'use an S3 location as the other side');
    }
    if (mode === TaskMode.ENHANCED && type && BASIC_ONLY.has(type)) {
      problems.add(`taskMode "ENHANCED" with ${side} of type ${type}`, 'that type of location is not available in Enhanced mode', 'use TaskMode.BASIC');
    }
    if (isAgentless && other && other !== LocationType.S3.value) {
      problems.add(`${side} of type ${type} without agents with ${otherSide} of type ${other}`, 'without agents it transfers from and to S3 only',
        'create the location with agents, or use an S3 location as the other side');
    }
    if (isAgentless && mode === TaskMode.BASIC) {
      problems.add(`taskMode "BASIC" with ${side} of type ${type} without agents`, 'Basic mode reaches that type of location by agents only',
        'use TaskMode.ENHANCED, or create the location with agents');
    }
  }
}

/** Checks where the locations are: one of two must be in the Region of the task, and none may be elsewhere when one of them cannot cross Regions. */
export function checkRegions(problems: Problems, scope: IConstruct, source: ILocation, destination: ILocation, transfer: Transfer): void {
  const { region } = Stack.of(scope);
  const elsewhere = Object.entries({ source, destination }).filter(([, location]) => isElsewhere(location.env.region, region));
  const bound = [transfer.source, transfer.destination].find(type => type && BOUND_TO_REGION.has(type));
  if (!bound && elsewhere.length < 2) return;
  const rule = bound ? `a transfer with a location of type ${bound} cannot cross Regions` : 'one of the two must be in the Region of the task';
  for (const [side, location] of elsewhere) {
    problems.add(`${side} ${show(location.node.path)}`, `is in the Region ${location.env.region}, this stack is in ${region}, and ${rule}`,
      bound ? 'use both from the Region of the task' : 'make the task in the Region of one of them');
  }
}

/** Warns of a transfer from a place into itself: what the service says to it is not documented. */
export function checkOverlap(scope: IConstruct, source: ILocation, destination: ILocation): void {
  const [from, to] = [source, destination].map(placeOfLocation);
  const [a, b] = [source, destination].map(location => show(location.node.path));
  const apart = 'copies may be copied again by the next execution, and with PreserveDeletedFiles.REMOVE files may be lost; use places that are apart';
  if (from === to || source.locationArn === destination.locationArn) {
    warn(scope, 'locationsOverlap', `source ${a} and destination ${b} are the same place; use places that are apart`);
  } else if (to.startsWith(from)) {
    warn(scope, 'locationsOverlap', `destination ${b} is inside source ${a}: ${apart}`);
  } else if (from.startsWith(to)) {
    warn(scope, 'locationsOverlap', `source ${a} is inside destination ${b}: ${apart}`);
  }
}

/** Whether one of the two is known to be the other, or inside of it. */
export function overlap(one: ILocation, other: ILocation): boolean {
  const [a, b] = [one, other].map(placeOfLocation);
  return a.startsWith(b) || b.startsWith(a);
}
