import { idOf, newExecutionArn, newLocationArn, newTaskArn, scopeOfArn } from '../../../emulator/model/arns';
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

test('ids are distinct and grow', () => {
  const arns = Array.from({ length: 2_000 }, () => newTaskArn(SCOPES[0]));
  expect([...new Set(arns)].sort()).toEqual(arns);
});
