import type { DataSyncClient } from '@aws-sdk/client-datasync';
import type { CustomResourceServices } from '../../../custom-resource/services';

/** A parameter at one time. Its version grows by one with each write; absent where the service does not tell it. */
export interface KeptParameter {
  readonly value?: string;
  readonly version?: number;
}

/** Everything outside of the process that the functions touch. */
export interface Services extends CustomResourceServices {
  readonly datasync: Pick<DataSyncClient, 'send'>;
  /** Writes the SSM parameter. */
  putParameter(name: string, value: string, signal: AbortSignal): Promise<void>;
  /** Reads the SSM parameter, or with `<name>:<version>` what it was; undefined if there is none. */
  getParameter(name: string, signal: AbortSignal): Promise<KeptParameter | undefined>;
}
