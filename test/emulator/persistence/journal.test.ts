import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../../emulator/persistence/journal';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'datasync-emulator-journal-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'journal.ndjson');

/** What a journal holds, as texts. */
function held(): string[] {
  const { journal, entries } = Journal.open(folder);
  journal.close();
  return entries.map(({ key, kind, value }) => `${kind} ${key} ${JSON.stringify(value)}`);
}

function write(...entries: Array<[string, object | undefined]>): void {
  const { journal } = Journal.open(folder);
  for (const [key, value] of entries) journal.write(key, 'thing', value);
  journal.close();
}

test('the last that was noted of each thing counts, in the order in which they came', () => {
  write(['b', { n: 1 }], ['a', { n: 1 }], ['c', { n: 1 }], ['b', { n: 2 }], ['c', undefined], ['d', { n: 1 }]);
  expect(held()).toEqual(['thing b {"n":2}', 'thing a {"n":1}', 'thing d {"n":1}']);
});

test('opening it drops what does not count any more', () => {
  write(...Array.from({ length: 1000 }, (_, n): [string, object] => ['a', { n }]));
  expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(1002);
  expect(held()).toEqual(['thing a {"n":999}']);
  expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(3);
});

test('only its owner can read it, and it leaves no other file behind', () => {
  write(['a', {}]);
  expect((statSync(file()).mode % 0o1000).toString(8)).toBe('600');
  expect(readdirSync(folder)).toEqual(['journal.ndjson']);
});

test('cut off at any byte, it holds everything up to the last whole line', () => {
  write(['a', { name: 'ä' }], ['b', { n: 1 }]);
  const whole = readFileSync(file());
  const lineEnds = [...whole.keys()].filter(index => whole[index] === 10);
  for (let length = whole.length; length >= 0; length--) {
    writeFileSync(file(), whole.subarray(0, length));
    const lines = lineEnds.filter(end => end < length).length;
    expect(held()).toEqual(['thing a {"name":"ä"}', 'thing b {"n":1}'].slice(0, Math.max(0, lines - 1)));
  }
});

test.each([
  ['{"key":', /journal\.ndjson is damaged in line 3: .*; take another folder, or remove that line/],
  ['', /journal\.ndjson is damaged in line 3/],
])('the line %j is refused, and the file stays as it was', (line, message) => {
  write(['a', {}]);
  appendFileSync(file(), `${line}\n{"key":"b","kind":"thing","value":{}}\n`);
  const before = readFileSync(file(), 'utf8');
  expect(held).toThrow(message);
  expect(readFileSync(file(), 'utf8')).toBe(before);
  expect(held).toThrow(message); // not: is in use
});

test.each(['{"journal":"datasync-emulator","version":2}\n', '{}\n'])('the header %j is refused', header => {
  writeFileSync(file(), header);
  expect(held).toThrow('is not a journal of this version of the emulator; take another folder');
});

test('two cannot have it at the same time', () => {
  const { journal } = Journal.open(folder);
  expect(held).toThrow(`the state folder ${folder} is in use by process ${process.pid}`);
  journal.close();
  expect(held()).toEqual([]);
});

test('what is written after it was closed goes nowhere', () => {
  const { journal } = Journal.open(folder);
  journal.close();
  journal.write('a', 'thing', {});
  journal.close();
  expect(held()).toEqual([]);
});

test('if it cannot be written, it says so once and goes on', () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { journal } = Journal.open(folder);
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  journal.write('a', 'thing', cyclic);
  journal.write('b', 'thing', {});
  expect(log).toHaveBeenCalledTimes(1);
  expect(log).toHaveBeenCalledWith(expect.stringMatching(/^The state in .* cannot be written: [^]*What changes from now on is lost/));
  expect(held()).toEqual([]);
  truncateSync(file(), 0);
  expect(held()).toEqual([]);
});
