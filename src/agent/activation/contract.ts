import { TAG_PREFIX } from '../../task-execution/contract';
import type { WireTag } from '../../task-execution/contract';

/**
 * What an `Ec2Agent` sends and its functions read.
 *
 * @internal
 */

/** The properties of `Custom::DataSyncAgent`. */
export interface WireAgentProperties {
  readonly InstanceId: string;
  /** Where the instance answers: its private IPv4 address. */
  readonly Address: string;
  /** Name of the function that reaches it. */
  readonly Fetcher: string;
  /** PUBLIC, FIPS, PRIVATE_LINK or FIPS_PRIVATE_LINK. */
  readonly EndpointType: string;
  /** The next four only with PRIVATE_LINK. */
  readonly VpcEndpointId?: string;
  readonly SubnetArn?: string;
  readonly SecurityGroupArn?: string;
  /** The subnet of the instance. */
  readonly InstanceSubnetId?: string;
  readonly AgentName?: string;
  readonly Tags?: WireTag[];
  /** Seconds from the request until the agent has to be online. */
  readonly ActivationTimeout: string;
  /** ARN of the state machine with which all that is waited for. */
  readonly Waiter: string;
}

/** What the fetcher is asked. */
export interface FetchRequest {
  readonly Url: string;
}

/** What it says: a key, or why there is none. */
export interface FetchAnswer {
  readonly Key?: string;
  readonly Problem?: string;
}

/** The resource type of an agent on an instance. */
export const AGENT_RESOURCE_TYPE = 'Custom::DataSyncAgent';

export const ATTRIBUTE_AGENT_ARN = 'AgentArn';

/** Physical id of an agent that was never made: this and the request's id. */
export const NOT_ACTIVATED_PREFIX = 'not-activated:';

/** Tag on every agent: the instance that it runs on. */
export const TAG_INSTANCE = `${TAG_PREFIX}instance-id`;

/** Tags of ours: owner, request, instance. */
export const OWN_AGENT_TAGS = 3;

/** How long one request to an instance may take, and the function that sends it, in seconds. */
export const FETCH_TIMEOUT = 8;
export const FETCHER_TIMEOUT = 15;

/** How long the function behind the resource may take, in seconds. */
export const ACTIVATION_FUNCTION_TIMEOUT = 10 * 60;

/** How long an activation may take, in seconds: by default and at most. */
export const ACTIVATION_TIMEOUT = { default: 15 * 60, max: 50 * 60 };
