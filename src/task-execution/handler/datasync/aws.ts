import { DataSyncClient } from '@aws-sdk/client-datasync';
import { getParameter, putParameter } from './parameter';
import type { Services } from './services';
import { awsServices as customResourceServices } from '../../../custom-resource/aws';

/** The real services. The client is made when it is first used, then kept for as long as Lambda keeps the process. */
export function awsServices(): Services {
  let client: DataSyncClient | undefined;
  // What may be repeated is for this code to decide, above all a start, which has no client token.
  const datasync = () => client ??= new DataSyncClient({ maxAttempts: 1 });
  return {
    ...customResourceServices(datasync),
    get datasync() { return datasync(); },
    putParameter: (name, value, signal) => putParameter(datasync(), name, value, signal),
    getParameter: (name, signal) => getParameter(datasync(), name, signal),
  };
}
