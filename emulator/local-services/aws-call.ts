import { createHash } from 'node:crypto';
import type { Scope } from '../model/scope';

export const TIMEOUT_MS = 5_000;

/** An operation of another service. */
export interface AwsOperation {
  /** As in signatures, e.g. `events`. */
  readonly service: string;
  /** As in `X-Amz-Target`, e.g. `AWSEvents.PutEvents`. */
  readonly target: string;
}

/** What the other side says went wrong. */
export class AwsCallError extends Error {
  constructor(public readonly code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

/**
 * Calls an operation of another service at a local endpoint, in the account and Region given. The signature is
 * well-formed and not valid: local endpoints do not check it, but read the account and the Region out of it.
 *
 * @throws AwsCallError on an answer that is an error, and other errors when there is no answer within five seconds
 */
export async function callAws(endpoint: string, { service, target }: AwsOperation, { account, region }: Scope, input: object): Promise<any> {
  const body = JSON.stringify(input);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': target,
      ...signatureOf(service, { account, region }, 'content-type;host;x-amz-date;x-amz-target', body),
    },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? {} : JSON.parse(text);
  throw errorOf(response.status, text);
}

/** The headers of a signature, which is well-formed and not valid. */
export function signatureOf(service: string, { account, region }: Scope, signedHeaders: string, body: string): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    'X-Amz-Date': date,
    'Authorization': `AWS4-HMAC-SHA256 Credential=${account}/${date.slice(0, 8)}/${region}/${service}/aws4_request, `
      + `SignedHeaders=${signedHeaders}, Signature=${createHash('sha256').update(body).digest('hex')}`,
  };
}

function errorOf(status: number, text: string): AwsCallError {
  try {
    const { __type, message, Message } = JSON.parse(text) ?? {};
    if (typeof __type === 'string') return new AwsCallError(__type.replace(/^.*#/, ''), String(message ?? Message ?? ''));
  } catch {
    // falls through: not every endpoint speaks JSON when it fails
  }
  return new AwsCallError(`HTTP ${status}`, text.slice(0, 200));
}

/** A failed call in one line. `fetch` keeps what really happened in the cause. */
export function describeFailure(error: unknown): string {
  const { name, message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} seconds`;
  return cause ? `${message}: ${cause.message || cause.code}` : message;
}
