import type { CfnResource } from 'aws-cdk-lib';
import type { LocationTraits } from './location-kinds';
import { kindsOfResource, LOCATION_TYPES } from './location-kinds';
import { LocationType } from './location-type';
import { propertyOf, resourceBehind } from '../private/l1-fields';
import { Problems, show } from '../validation/problems';

/** Reads what a location is of its L1, be it the user's or that of a location of this library. What only the deployment knows is undefined. */

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

/** The agents of the app that reach a location. */
export function agentsOfCfnLocation(resource: CfnResource): CfnResource[] {
  const onPremises = propertyOf(resource, 'OnPremConfig') as { readonly agentArns?: unknown } | undefined;
  const arns = propertyOf(resource, 'AgentArns') ?? onPremises?.agentArns;
  return (Array.isArray(arns) ? arns : []).flatMap(arn => resourceBehind(arn) ?? []);
}

export function traitsOfCfnLocation(resource: CfnResource): LocationTraits {
  const [[, kind] = []] = kindsOfResource(resource.cfnResourceType);
  return kind?.traits?.(name => propertyOf(resource, name)) ?? {};
}
