import { printable } from './format';
import type { TaskEndpoint } from './task-endpoint';
import { ErrorKind, errorKindOf, errorText } from '../../src/custom-resource/errors';

/** Whether another look at the same thing may help; `gone` and `none` say that it does not. */
export type LookupFailure = 'none' | 'gone' | 'throttled' | 'no answer' | 'credentials';

/** A task or an execution could not be looked at: where, why, and what to do, in one line. */
export class LookupError extends Error {
  constructor(message: string, public readonly failure: LookupFailure) {
    super(message);
  }
}

/** For one look, with what the SDK tries again by itself. */
const TIMEOUT_MS = 60_000;

/**
 * Makes a call that only reads.
 *
 * @throws LookupError when it fails or takes too long; the reason of the signal when that is aborted
 */
export async function lookUp<T>(
  operation: string, arn: string, where: TaskEndpoint, signal: AbortSignal | undefined, send: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await send({ abortSignal: signal ? AbortSignal.any([signal, timeout]) : timeout });
  } catch (error) {
    signal?.throwIfAborted();
    throw lookupError(operation, arn, where, timeout.aborted ? new Error(`nothing for ${TIMEOUT_MS / 1000} seconds`) : error);
  }
}

/** What went wrong in a call of the SDK, in the words of who wants to look. */
export function lookupError(operation: string, arn: string, where: TaskEndpoint, error: unknown): LookupError {
  const [failure, ...message] = reasonOf(operation, arn, where, error);
  return new LookupError(message.join(''), failure);
}

function reasonOf(operation: string, arn: string, where: TaskEndpoint, error: unknown): [LookupFailure, ...string[]] {
  const { name = '', message = '' } = error as Partial<Error>;
  const [place, notIn] = [inSentence(where.text), where.notIn && inSentence(where.notIn)];
  const text = printable(errorText(error));
  const account = arn.split(':')[4];
  if (/CredentialsProviderError|TokenProviderError/.test(name)) {
    const { AWS_PROFILE: profile } = process.env;
    return [
      'credentials', notIn ? `it is not in ${notIn}, and there are ` : '', `no credentials for ${place}`, profile ? ` in the profile ${profile}` : '',
      ` (${printable(message.replace(/\.$/, ''))}); sign in, such as with "aws sso login", name a profile that has some with --profile, or a server with --endpoint`,
    ];
  }
  if (/expired/i.test(text) && !/Signature/.test(name)) {
    return ['credentials', `the AWS credentials have expired (${text}); sign in again, such as with "aws sso login", or put new ones in their place`];
  }
  if (/must match authenticated user/i.test(text)) {
    return ['none', `${arn} is of account ${account}, and the credentials are of another (${text}); name a profile of that account with --profile`];
  }
  switch (errorKindOf(error)) {
    case ErrorKind.NOT_FOUND:
      return [
        'gone', `${arn} is not in ${place}`, notIn ? `, nor in ${notIn}` : '',
        arn.includes('/execution/') ? ': DataSync forgets an execution after 30 days, and with its task' : ': it was deleted, or the ARN is not right',
      ];
    case ErrorKind.DENIED:
      if (!/AccessDenied|NotAuthorized/i.test(text)) return ['none', `${place} does not take the credentials (${text}); name another profile with --profile`];
      return [
        'none', `the credentials may not look at it (${text}); allow datasync:${operation} on ${operation === 'ListTaskExecutions' ? '*' : arn}, `, // that one takes no resource
        `or name a profile of account ${account} with --profile`,
      ];
    case ErrorKind.THROTTLED:
      return ['throttled', `${place} is asked too often (${text})`];
    case ErrorKind.UNCLEAR:
      return ['no answer', `${place} does not answer (${text}); look at the network, the Region and the endpoint`];
    case ErrorKind.REFUSED:
      return ['none', `${place} refuses to tell: ${text}`];
  }
}

/** What stands behind the first comma goes into brackets. */
function inSentence(place: string): string {
  return place.replace(/, (.*)$/, ' ($1)');
}
