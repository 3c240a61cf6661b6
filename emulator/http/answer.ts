import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Sends an answer, unless the client has gone. */
export function sendAnswer(response: ServerResponse, status: number, headers: OutgoingHttpHeaders, body: string | Buffer): void {
  const { req: request } = response;
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body), ...(!request.complete && { Connection: 'close' }) });
  if (request.complete || request.method === 'HEAD') {
    response.end(request.method === 'HEAD' ? undefined : body);
  } else {
    // Refused before all of it was there. A connection that is closed while the client still sends may take the answer with it,
    // so that is left to the client; to one that never comes to an end, Node.js does it.
    response.write(body);
    request.once('close', () => response.end()).resume();
  }
}
