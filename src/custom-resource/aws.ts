import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { send } from './http';
import type { CustomResourceServices } from './services';
import { stackState } from './stack-status';
import { callStates } from './state-machine';

/**
 * The real services.
 *
 * @param client signs the calls of services that have no client here; it is asked for when it is first needed
 */
export function awsServices(client: () => DataSyncClient): CustomResourceServices {
  return {
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
