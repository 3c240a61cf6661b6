import { partitionOf, scopeOf } from '../../../emulator/model/scope';

const signature = (accessKeyId: string, region: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/datasync/aws4_request, SignedHeaders=host, Signature=0`;

test.each([
  [undefined, '000000000000', 'us-east-1'],
  ['Bearer x', '000000000000', 'us-east-1'],
  [signature('test', 'eu-west-1'), '000000000000', 'eu-west-1'],
  [signature('AKIAIOSFODNN7EXAMPLE', 'us-east-2'), '000000000000', 'us-east-2'],
  [signature('111122223333', 'us-gov-west-1'), '111122223333', 'us-gov-west-1'],
  [signature('1111222233334', 'us-east-1'), '000000000000', 'us-east-1'],
  [signature('test', '../../etc'), '000000000000', 'us-east-1'],
])('a request with the authorization %s is in account %s and Region %s', (authorization, account, region) => {
  expect(scopeOf(authorization)).toEqual({ account, region });
});

test.each([
  ['us-east-1', 'aws'], ['cn-north-1', 'aws-cn'], ['us-gov-west-1', 'aws-us-gov'], ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-east-1', 'aws-iso'], ['us-isob-east-1', 'aws-iso-b'],
])('%s is in %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
