import { InvalidRequestError } from '../errors';

const DEFAULT_PAGE = 100;

/** One page of a list and the token of the next. */
export interface Page<T> {
  readonly items: T[];
  readonly nextToken?: string;
}

/**
 * Cuts a page out of a list. The token names the last key of the page, so a resource that is made or
 * deleted between two calls neither repeats nor hides another.
 *
 * @param keyOf a key that is unique in the list; the list's order decides, not the key's
 * @throws InvalidRequestError on a token that is not ours
 */
export function page<T>(all: readonly T[], keyOf: (item: T) => string, { MaxResults, NextToken }: { MaxResults?: number; NextToken?: string }): Page<T> {
  const size = MaxResults || DEFAULT_PAGE; // 0 is allowed and means the default
  const from = NextToken === undefined ? 0 : positionAfter(all, keyOf, NextToken);
  const items = all.slice(from, from + size);
  return from + size < all.length
    ? { items, nextToken: Buffer.from(JSON.stringify([from + size, keyOf(items[items.length - 1])])).toString('base64url') }
    : { items };
}

function positionAfter<T>(all: readonly T[], keyOf: (item: T) => string, token: string): number {
  const [position, lastKey] = decode(token);
  const last = all.findIndex(item => keyOf(item) === lastKey);
  // The last item of the page before may be gone by now; then the list has moved up by what was deleted, at least by it.
  return last >= 0 ? last + 1 : Math.min(position - 1, all.length);
}

function decode(token: string): [number, string] {
  try {
    const [position, key] = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Number.isSafeInteger(position) && position > 0 && typeof key === 'string') return [position, key];
  } catch {
    // falls through: whatever is wrong with the text, it is not a token of ours
  }
  throw new InvalidRequestError('Invalid parameter: NextToken is not one that this list returned.');
}
