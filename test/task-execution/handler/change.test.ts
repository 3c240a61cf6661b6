import { asksForExecution } from '../../../src/task-execution/handler/change';
import type { RunOn } from '../../../src/task-execution/handler/parse';

const OLD = { TaskArn: 't', OverrideOptions: { VerifyMode: 'NONE' }, Triggers: { a: '1' } };

test.each<[RunOn, string, Record<string, unknown>, boolean]>([
  ['CHANGE', 'nothing', {}, false],
  ['CHANGE', 'an option', { OverrideOptions: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } }, true],
  ['CHANGE', 'a tag', { Tags: [{ Key: 'a', Value: 'c' }] }, false],
  ['CHANGE', 'a trigger', { Triggers: { a: '2' } }, true],
  ['CREATE', 'everything', { TaskArn: 'u', OverrideOptions: {} }, false],
  ['EVERY_DEPLOYMENT', 'nothing', {}, true],
])('RunOn %s and a change of %s: %j %s', (runOn, _, change, expected) => {
  expect(asksForExecution(runOn, { ...OLD, ...change }, OLD)).toBe(expected);
});
