import type { IncomingMessage } from 'node:http';
import { SerializationError, ServiceError } from '../errors';

/** More than any request of the API can be: two filters of 102,400 characters and 50 tags. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The whole body of a request. One that is too large is refused at once; what still comes of it is read and dropped. */
export function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        chunks = [];
        reject(new ServiceError('RequestEntityTooLargeException', `The request body is larger than ${MAX_BODY_BYTES} bytes`, 413));
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    const cut = (error?: Error) => reject(new SerializationError(`The request body ended early: ${error?.message ?? 'the connection was closed'}`));
    request.once('error', cut).once('close', cut);
  });
}

/** The body as JSON; nothing at all is an empty structure. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new SerializationError(`The request body is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}
