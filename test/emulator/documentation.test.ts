import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const page = readFileSync(resolve(__dirname, '../../docs/emulator.md'), 'utf8');

test('the test in the documentation is the one that runs here', () => {
  const [, name, shown] = /<!-- the test that follows is (\S+) -->\n```typescript\n([^]*?)```/.exec(page)!;
  expect(shown).toBe(readFileSync(join(__dirname, '../..', name), 'utf8'));
});
