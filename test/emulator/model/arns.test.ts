import { checkAccount, idOf, newExecutionArn, newLocationArn, newTaskArn, scopeOfArn } from '../../../emulator/model/arns';
import { problemsOf } from '../../../emulator/model/validation';

const SCOPES = [
  { account: '000000000000', region: 'us-east-1' },
  { account: '111122223333', region: 'cn-north-1' },
  { account: '111122223333', region: 'us-isob-east-1' },
];

test.each(SCOPES)('new ARNs match the patterns of the API: %j', scope => {
  const task = newTaskArn(scope);
  const execution = newExecutionArn(task);
  const location = newLocationArn(scope);
  expect(problemsOf('TaskArn', task)).toEqual([]);
  expect(problemsOf('TaskExecutionArn', execution)).toEqual([]);
  expect(problemsOf('LocationArn', location)).toEqual([]);
  expect([task, execution, location].map(scopeOfArn)).toEqual([scope, scope, scope]);
  expect(execution).toBe(`${task}/execution/${idOf(execution)}`);
});

test.each([
  ['arn:aws:datasync:us-east-1:111122223333:location/loc-0123456789abcdef0', '111122223333'],
  ['arn:aws:s3:::bucket', ''],
])('%s belongs to somebody else', (arn, account) => {
  expect(() => checkAccount(arn, SCOPES[0])).toThrow(`Invalid parameter: ARN account (${account}) must match authenticated user.`);
});

test('ids are distinct and grow', () => {
  const arns = Array.from({ length: 2_000 }, () => newTaskArn(SCOPES[0]));
  expect([...new Set(arns)].sort()).toEqual(arns);
});
