import { Fn } from 'aws-cdk-lib';
import { parentRemedy, placeOf, placeOfUri } from '../../src/private/place';

test.each<[string, string]>([
  ['', 's3://bucket/'],
  ['/', 's3://bucket/'],
  ['in', 's3://bucket/in/'],
  ['/in//new/', 's3://bucket/in/new/'],
])('the place of the path %j is %s', (path, place) => {
  expect(placeOf('s3', 'bucket', path)).toBe(place);
});

test.each<[string | undefined, string | undefined]>([
  ['s3://bucket/in', 's3://bucket/in/'],
  ['efs://us-east-1.fs-01234567', 'efs://us-east-1.fs-01234567/'],
  ['nfs://host/export/', 'nfs://host/export/'],
  ['no uri', undefined],
  [undefined, undefined],
  [Fn.importValue('Uri'), undefined],
])('the place of the URI %s is %s', (uri, place) => {
  expect(placeOfUri(uri)).toBe(place);
});

const include = (pattern: string) => `have the task transfer what is meant with includes: Filter.simplePattern("${pattern}")`;

test.each<[string, string]>([
  ['year=2026/', `leave subdirectory out, and ${include('/year=2026')}`],
  ['/year=2026/', `use subdirectory "/", and ${include('/year=2026')}`],
  ['a/b/c=1/d', `use subdirectory "a/b/", and ${include('/c=1/d')}`],
  ['a/b|c', `use subdirectory "a/", and ${include('/b\\\\|c')}`],
  ['a/b', 'choose another subdirectory'],
])('the remedy for the path %s is: %s', (path, remedy) => {
  expect(parentRemedy('subdirectory', path, /^[a-z/]+$/)).toBe(remedy);
});
