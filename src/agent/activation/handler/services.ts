import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { Invocation } from '../../../custom-resource/invocation';
import type { CustomResourceServices } from '../../../custom-resource/services';
import type { FetchAnswer, FetchRequest } from '../contract';

/** A network interface of a VPC endpoint. */
export interface EndpointInterface {
  readonly subnetId?: string;
  readonly address?: string;
}

/** Everything outside of the process that the function touches. */
export interface Services extends CustomResourceServices {
  readonly datasync: Pick<DataSyncClient, 'send'>;
  /** Lets the function inside of the network ask an instance for its key. */
  fetchKey(fetcher: string, request: FetchRequest, signal: AbortSignal): Promise<FetchAnswer>;
  /** The network interfaces of a VPC endpoint. */
  endpointInterfaces(vpcEndpointId: string, signal: AbortSignal): Promise<EndpointInterface[]>;
}

/** One invocation of the function. */
export class ActivationInvocation extends Invocation<Services> {
  /** Whether the Update is one of a rollback, which keeps the physical id whatever becomes of it. */
  public isRollback = false;
}
