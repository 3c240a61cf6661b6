import { setTimeout as sleep } from 'node:timers/promises';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import { send } from './http';
import type { CustomResourceServices } from './services';
import { stackState } from './stack-status';
import { callStates } from './state-machine';

/**
 * The real services. The client of DataSync is made when it is first used, then kept for as long as Lambda keeps the process.
 *
 * @param more what only one handler calls; it gets the client, which signs the calls of services that have no client here
 */
export function awsServices<More extends object>(
  more: (client: () => DataSyncClient) => More,
): CustomResourceServices & More & { readonly datasync: DataSyncClient } {
  let made: DataSyncClient | undefined;
  // What may be repeated is for the handlers to decide, above all what has no client token: a start, and a CreateAgent.
  const client = () => made ??= new DataSyncClient({ maxAttempts: 1 });
  return {
    ...more(client),
    get datasync() { return client(); },
    stack: (stackId, signal) => stackState(client(), stackId, signal),
    states: (operation, input, signal) => callStates(client(), operation, input, signal),
    // The URL is signed for an empty content type.
    put: async (url, body, signal) => (await send('PUT', new URL(url), { 'content-type': '' }, body, signal)).status,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    now: Date.now,
    random: Math.random,
    write: line => { process.stdout.write(`${line}\n`); },
  };
}
