import { CfnResource } from 'aws-cdk-lib';
import type { LocationTraits } from './location-binding';
import { kindsOfResource, LOCATION_TYPES } from './location-kinds';
import { LocationType } from './location-type';
import { propertyOf } from '../private/l1-fields';
import { Problems, show } from '../validation/problems';

/** Reads of the L1 of a location what a location of this library tells of itself. What only the deployment knows is undefined. */

/** Of use to callers without a compiler, and to those who pass what a location is made of. */
export function checkCfnLocation(resource: CfnResource): void {
  if (resource.cfnResourceType.startsWith(LOCATION_TYPES)) return;
  const problems = new Problems(resource.node.path);
  problems.add(`resource of type ${show(resource.cfnResourceType)}`, `must be of a type that begins with ${LOCATION_TYPES}`,
    'pass the L1 of a location, such as a CfnLocationSMB');
  problems.throwIfAny();
}

export function typeOfCfnLocation(resource: CfnResource): LocationType | undefined {
  const protocols = () => Object.entries(propertyOf(resource, 'Protocol') ?? {}).filter(([, value]) => value !== undefined).map(([name]) => name.toUpperCase());
  const [type] = kindsOfResource(resource.cfnResourceType).find(([, { protocol }]) => protocol === undefined || protocols().includes(protocol)) ?? [];
  return type === undefined ? undefined : LocationType.of(type);
}

export function traitsOfCfnLocation(resource: CfnResource): LocationTraits {
  return { storageClass: text(resource, 'S3StorageClass'), agents: isAgentless(resource) ? [] : undefined };
}

/** Only kinds that may have no agents have them at this place. */
function isAgentless(resource: CfnResource): boolean {
  const agents = propertyOf(resource, 'AgentArns') ?? [];
  return Array.isArray(agents) && agents.length === 0;
}

/** A text, which may be or have a token. */
function text(resource: CfnResource, name: string): string | undefined {
  const value = propertyOf(resource, name);
  return typeof value === 'string' ? value : undefined;
}
