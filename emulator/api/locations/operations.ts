import { InvalidRequestError } from '../../errors';
import { agentNotFound } from '../../model/agent';
import { checkAccount, newLocationArn, scopeOfArn } from '../../model/arns';
import type { Location, DerivedMembers } from '../../model/location';
import type { Scope } from '../../model/scope';
import { newResource } from '../../model/store';
import type { Context, Handlers } from '../context';

/** One kind of location: what the members of its requests mean. */
export interface LocationApi<Settings extends object> {
  /** The operations are `CreateLocation<api>`, `DescribeLocation<api>` and `UpdateLocation<api>`. */
  readonly api: string;
  /** What errors call it. */
  readonly name: string;

  /**
   * Checks what the API model cannot say of the settings, and tells what follows from them.
   *
   * @throws InvalidRequestError naming the member, its value and the rule
   */
  derive(settings: Settings, locationArn: string, context: Context): DerivedMembers | Promise<DerivedMembers>;

  /** The settings as an update leaves them; `update` has only the members that were given. @default - each replaces the old one */
  update?(before: Settings, update: Partial<Settings>): Settings;
}

/** The three operations that each kind of location has for itself. */
export function locationOperations<Settings extends object>(own: LocationApi<Settings>): Handlers {
  const { api, name } = own;

  const find = (context: Context, arn: string): Location => {
    const location = context.locations.get(arn, context.caller);
    if (location.api !== api) throw new InvalidRequestError(`Invalid Location type: ${arn} is of type ${location.type.name}, not ${name}.`);
    return location;
  };

  const derive = async (context: Context, settings: Settings, arn: string): Promise<DerivedMembers> => {
    const derived = await own.derive(settings, arn, context);
    checkAgents(derived.agentArns, context.caller);
    return derived;
  };

  return {
    [`CreateLocation${api}`]: async (context, { Tags, ...settings }) => {
      const resource = newResource(context, newLocationArn(context.caller), Tags);
      const derived = await derive(context, settings, resource.arn);
      context.locations.add({ ...resource, api, settings, ...derived });
      return { LocationArn: resource.arn };
    },

    [`DescribeLocation${api}`]: (context, { LocationArn }) => {
      const { arn, uri, creationTime, details } = find(context, LocationArn);
      return { LocationArn: arn, LocationUri: uri, CreationTime: creationTime, ...details };
    },

    [`UpdateLocation${api}`]: async (context, { LocationArn, ...update }) => {
      for (;;) {
        const before = find(context, LocationArn).settings as Settings;
        const settings = own.update ? own.update(before, update) : { ...before, ...update };
        const derived = await derive(context, settings, LocationArn);
        // Another update, or a delete, may have come in while the access was tested.
        const location = find(context, LocationArn);
        if (location.settings === before) {
          Object.assign(location, { settings, ...derived });
          return {};
        }
      }
    },
  };
}

/** Those of another account or Region are as unknown as everything else there, whether they were created or not. */
function checkAgents(agentArns: readonly string[], caller: Scope): void {
  agentArns.forEach((arn, index) => {
    checkAccount(arn, caller);
    if (scopeOfArn(arn).region !== caller.region) throw new InvalidRequestError(agentNotFound(arn));
    if (agentArns.indexOf(arn) !== index) throw new InvalidRequestError(`Invalid parameter: AgentArns names ${arn} twice.`);
  });
}
