import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureVenv } from '../../../emulator/local-stack/venv';
import { OPERATIONS, patternOf, shape, SHAPE_NAMES } from '../../../emulator/model/api';

test('the model has every operation of the service', () => {
  expect(Object.keys(OPERATIONS)).toHaveLength(53);
  for (const { input, output } of Object.values(OPERATIONS)) {
    expect([shape(input).type, shape(output).type]).toEqual(['structure', 'structure']);
  }
});

test('every shape that another one names is there, and every pattern compiles', () => {
  for (const name of SHAPE_NAMES) {
    const { members, member, pattern } = shape(name);
    for (const referenced of [...Object.values(members ?? {}), ...member ? [member] : []]) expect(shape(referenced)).toBeDefined();
    if (pattern) expect(patternOf(pattern)).toBeInstanceOf(RegExp);
  }
});

test.each([
  ['TaskArn', 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0', true],
  ['TaskArn', 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0', false],
  ['TaskArn', 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0\n', false],
  ['NfsSubdirectory', '/export/a b', true],
  ['NfsSubdirectory', '/export/a\tb', false],
  ['ServerHostname', 'fileserver.example.com', true],
  ['ServerHostname', '..', false],
  ['ServerHostname', 'a/../b', false],
  ['NextToken', 'abc=', true],
  ['NextToken', 'abc!', false],
])('the pattern of %s takes %j: %s', (name, value, expected) => {
  expect(patternOf(shape(name).pattern!).test(value)).toBe(expected);
});

test('an unknown shape is a defect', () => {
  expect(() => shape('toString')).toThrow('the API model has no shape toString');
});

test('the generated model is what the pinned botocore says', async () => {
  const script = join(__dirname, '../../../tools/generate-api-model.py');
  const { status, stderr } = spawnSync(await ensureVenv({ requirements: join(__dirname, '../clients/requirements.txt') }), [script, '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
