import type {
  DeleteLocationRequest, DeleteLocationResponse, ListLocationsRequest, ListLocationsResponse, LocationFilter,
} from '@aws-sdk/client-datasync';
import type { Handlers } from './context';
import { InvalidRequestError } from '../errors';
import { textFilter, timeFilter } from '../model/list-filters';
import type { Location } from '../model/location';
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
    const filters = (input.Filters ?? []).map(filterOf);
    const all = context.locations.visibleTo(context.caller).filter(location => filters.every(passes => passes(location)));
    const { items, nextToken } = page('locations', all, ({ arn }) => arn, input);
    return { Locations: items.map(({ arn, uri }) => ({ LocationArn: arn, LocationUri: uri })), NextToken: nextToken };
  },
};

function filterOf(filter: LocationFilter): (location: Location) => boolean {
  if (filter.Name === 'CreationTime') {
    const passes = timeFilter(filter);
    return ({ creationTime }) => passes(creationTime);
  }
  const passes = textFilter(filter);
  return ({ uri, type }) => passes(filter.Name === 'LocationUri' ? uri : type.name);
}
