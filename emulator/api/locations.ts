import type {
  DeleteLocationRequest, DeleteLocationResponse, ListLocationsRequest, ListLocationsResponse, LocationFilter,
} from '@aws-sdk/client-datasync';
import { Context, Handlers } from './context';
import { InvalidRequestError } from '../errors';
import { matchesFilter } from '../model/list-filters';
import { Location, LocationType } from '../model/location';
import { page } from '../model/pagination';

/** Operations on locations of any type. */
export const locations: Handlers = {
  DeleteLocation: (context, { LocationArn }: DeleteLocationRequest): DeleteLocationResponse => {
    const location = context.locations.get(LocationArn!, context.caller);
    const user = [...context.tasks].find(({ source, destination }) => source === location || destination === location);
    if (user) throw new InvalidRequestError(`Location ${location.arn} is in use by task ${user.arn}. Delete the task first.`);
    context.locations.delete(location);
    return {};
  },

  ListLocations: (context, input: ListLocationsRequest): ListLocationsResponse => {
    const all = context.locations.visibleTo(context.caller).filter(location => (input.Filters ?? []).every(filter => matches(location, filter)));
    const { items, nextToken } = page(all, ({ arn }) => arn, input);
    return { Locations: items.map(({ arn, uri }) => ({ LocationArn: arn, LocationUri: uri })), NextToken: nextToken };
  },
};

/**
 * What Describe says of a location.
 *
 * @throws InvalidRequestError when the location is of another type
 */
export function describeLocation(context: Context, { LocationArn }: { LocationArn?: string }, type: LocationType['name']): object {
  const location = context.locations.get(LocationArn!, context.caller);
  if (location.type.name !== type) throw new InvalidRequestError(`Invalid Location type: ${location.arn} is of type ${location.type.name}, not ${type}.`);
  return { LocationArn: location.arn, LocationUri: location.uri, CreationTime: location.creationTime, ...location.details };
}

function matches(location: Location, { Name, Values, Operator }: LocationFilter): boolean {
  switch (Name) {
    case 'LocationUri':
      return matchesFilter(location.uri, Operator!, Values!);
    case 'LocationType':
      return matchesFilter(location.type.name, Operator!, Values!);
    default:
      return matchesFilter(location.creationTime, Operator!, Values!);
  }
}
