import type { EndpointType, PrivateLinkConfig } from '@aws-sdk/client-datasync';
import type { Resource } from './store';

/** An agent that was created. One that was not may still be named by locations, and counts as online. */
export interface Agent extends Resource {
  name?: string;
  /** When it was last seen; of one that is online that is now. */
  lastConnectionTime: Date;
  readonly endpointType: EndpointType;
  readonly privateLink?: PrivateLinkConfig;
}

/** The service's text about a missing agent. */
export function agentNotFound(arn: string): string {
  return `Agent ${arn} does not exist.`;
}
