import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors';

/** Whether the client speaks Smithy RPC v2 CBOR, which the service has as well. It understands nothing else as an answer. */
export function speaksCbor({ headers }: IncomingMessage): boolean {
  return headers['smithy-protocol'] === 'rpc-v2-cbor' || headers['content-type'] === 'application/cbor';
}

/**
 * Refuses what is not AWS JSON 1.1, where it can be told.
 *
 * @throws ServiceError that names both protocols
 */
export function refuseOtherProtocols(request: IncomingMessage): void {
  const named = request.headers['smithy-protocol'] ?? (speaksCbor(request) ? 'rpc-v2-cbor' : undefined);
  if (named === undefined) return;
  throw new ServiceError(
    'UnsupportedProtocolException',
    `The client speaks the protocol ${String(named).slice(0, 100)}, the emulator AWS JSON 1.1 only. Configure the client for AWS JSON 1.1, or use one that speaks it by default.`,
    415,
  );
}

/** A structure of texts, which is all that an error is, in CBOR. */
export function encodeCbor(value: object): Buffer {
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(text)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([head(3, bytes.length), bytes]);
}

/** The kind of an item and its length. */
function head(major: number, length: number): Buffer {
  const kind = major * 32;
  if (length < 24) return Buffer.from([kind + length]);
  return length < 256 ? Buffer.from([kind + 24, length]) : Buffer.from([kind + 25, Math.floor(length / 256), length % 256]);
}
