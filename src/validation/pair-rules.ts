import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { isElsewhere } from './checks';
import type { TransferDefinition } from './definition';
import type { Problems } from './problems';
import { show } from './problems';
import { warn } from './warnings';
import type { ILocation } from '../location/location';
import type { LocationBinding } from '../location/location-binding';
import type { Limit } from '../location/location-kinds';

/** Checks whether the service transfers between the two locations, in that mode. */
export function checkPair(problems: Problems, { source, destination, mode }: TransferDefinition): void {
  if (source?.selfManaged && destination?.selfManaged) {
    problems.add(`source of type ${source.type} with destination of type ${destination.type}`, 'one side must be an AWS storage service',
      'transfer by way of an S3 location, with two tasks');
  }
  for (const [side, location, otherSide, other] of [['source', source, 'destination', destination], ['destination', destination, 'source', source]] as const) {
    if (!location) continue;
    const subject = (limit: Limit) => `${side} of type ${location.type}${limit.detail ? ` ${limit.detail}` : ''}`;
    checkLimit(problems, location.partner, other?.type, limit => `${subject(limit)} with ${otherSide} of type ${other?.type}`);
    checkLimit(problems, location.mode, mode, limit => `taskMode ${show(mode)} with ${subject(limit)}`);
  }
}

/** What is not known passes. */
function checkLimit(problems: Problems, limit: Limit | undefined, given: string | undefined, subject: (limit: Limit) => string): void {
  if (limit === undefined || given === undefined || given === limit.only) return;
  problems.add(subject(limit), limit.rule, limit.remedy);
}

/** Checks where the locations are: one of two must be in the Region of the task, and none may be elsewhere when one of them cannot cross Regions. */
export function checkRegions(problems: Problems, scope: IConstruct, source: ILocation, destination: ILocation, transfer: TransferDefinition): void {
  const { region } = Stack.of(scope);
  const elsewhere = Object.entries({ source, destination }).filter(([, location]) => isElsewhere(location.env.region, region));
  const bound = [transfer.source, transfer.destination].find(side => side?.boundToRegion)?.type;
  if (!bound && elsewhere.length < 2) return;
  const rule = bound ? `a transfer with a location of type ${bound} cannot cross Regions` : 'one of the two must be in the Region of the task';
  for (const [side, location] of elsewhere) {
    problems.add(`${side} ${show(location.node.path)}`, `is in the Region ${location.env.region}, this stack is in ${region}, and ${rule}`,
      bound ? 'use both from the Region of the task' : 'make the task in the Region of one of them');
  }
}

/** Warns of a transfer from a place into itself: what the service says to it is not documented. */
export function checkOverlap(scope: IConstruct, source: ILocation, destination: ILocation, transfer: TransferDefinition): void {
  const [from = '', to = ''] = [transfer.source?.place, transfer.destination?.place];
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
export function overlap(one: LocationBinding, other: LocationBinding): boolean {
  const [a, b] = [one.place, other.place];
  return a.startsWith(b) || b.startsWith(a);
}
