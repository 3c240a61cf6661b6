import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const GOOD = 'fix(emulator): refuse what cannot be kept\n\nThe answer came although nothing was written.';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'check-commits-')); });
afterEach(() => rmSync(folder, { recursive: true }));

function git(repository: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' }).trim();
}

/** A repository with these commits, the first one first; returns their hashes. */
function commits(...messages: string[]): string[] {
  git(folder, 'init', '-q');
  return messages.map(message => {
    git(folder, 'commit', '-q', '--allow-empty', '--cleanup=verbatim', '-m', message);
    return git(folder, 'rev-parse', 'HEAD');
  });
}

function check(repository: string, before: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(join(__dirname, '../../.ci/check-commits'), [repository, before], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

test.each<[string, string, string]>([
  ['without a prefix', 'Mend it\n\nWhy.', 'type may not be empty'],
  ['with an unknown prefix', 'mend: it\n\nWhy.', 'type must be one of [feat, fix, docs, test, refactor, perf, build, ci, chore, style, revert]'],
  ['without a body', 'fix: mend it', 'body may not be empty'],
  ['without an empty line before the body', 'fix: mend it\nWhy.', 'body must have leading blank line'],
  ['with a header of 101 characters', `fix: ${'x'.repeat(96)}\n\nWhy.`, 'header must not be longer than 100 characters'],
  ['of a merge', "Merge branch 'other'", 'type may not be empty'],
  ['of a fix for another commit', 'fixup! fix: mend it\n\nWhy.', 'type may not be empty'],
])('a message %s is refused', (_, message, error) => {
  const [before] = commits('What was before the convention', message, GOOD);
  const { status, output } = check(folder, before);
  expect(output).toContain('Checking the messages of 2 commit(s) since ');
  expect(output).toContain(error);
  expect(output).toContain('needs a prefix');
  expect(status).toBe(1);
});

test.each([
  GOOD,
  'feat!: rename a property\n\nThe service has that name.\n\nBREAKING CHANGE: `prefix` is `subdirectory` now.',
  `docs: ${'x'.repeat(94)}\n\n${'Lines of a body may be as long as they like. '.repeat(10)}`,
])('%j is a good message, whatever was written before the convention', message => {
  const [, before] = commits('Lay the ground', 'What was before the convention', message);
  expect(check(folder, before)).toEqual({ status: 0, output: expect.stringContaining('Checking the messages of 1 commit(s) since ') });
});

test('in a history that was squashed every commit but the first one is checked, and the output says so', () => {
  commits('Everything so far', GOOD, GOOD);
  const good = check(folder, '629cce0');
  expect(good.output).toContain('Checking the messages of 2 commit(s) of a history that does not reach back to 629cce0, but for the first one (');
  expect(good.output).toContain('"Everything so far")');
  expect(good.status).toBe(0);
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'Mend it');
  expect(check(folder, '629cce0').status).toBe(1);
});

test('in a shallow clone every commit that is there is checked, and the output says so', () => {
  const [before] = commits('What was before the convention', GOOD, 'Mend it', GOOD);
  const clone = (depth: number) => {
    const path = join(folder, `depth-${depth}`);
    git(folder, 'clone', '-q', '--depth', String(depth), `file://${folder}`, path);
    return check(path, before);
  };
  expect(clone(1)).toEqual({
    status: 0, output: expect.stringContaining(`Checking the messages of 1 commit(s) of a history that does not reach back to ${before}: a shallow clone`),
  });
  expect(clone(2)).toEqual({ status: 1, output: expect.stringContaining('✖   type may not be empty') });
});
