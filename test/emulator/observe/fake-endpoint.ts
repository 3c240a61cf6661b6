import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that arrived. */
export interface FakeCall {
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly input: any;
}

/** A local endpoint of any JSON service, which answers as it is told. */
export interface FakeEndpoint {
  readonly url: string;
  readonly calls: FakeCall[];
  /** The input of each call of that operation. */
  inputs(target: string): any[];
  close(): Promise<void>;
}

/**
 * @param answer the answer to a call: status and body, or nothing at all
 */
export async function startFakeEndpoint(answer: (call: FakeCall) => { status?: number; body?: object } | 'nothing' = () => ({})): Promise<FakeEndpoint> {
  const calls: FakeCall[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', data => { text += data; });
    request.on('end', () => {
      const call = { target: String(request.headers['x-amz-target']), headers: request.headers, input: JSON.parse(text) };
      calls.push(call);
      const answered = answer(call);
      if (answered === 'nothing') return;
      response.writeHead(answered.status ?? 200, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answered.body ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    inputs: target => calls.filter(call => call.target === target).map(({ input }) => input),
    close: async () => {
      server.closeAllConnections();
      await new Promise(closed => server.close(closed));
    },
  };
}
