/** Something that the person who deploys can act on: what failed, why, and what to do. Its message is all they see. */
export class Failure extends Error {
  constructor(what: string, remedy: string) {
    super(`${sentence(what)} ${sentence(remedy)}`);
    this.name = 'DataSyncFailure';
    this.stack = undefined; // Lambda prints and returns it
  }
}

/** How a call to a service went wrong, as far as it matters for what to do next. */
export enum ErrorKind {
  /** Too many requests; the same call goes through later. */
  THROTTLED,
  /** Not allowed, or not allowed yet: IAM propagation takes a while after a policy or a role was made. */
  DENIED,
  /** Not known whether the call had its effect: no answer, or an error inside the service. */
  UNCLEAR,
  /** There is no such thing. */
  NOT_FOUND,
  /** The service understood and said no. */
  REFUSED,
}

interface ServiceError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly errorCode?: string;
  readonly datasyncErrorCode?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|LimitExceededRate/i;
// A new role's credentials can be unknown to a service for a few seconds, just like its policy.
const DENIED = /AccessDenied|UnauthorizedOperation|NotAuthorized|UnrecognizedClient|InvalidClientTokenId/i;

export function errorKindOf(error: unknown): ErrorKind {
  const { name = '', message = '', $metadata, $retryable } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  if ($retryable?.throttling || status === 429 || THROTTLED.test(name)) return ErrorKind.THROTTLED;
  if (DENIED.test(name) || status === 403) return ErrorKind.DENIED;
  if (status === undefined || status >= 500) return ErrorKind.UNCLEAR;
  // The service has no exception of its own for this; Terraform tells by the same two words.
  if (/\bnot found\b|does not exist/i.test(message)) return ErrorKind.NOT_FOUND;
  return ErrorKind.REFUSED;
}

/** The answer of a call, or undefined if it failed in one of these ways. */
export async function unless<T>(kinds: readonly ErrorKind[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (kinds.includes(errorKindOf(error))) return undefined;
    throw error;
  }
}

/** The answer of a call, or undefined if there is nothing (any more) of what it is about. */
export function unlessNotFound<T>(answer: Promise<T>): Promise<T | undefined> {
  return unless([ErrorKind.NOT_FOUND], answer);
}

/** The service's code and text, as it gave them. */
export function errorText(error: unknown): string {
  const { name = 'Error', message, code, errorCode, datasyncErrorCode } = (error ?? {}) as ServiceError;
  // The code of an aborted call is a number, which says nothing that the name does not.
  const codes = [...new Set([errorCode, datasyncErrorCode, code])].filter(text => typeof text === 'string' && text && text !== name).join(', ');
  return `${name}${codes ? ` (${codes})` : ''}: ${message || 'no further text'}`;
}

/** A call that failed for good, in words: the operation, what it was about, the service's text, and what to do. */
export function callFailed(operation: string, subject: string, error: unknown, remedy = remedyOf(operation, error)): Failure {
  return new Failure(`${operation} failed for ${subject}: ${errorText(error)}`, remedy);
}

function remedyOf(operation: string, error: unknown): string {
  switch (errorKindOf(error)) {
    case ErrorKind.THROTTLED:
      return 'The account sends too many requests to the service; deploy again when less is going on';
    case ErrorKind.DENIED:
      return `Allow ${operation} to the role of the function and look for permissions boundaries and service control policies that deny it`;
    case ErrorKind.UNCLEAR:
      return 'The service did not answer properly; see whether the function can reach it (VPC endpoint, network), then deploy again';
    case ErrorKind.NOT_FOUND:
      return 'See that it exists in this account and Region; if it was deleted by hand, remove it from the app or create it again';
    case ErrorKind.REFUSED:
      return 'Correct what the text names, then deploy again';
  }
}

/** Ends a text with a full stop, unless it has an end of its own. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
