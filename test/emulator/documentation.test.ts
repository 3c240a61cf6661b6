import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/test-a-transfer.md'), 'utf8');

test('the tests in the documentation are those that run', () => {
  const shown = [...page.matchAll(/<!-- the file that follows is (\S+) -->\n```\w+\n([^]*?)```/g)].map(([, name, text]) => ({ name, text }));
  expect(shown.map(({ name }) => name)).toEqual([
    'examples/typescript/test-a-transfer/backup-stack.ts',
    'examples/typescript/test-a-transfer/backup.test.ts',
    'examples/python/test-a-transfer/test_backup.py',
  ]);
  for (const { name, text } of shown) expect(text).toBe(readFileSync(join(ROOT, name), 'utf8'));
});
