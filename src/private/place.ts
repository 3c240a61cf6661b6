import { Token } from 'aws-cdk-lib';
import { Filter } from '../filter';

/** Where a location is, as text: of two places one of which is inside the other, one begins with the other. Tokens are as good as values. */
export function placeOf(scheme: string, host: string, path: string): string {
  const folders = path.split('/').filter(folder => folder !== '');
  return [`${scheme}://${host}`, ...folders, ''].join('/');
}

/** The place that a URI of the service names, if it is known. */
export function placeOfUri(uri: string | undefined): string | undefined {
  if (uri === undefined || Token.isUnresolved(uri)) return undefined;
  const [, scheme, host, path] = /^([^:/]+):\/\/([^/]+)(.*)$/.exec(uri) ?? [];
  return scheme && placeOf(scheme, host, path);
}

/**
 * What to do about a path with characters that a location may not have: name the folder above them, and filter. Filters have no such rule.
 *
 * @param characters what a path may consist of
 */
export function parentRemedy(property: string, path: string, characters: RegExp): string {
  const leading = path.startsWith('/') ? '/' : '';
  const folders = path.split('/').filter(folder => folder !== '');
  const wrong = folders.findIndex(folder => !characters.test(folder));
  if (wrong < 0) return `choose another ${property}`;
  const parent = folders.slice(0, wrong).map(folder => `${folder}/`).join('');
  const pattern = Filter.literal(`/${folders.slice(wrong).join('/')}`);
  const above = leading + parent === '' ? `leave ${property} out` : `use ${property} ${JSON.stringify(leading + parent)}`;
  return `${above}, and have the task transfer what is meant with includes: Filter.simplePattern(${JSON.stringify(pattern)})`;
}
