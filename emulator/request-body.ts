import { IncomingMessage } from 'node:http';
import { SerializationError, ServiceError } from './errors';

/** More than any request of the API can be: two filters of 102,400 characters and 50 tags. */
const MAX_BODY_BYTES = 1024 * 1024;

/** How much of a larger body is read and dropped, so that its sender gets to read the answer. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > MAX_DRAINED_BYTES) break;
    }
  } catch (error) {
    throw new SerializationError(`The request body ended early: ${(error as Error).message}`);
  }
  if (bytes > MAX_BODY_BYTES) {
    throw new ServiceError('RequestEntityTooLargeException', `The request body is larger than ${MAX_BODY_BYTES} bytes`, 413);
  }
  return Buffer.concat(chunks);
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
