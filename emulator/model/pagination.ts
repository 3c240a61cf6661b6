import { InvalidRequestError } from '../errors';

const DEFAULT_PAGE = 100;

/** One page of a list and the token of the next. */
export interface Page<T> {
  readonly items: T[];
  readonly nextToken?: string;
}

/** The members that every List operation has. */
export interface PageRequest {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/**
 * Cuts a page out of a list that is ordered by its keys. The token names the last key of the page, so what is
 * made or deleted between two calls neither repeats nor hides anything else.
 *
 * @param list what tells the list from every other one
 * @param keyOf a key that is unique in the list
 * @throws InvalidRequestError on a token that is not ours
 */
export function page<T>(list: string, all: readonly T[], keyOf: (item: T) => string, { MaxResults, NextToken }: PageRequest): Page<T> {
  const after = NextToken === undefined ? '' : decode(list, NextToken);
  const rest = all.filter(item => keyOf(item) > after).sort((one, other) => keyOf(one) < keyOf(other) ? -1 : 1);
  const items = rest.slice(0, MaxResults || DEFAULT_PAGE); // 0 is allowed and means the default
  return items.length < rest.length ? { items, nextToken: encode(list, keyOf(items[items.length - 1])) } : { items };
}

function encode(list: string, after: string): string {
  return Buffer.from(JSON.stringify({ list, after })).toString('base64url');
}

function decode(list: string, token: string): string {
  try {
    const { list: from, after } = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (from === list && typeof after === 'string') return after;
  } catch {
    // falls through: whatever is wrong with the text, it is not a token of ours
  }
  throw new InvalidRequestError('Invalid parameter: NextToken is not one that this list returned.');
}
