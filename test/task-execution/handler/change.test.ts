import { asksForExecution } from '../../../src/task-execution/handler/change';
import type { RunOn } from '../../../src/task-execution/handler/parse';

const OLD = { TaskArn: 't', TaskFingerprint: 'f', OverrideOptions: { A: '1', B: '2' }, IfRunning: 'QUEUE', Tags: [{ Key: 'a', Value: 'b' }] };

test.each<[RunOn, string, Record<string, unknown>, boolean]>([
  ['CHANGE', 'nothing', {}, false],
  ['CHANGE', 'another order of options', { OverrideOptions: { B: '2', A: '1' } }, false],
  ['CHANGE', 'a number for its text', { OverrideOptions: { A: 1, B: '2' } }, false],
  ['CHANGE', 'an option', { OverrideOptions: { A: '1', B: '3' } }, true],
  ['CHANGE', 'one option fewer', { OverrideOptions: { A: '1' } }, true],
  ['CHANGE', 'no options', { OverrideOptions: undefined }, true],
  ['CHANGE', 'filters that are cleared', { Includes: [] }, true],
  ['CHANGE', 'a tag', { Tags: [{ Key: 'a', Value: 'c' }] }, true],
  ['CHANGE', 'the task', { TaskArn: 'u' }, true],
  ['CHANGE', 'the fingerprint', { TaskFingerprint: 'g' }, true],
  ['CHANGE', 'a fingerprint that goes with another RunOn', { TaskFingerprint: undefined }, false],
  ['CHANGE', 'IfRunning', { IfRunning: 'FAIL' }, false],
  ['CREATE', 'everything', { TaskArn: 'u', TaskFingerprint: 'g', OverrideOptions: {} }, false],
  ['EVERY_DEPLOYMENT', 'nothing', {}, true],
])('RunOn %s and a change of %s: %j %s', (runOn, _, change, expected) => {
  expect(asksForExecution(runOn, { ...OLD, ...change }, OLD)).toBe(expected);
});
