import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNamed, parseFaultPlan } from '../../../emulator/faults/plan';

const GOOD = [
  { kind: 'apiError' },
  { kind: 'apiError', operations: ['Describe*', 'StartTaskExecution'], error: 'InternalException', status: 503, message: 'no', performed: true, times: 3 },
  { kind: 'slowAnswer', delayMs: 600_000, share: 1 },
  { kind: 'roleDenied', roles: ['arn:aws:iam::000000000000:role/r*'], share: 0.5, times: 1 },
  { kind: 'taskUnavailable', tasks: ['Nightly'], status: 'CREATING', errorCode: 'A', errorDetail: 'B' },
  { kind: 'stuckLaunching' },
  { kind: 'executionError', phase: 'VERIFYING', errorCode: 'NoMem' },
  { kind: 'itemFailure', paths: '*.tmp|/a', at: 'READ', message: 'no' },
  { kind: 'lostEvent', states: ['SUCCESS'], detailTypes: ['DataSync Task State Change'] },
];

test('every kind of fault can be told', () => {
  expect(parseFaultPlan({ faults: GOOD })).toEqual({ faults: GOOD });
  expect(parseFaultPlan({ faults: [] })).toEqual({ faults: [] });
});

test('the plan in the documentation is right, and has every kind', () => {
  const page = readFileSync(join(__dirname, '../../../docs/emulator.md'), 'utf8');
  const [, json] = /```json\n(\{\n {2}"faults"[^]*?)```/.exec(page)!;
  const { faults } = parseFaultPlan(JSON.parse(json));
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(GOOD.map(({ kind }) => kind)));
});

test.each<[unknown, string]>([
  [undefined, "it must be a structure with a list 'faults', got nothing"],
  [[], "it must be a structure with a list 'faults', got []"],
  [{ fault: [] }, "it must be a structure with a list 'faults', got {\"fault\":[]}"],
  [{ faults: [], injected: [] }, "injected is not known; there is only 'faults'"],
  [{ faults: ['apiError'] }, 'faults[0] must be a structure, got "apiError"'],
  [{ faults: [{ kind: 'toString' }] }, 'faults[0].kind must be one of apiError, slowAnswer, roleDenied, taskUnavailable, stuckLaunching, '
    + 'executionError, itemFailure, lostEvent, got "toString"'],
  [{ faults: [{ kind: 'stuckLaunching', task: 'a' }] }, 'faults[0].task is not known; stuckLaunching has times, share, tasks'],
  [{ faults: [{ kind: 'taskUnavailable', times: 1 }] }, 'faults[0].times is not known; taskUnavailable has tasks, status, errorCode, errorDetail'],
  [{ faults: [{ kind: 'stuckLaunching', tasks: 'a' }] }, 'faults[0].tasks must be a list of texts that is not empty, got "a"'],
  [{ faults: [{ kind: 'stuckLaunching', tasks: [] }] }, 'faults[0].tasks must be a list of texts that is not empty, got []'],
  [{ faults: [{ kind: 'apiError', times: 0 }] }, 'faults[0].times must be a whole number from 1 to 9007199254740991, got 0'],
  [{ faults: [{ kind: 'apiError', share: 0 }] }, 'faults[0].share must be a number above 0 and up to 1, got 0'],
  [{ faults: [{ kind: 'apiError', share: 'half' }] }, 'faults[0].share must be a number above 0 and up to 1, got "half"'],
  [{ faults: [{ kind: 'apiError', status: 200 }] }, 'faults[0].status must be a whole number from 400 to 599, got 200'],
  [{ faults: [{ kind: 'apiError', performed: 'yes' }] }, 'faults[0].performed must be true or false, got "yes"'],
  [{ faults: [{ kind: 'apiError', operations: ['StartTask'] }] },
    'faults[0].operations must be a list of operations of AWS DataSync, each of which may end in *, got ["StartTask"]'],
  [{ faults: [{ kind: 'slowAnswer' }] }, 'faults[0].delayMs must be a whole number from 1 to 600000, got nothing'],
  [{ faults: [{ kind: 'executionError' }] }, 'faults[0].errorCode must be a text that is not empty, got nothing'],
  [{ faults: [{ kind: 'executionError', errorCode: 'A', phase: 'SUCCESS' }] },
    'faults[0].phase must be one of LAUNCHING, PREPARING, TRANSFERRING, VERIFYING, got "SUCCESS"'],
  [{ faults: [{ kind: 'apiError' }, { kind: 'itemFailure', at: 'LIST' }] },
    'faults[1].paths must be a text that is not empty, got nothing; faults[1].at must be one of READ, WRITE, VERIFY, got "LIST"'],
  [{ faults: [{ kind: 'apiError', message: null }] }, 'faults[0].message must be a text that is not empty, got null'],
])('%j is refused', (plan, problem) => {
  expect(() => parseFaultPlan(plan)).toThrow(`Invalid fault plan: ${problem}.`);
});

test('a plan of lists within lists is refused, however deep it is', () => {
  const deep = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
  expect(() => parseFaultPlan(deep(300_000))).toThrow("Invalid fault plan: it must be a structure with a list 'faults', got [[[\"...\"]]].");
  expect(() => parseFaultPlan({ faults: [{ kind: 'apiError', error: deep(300_000) }] })).toThrow('must be a text that is not empty, got [[["..."]]].');
});

test.each([
  ['task-1', ['task-1'], true],
  ['task-1', ['task-2', 'task-*'], true],
  ['task-1', ['task-2'], false],
  ['task-1', ['*'], true],
  ['', ['*'], true],
  ['a', ['a**'], false],
])('the name %j in %j: %s', (name, patterns, expected) => {
  expect(isNamed(name, patterns)).toBe(expected);
});
