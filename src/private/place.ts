import type { CfnResource } from 'aws-cdk-lib';
import { Token } from 'aws-cdk-lib';
import { propertyOf, resourceBehind } from './l1-fields';
import { Filter } from '../filter';
import type { ILocation } from '../location/location';
import { kindsOfResource, locationKindOf } from '../location/location-kinds';

/** Where a location is, as text: of two places one of which is inside the other, one begins with the other. Tokens are as good as values. */
export function placeOf(scheme: string, host: string, path: string): string {
  const folders = path.split('/').filter(folder => folder !== '');
  return [`${scheme}://${host}`, ...folders, ''].join('/');
}

/** Where a location is, as far as that is known: of a resource of the app, of a URI, or no more than the ARN. */
export function placeOfLocation(location: ILocation): string {
  const resource = resourceBehind(location.locationArn);
  return (resource && placeOfResource(resource)) ?? (resource && `${resource.node.path}#`) ?? placeOfUri(location.locationUri) ?? location.locationArn;
}

/** Of a location in S3, whatever way leads to it. */
export function placeOfBucket(bucketArn: string, subdirectory = ''): string {
  return placeOf('s3', locationKindOf('S3')!.uri!.host(bucketArn), subdirectory);
}

/** By the fields that tell what a location of that type is. */
function placeOfResource(resource: CfnResource): string | undefined {
  const { cfnResourceType: type } = resource;
  const [[, kind] = []] = kindsOfResource(type);
  const names = kind?.fields.filter(({ path, form, side, auxiliary }) => path !== 'Subdirectory' && form !== 'member' && side === undefined && !auxiliary) ?? [];
  const values = names.map(({ path }) => propertyOf(resource, path));
  const subdirectory = propertyOf(resource, 'Subdirectory') ?? '';
  if (!(typeof values[0] === 'string' || Array.isArray(values[0])) || typeof subdirectory !== 'string') return undefined;
  const host = values.filter(value => value !== undefined).map(value => typeof value === 'string' ? value : JSON.stringify(value)).join();
  return kind?.uri ? placeOf(kind.uri.scheme, kind.uri.host(host), subdirectory) : placeOf(type, host, subdirectory);
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
