import type {
  DeleteLocationRequest, DeleteLocationResponse, ListLocationsRequest, ListLocationsResponse, LocationFilter,
} from '@aws-sdk/client-datasync';
import { Handlers } from './context';
import { InvalidRequestError } from '../errors';
import { matchesFilter } from '../model/list-filters';
import { Location } from '../model/location';
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
