import { createServer, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What to do with a request instead of passing it on: answer with a status and an error code, cut the line, or garble the body. */
export type Fault = { readonly status: number; readonly code: string } | 'cut' | 'garble' | undefined;

/** An HTTP proxy in front of an S3 endpoint that injects faults. */
export async function startFaultyProxy(target: string, fault: (request: IncomingMessage) => Fault): Promise<{ url: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const wanted = fault(incoming);
    if (typeof wanted === 'object') {
      incoming.resume();
      outgoing.writeHead(wanted.status, { 'content-type': 'application/xml' });
      outgoing.end(`<?xml version="1.0"?><Error><Code>${wanted.code}</Code><Message>injected ${wanted.code}</Message></Error>`);
      return;
    }
    const onward = request({ hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, answer => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      if (wanted === undefined) {
        answer.pipe(outgoing);
        return;
      }
      let passed = 0;
      answer.on('data', (chunk: Buffer) => {
        if (wanted === 'garble') {
          if (passed === 0) chunk[0] = 255 - chunk[0];
          outgoing.write(chunk);
        } else if (passed === 0) {
          outgoing.write(chunk.subarray(0, chunk.length / 2), () => outgoing.destroy());
        }
        passed += chunk.length;
      });
      answer.on('end', () => wanted === 'garble' && outgoing.end());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
