/** How long CloudFormation's URLs are valid, where the URL tells only when it expires. */
const VALID_FOR_MS = 7200_000;

/**
 * When CloudFormation made a request, in milliseconds since the epoch: the date of the signature of its ResponseURL. Undefined for a URL
 * without a date, as emulators send it; such a request is not judged by its date.
 */
export function requestDate(responseUrl: unknown): number | undefined {
  if (typeof responseUrl !== 'string' || !URL.canParse(responseUrl)) return undefined;
  const query = new Map([...new URL(responseUrl).searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('x-amz-date') ?? '');
  if (date) {
    const [year, month, day, hour, minute, second] = date.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  const expires = query.get('expires') ?? '';
  return /^\d{9,11}$/.test(expires) ? Number(expires) * 1000 - VALID_FOR_MS : undefined;
}
