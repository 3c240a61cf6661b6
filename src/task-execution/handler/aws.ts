import { setTimeout as sleep } from 'node:timers/promises';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import { getParameter, putParameter } from './parameter';
import type { Services } from './services';
import { send } from '../../custom-resource/http';
import { stackState } from '../../custom-resource/stack-status';

/** The real services. The client is made when it is first used, then kept for as long as Lambda keeps the process. */
export function awsServices(): Services {
  let client: DataSyncClient | undefined;
  // What may be repeated is for this code to decide, above all a start, which has no client token.
  const datasync = () => client ??= new DataSyncClient({ maxAttempts: 1 });
  return {
    get datasync() { return datasync(); },
    stack: (stackId, signal) => stackState(datasync(), stackId, signal),
    putParameter: (name, value, signal) => putParameter(datasync(), name, value, signal),
    getParameter: (name, signal) => getParameter(datasync(), name, signal),
    // The URL is signed for an empty content type.
    put: async (url, body, signal) => (await send('PUT', new URL(url), { 'content-type': '' }, body, signal)).status,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    now: Date.now,
    random: Math.random,
    write: line => { process.stdout.write(`${line}\n`); },
  };
}
