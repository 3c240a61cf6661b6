import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { send } from './http';

/** A call to a service of which one operation is needed. */
export interface SignedCall {
  /** First label of the service's host and its name in signatures, e.g. `ssm`. */
  readonly service: string;
  /** Of the services whose operations differ by it. */
  readonly path?: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  /** Reads the service's code and text from the body of an error. */
  readError(body: string): { name?: string; message?: string };
}

/**
 * Sends one request, signed by the SDK's own signer, to the partition and Region of the DataSync client.
 *
 * The clients of CloudFormation and SSM would add a third to the bundle and 40 % to the cold start for one call each that most
 * invocations never make.
 *
 * @returns the body of the answer
 * @throws an error that looks like the SDK's
 */
export async function signedCall(
  client: DataSyncClient, { service, path, headers, body, readError }: SignedCall, signal: AbortSignal,
): Promise<string> {
  const region = await client.config.region();
  const endpoint = await endpointOf(client, service, region);
  const url = path ? new URL(path, endpoint) : endpoint;
  const signer = await client.config.signer();
  const unsigned = {
    method: 'POST', protocol: url.protocol, hostname: url.hostname, path: url.pathname, query: {}, headers: { ...headers, host: url.host }, body,
  };
  const signed = await signer.sign(unsigned, { signingService: service, signingRegion: region });
  const answer = await send('POST', url, signed.headers, body, signal);
  if (answer.status < 300) return answer.body;
  const { name = `HTTP status ${answer.status}`, message } = readError(answer.body);
  throw Object.assign(new Error(message), { name, $metadata: { httpStatusCode: answer.status } });
}

/** Of services that the SDK's settings call by another name than their host. */
const SETTINGS: { readonly [service: string]: string } = { states: 'SFN' };

/** Named like the SDK's own settings; otherwise the sibling of the DataSync endpoint, which knows every partition. */
export async function endpointOf({ config }: DataSyncClient, service: string, region: string): Promise<URL> {
  const chosen = process.env[`AWS_ENDPOINT_URL_${SETTINGS[service] ?? service.toUpperCase()}`] || process.env.AWS_ENDPOINT_URL;
  if (chosen) return new URL(chosen);
  const { url } = config.endpointProvider({
    Region: region, UseFIPS: await config.useFipsEndpoint(), UseDualStack: await config.useDualstackEndpoint(),
  });
  return new URL(url.href.replace('//datasync', `//${service}`));
}

/** The name and text of an error in one of AWS's JSON protocols. */
export function readJsonError(body: string): { name?: string; message?: string } {
  try {
    const { __type, message, Message } = JSON.parse(body);
    return { name: __type && String(__type).split('#').pop(), message: message ?? Message };
  } catch {
    return {}; // not from the service itself; the status has to do
  }
}
