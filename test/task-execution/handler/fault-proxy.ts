import { createServer, request as httpRequest } from 'node:http';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import type { TestServer } from './harness';
import { listen } from './harness';

/**
 * What happens to one request: an error instead of it, `lose` (it has its effect, but the answer gets lost), `cut` (it does not
 * get through) or `hang` (no answer ever).
 */
export type Fault = { readonly http: number; readonly type: string; readonly message?: string } | 'lose' | 'cut' | 'hang';

export interface FaultProxy extends TestServer {
  readonly client: DataSyncClient;
  /** Operations that came by, in their order. */
  readonly seen: string[];
  /** Decides on every request; `count` is how often the operation has been seen before. */
  fault: (operation: string, count: number) => Fault | undefined;
}

/** A proxy in front of the emulator that has bad days. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer((incoming, outgoing) => {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1];
    const fault = proxy.fault(operation, proxy.seen.filter(seen => seen === operation).length);
    proxy.seen.push(operation);
    if (fault === 'cut') return incoming.socket.destroy();
    if (fault === 'hang') return incoming.resume();
    if (fault && fault !== 'lose') {
      incoming.resume();
      return outgoing.writeHead(fault.http, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify({ __type: fault.type, message: fault.message ?? `no, because ${fault.type}` }));
    }
    const { host, ...headers } = incoming.headers;
    return incoming.pipe(httpRequest(target, { method: 'POST', headers }, answer => {
      if (fault === 'lose') return answer.resume().on('end', () => incoming.socket.destroy());
      outgoing.writeHead(answer.statusCode!, answer.headers);
      return answer.pipe(outgoing);
    }));
  });
  const address = await listen(server);
  const client = new DataSyncClient({
    endpoint: address.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1,
  });
  const proxy: FaultProxy = {
    ...address,
    client,
    seen: [],
    fault: () => undefined,
    close: async () => {
      client.destroy();
      await address.close();
    },
  };
  return proxy;
}
