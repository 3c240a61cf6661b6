import type { CfnResource } from 'aws-cdk-lib';
import type { Limit, LocationTraits } from './location-kinds';
import { kindsOfResource, LOCATION_TYPES } from './location-kinds';
import { LocationType } from './location-type';
import type { AgentBase } from '../agent/agent-base';
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
  return agentArnsOf(resource).flatMap(arn => resourceBehind(arn) ?? []);
}

function agentArnsOf(resource: CfnResource): unknown[] {
  const onPremises = propertyOf(resource, 'OnPremConfig') as { readonly agentArns?: unknown } | undefined;
  const arns = propertyOf(resource, 'AgentArns') ?? onPremises?.agentArns;
  return Array.isArray(arns) ? arns : [];
}

export function traitsOfCfnLocation(resource: CfnResource): LocationTraits {
  const [[, kind] = []] = kindsOfResource(resource.cfnResourceType);
  const traits = kind?.traits?.(name => propertyOf(resource, name)) ?? {};
  return { ...traits, mode: traits.mode ?? modeOfAgents(resource) };
}

/** A task uses the agents of its mode: where all are of one, it has to have that. */
function modeOfAgents(resource: CfnResource): Limit | undefined {
  const arns = agentArnsOf(resource);
  const agents = agentsOfCfnLocation(resource);
  const [mode, ...others] = new Set(agents.map(agent => (agent.node.scope as Partial<AgentBase> | undefined)?._taskMode));
  if (mode === undefined || others.length > 0 || agents.length < arns.length) return undefined;
  return {
    only: mode,
    detail: `with agents of mode ${mode}`,
    rule: 'a task uses the agents of its mode',
    remedy: 'give the task and its agents the same taskMode',
  };
}
