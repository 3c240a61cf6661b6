import type { ItemFailure } from '../../../emulator/engine/outcome';
import { FailedItems } from '../../../emulator/lifecycle/failed-items';

function failure(path: string, message = 'no'): ItemFailure {
  return { phase: 'TRANSFERRING', step: 'Transfer', item: { key: path, kind: 'file', size: 0 }, path, message, code: 'ENOSPC' } as ItemFailure;
}

test('the first twenty failures of an execution are kept, without what only the engine needs', () => {
  const items = new FailedItems();
  for (let index = 0; index < 50; index++) items.note('one', failure(`/${index}`));
  expect(items.of('one')).toHaveLength(20);
  expect(items.of('one')[0]).toEqual({ phase: 'TRANSFERRING', step: 'Transfer', path: '/0', message: 'no', code: 'ENOSPC' });
  expect(items.of('one')[19].path).toBe('/19');
  expect(items.of('other')).toEqual([]);
});

test('of all executions together no more than a thousand are kept, and the oldest execution makes room', () => {
  const items = new FailedItems();
  for (let execution = 0; execution < 500; execution++) {
    for (let index = 0; index < 20; index++) items.note(`exec-${execution}`, failure(`/${index}`));
  }
  const kept = Array.from({ length: 500 }, (_, execution) => items.of(`exec-${execution}`).length);
  expect(kept.reduce((sum, count) => sum + count)).toBe(1_000);
  expect(kept.slice(0, 450).every(count => count === 0)).toBe(true);
  expect(kept[499]).toBe(20);
});

test('a text of any length takes no more than a thousand characters', () => {
  const items = new FailedItems();
  items.note('one', failure(`/${'a'.repeat(5_000)}`, 'b'.repeat(5_000)));
  expect(items.of('one')[0]).toMatchObject({ path: `/${'a'.repeat(999)}…`, message: `${'b'.repeat(1_000)}…` });
  items.note('other', failure(`/${'a'.repeat(999)}`));
  expect(items.of('other')[0].path).toBe(`/${'a'.repeat(999)}`);
});
