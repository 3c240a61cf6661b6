import type { Operator } from '@aws-sdk/client-datasync';
import { textFilter, timeFilter } from '../../../emulator/model/list-filters';

const TIME = new Date('2019-12-15T17:15:20.700Z');

/** Whether a property passes. */
function passes(property: string | Date, condition: { Operator: Operator; Values: string[] }): boolean {
  return typeof property === 'string' ? textFilter(condition)(property) : timeFilter(condition)(property);
}

test.each<[string | Date, Operator, string[], boolean]>([
  ['NFS', 'Equals', ['NFS'], true],
  ['NFS', 'Equals', ['S3', 'NFS'], true],
  ['NFS', 'In', ['S3'], false],
  ['NFS', 'NotEquals', ['S3', 'NFS'], false],
  ['NFS', 'NotEquals', ['S3', 'EFS'], true],
  ['s3://bucket/a/', 'Contains', ['bucket'], true],
  ['s3://bucket/a/', 'NotContains', ['other', 'bucket'], false],
  ['s3://bucket/a/', 'BeginsWith', ['s3://'], true],
  ['s3://bucket/a/', 'BeginsWith', ['bucket'], false],
  [TIME, 'Equals', ['2019-12-15 17:15:20'], true],
  [TIME, 'In', ['2019-12-15T17:15:20Z'], true],
  [TIME, 'NotEquals', ['2019-12-15 17:15:20'], false],
  [TIME, 'LessThan', ['2019-12-15 17:15:20'], false],
  [TIME, 'LessThanOrEqual', ['2019-12-15 17:15:20'], true],
  [TIME, 'GreaterThan', ['2019-12-15 17:15:19'], true],
  [TIME, 'GreaterThanOrEqual', ['2019-12-15 17:15:21'], false],
])('a filter passes %s if it is %s %j: %s', (property, Operator, Values, expected) => {
  expect(passes(property, { Operator, Values })).toBe(expected);
});

test.each<[typeof textFilter | typeof timeFilter, Operator, string[], string]>([
  [textFilter, 'LessThan', ['S3'], 'operator LessThan is for times, not for texts'],
  [timeFilter, 'Contains', ['2019'], 'operator Contains is for texts, not for times'],
  [timeFilter, 'Equals', ['yesterday'], "'yesterday' is not a time like 2019-12-15 17:15:20"],
  [timeFilter, 'Equals', ['2019-12-15 17:15:20', '2019-13-45 99:15:20'], "'2019-13-45 99:15:20' is not a time like"],
])('%p %s %j is refused before there is anything to filter', (filter, Operator, Values, message) => {
  expect(() => filter({ Operator, Values })).toThrow(message);
});
