import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { signedCall } from './signed-call';

/**
 * Calls an operation of a service that speaks AWS's Query protocol.
 *
 * @param parameters with `Action` and `Version`
 * @returns the answer, in XML
 * @throws an error that looks like the SDK's
 */
export function queryCall(
  client: DataSyncClient, service: string, parameters: { readonly [name: string]: string }, signal: AbortSignal,
): Promise<string> {
  return signedCall(client, {
    service,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(parameters).toString(),
    readError: body => ({ name: xmlText(body, 'Code'), message: xmlText(body, 'Message') }),
  }, signal);
}

/** The text of the first element of that name. It cannot contain a tag, and nothing before it in the answers that are read can be called so. */
export function xmlText(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}
