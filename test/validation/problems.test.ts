import { inspect } from 'node:util';
import { DataSyncValidationError } from '../../src/validation/problems';

const PROBLEMS = ['[Stack/It] name "": must not be empty; give one', '[Stack/It] size 0: must be at least 1; raise it'];
const TEXT = `DataSyncValidationError: ${PROBLEMS.join('\n')}`;

test.each<[string, (error: Error) => string | undefined]>([
  ['its message, which is all that Python sees of what a constructor throws', error => error.message],
  ['its text, which is what Python sees of what a method throws', String],
  ['its stack', error => error.stack?.slice(0, TEXT.length)],
  ['what is printed of it', error => inspect(error).slice(0, TEXT.length)],
])('an error has its name once in %s', (_, textOf) => {
  expect(textOf(new DataSyncValidationError(PROBLEMS))).toBe(TEXT);
});

test('an error is told by its name', () => {
  expect(new DataSyncValidationError(PROBLEMS)).toMatchObject({ name: 'DataSyncValidationError', problems: PROBLEMS });
});
