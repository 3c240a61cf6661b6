import { constants } from 'node:buffer';
import {
  appendFileSync, closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../../emulator/persistence/journal';
import { linesOf } from '../../../emulator/persistence/lines';

const MIB = 1024 * 1024;

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

test('a journal that is larger than any text can be is read', () => {
  write(['a', { n: 0 }]);
  const line = Buffer.from(`{"key":"large","kind":"thing","value":{"text":"${'x'.repeat(16 * MIB)}"}}\n`);
  const out = openSync(file(), 'a');
  let bytes = 0;
  for (; bytes < constants.MAX_STRING_LENGTH + MIB; bytes += line.length) writeSync(out, line);
  closeSync(out);
  write(['b', { n: 1 }]);
  expect(statSync(file()).size).toBeLessThan(bytes / 10); // what is outdated has gone
  const { journal, entries } = Journal.open(folder);
  journal.close();
  expect(entries.map(({ key }) => key)).toEqual(['a', 'large', 'b']);
});

describe('lines', () => {
  const read = (content: string | Buffer) => {
    writeFileSync(file(), content);
    const descriptor = openSync(file(), 'r');
    try {
      return [...linesOf(descriptor)].map(({ text, number, end }) => `${number}: ${text.length > 20 ? text.length : text} -> ${end}`);
    } finally {
      closeSync(descriptor);
    }
  };
  test.each<[string, string | Buffer, string[]]>([
    ['nothing', '', []],
    ['a line', 'ä\n', ['1: ä -> 3']],
    ['empty lines', '\n\n', ['1:  -> 1', '2:  -> 2']],
    ['half a line behind one', 'a\nb', ['1: a -> 2']],
    ['what is reserved behind one', Buffer.concat([Buffer.from('a\n'), Buffer.alloc(3 * MIB)]), ['1: a -> 2']],
    ['half a line with what is reserved behind it', 'a\nb\0\0\n', ['1: a -> 2']],
    ['lines over several pieces of a file', `${'x'.repeat(3 * MIB)}\n${'y'.repeat(MIB - 1)}\nz\n`, [
      `1: ${3 * MIB} -> ${3 * MIB + 1}`, `2: ${MIB - 1} -> ${4 * MIB + 1}`, `3: z -> ${4 * MIB + 3}`,
    ]],
  ])('%s', (_, content, lines) => expect(read(content)).toEqual(lines));

  test('a character that two pieces of the file share', () => {
    expect(read(`${'x'.repeat(MIB - 1)}ä\n`)).toEqual([`1: ${MIB} -> ${MIB + 2}`]);
  });
});

describe('when it cannot be written', () => {
  let log: jest.SpyInstance;
  beforeEach(() => { log = jest.spyOn(console, 'error').mockImplementation(() => undefined); });
  afterEach(() => log.mockRestore());

  /** A journal on a fake disk that takes so many bytes more; each write takes some at most, as real ones may. */
  function limited(): { journal: Journal; disk: { room: number } } {
    const disk = { room: Infinity };
    const { journal } = Journal.open(folder, (descriptor, bytes, offset, length, position) => {
      if (disk.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const taken = Math.min(length, disk.room, 40_000);
      disk.room -= taken;
      return writeSync(descriptor, bytes, offset, taken, position);
    });
    return { journal, disk };
  }

  test.each([0, 1, 30, 46])('with room for %d bytes: nothing half is left, what waits is written when there is room, and the folder stays taken', room => {
    const { journal, disk } = limited();
    journal.write('a', 'thing', { n: 1 });
    disk.room = room;
    journal.write('b', 'thing', { text: 'a longer one' });
    journal.write('b', 'thing', { n: 2 });
    journal.write('a', 'thing', { n: 2 });
    expect(() => journal.confirm()).toThrow(/^The state in .* cannot be written: ENOSPC: no space left on device, write\. It took place, and is written down as soon as/);
    expect(readFileSync(file(), 'utf8')).toMatch(/^{"journal":.*\n{"key":"a","kind":"thing","value":{"n":1}}\n$/);
    expect(held).toThrow('is in use by process');
    expect(log.mock.calls).toEqual([[expect.stringMatching(/^The state in .* cannot be written: ENOSPC.*\. Requests that change something are refused until it can\.$/)]]);
    disk.room = Infinity;
    journal.write('c', 'thing', { n: 1 });
    journal.confirm();
    expect(log).toHaveBeenLastCalledWith(`The state in ${folder} can be written again.`);
    journal.close();
    expect(held()).toEqual(['thing a {"n":2}', 'thing b {"n":2}', 'thing c {"n":1}']);
  });

  test('it is tried again without anybody asking for it', () => {
    jest.useFakeTimers();
    try {
      const { journal, disk } = limited();
      disk.room = 0;
      journal.write('a', 'thing', { n: 1 });
      disk.room = Infinity;
      jest.advanceTimersByTime(1_000);
      expect(readFileSync(file(), 'utf8')).toContain('{"key":"a","kind":"thing","value":{"n":1}}\n');
      journal.close();
    } finally {
      jest.useRealTimers();
    }
  });

  test('what is lost at the end is said', () => {
    const { journal, disk } = limited();
    disk.room = 0;
    journal.write('a', 'thing', { n: 1 });
    journal.close();
    expect(log).toHaveBeenLastCalledWith(`The state in ${folder} could not be written to its end: what changed last is lost.`);
    expect(held()).toEqual([]);
  });

  test('it is not opened if there is none yet, and goes on with the old one if there is one', () => {
    const full = () => { throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }); };
    expect(() => Journal.open(folder, full)).toThrow('ENOSPC');
    expect(readdirSync(folder)).toEqual([]);
    write(['a', { n: 1 }]);
    appendFileSync(file(), '{"half');
    const { journal, entries } = Journal.open(folder, full);
    expect(entries).toEqual([{ key: 'a', kind: 'thing', value: { n: 1 } }]);
    expect(() => journal.reserve()).toThrow('Nothing was changed. Make room on its disk, then try again.');
    journal.close();
    expect(readdirSync(folder)).toEqual(['journal.ndjson']);
    expect(held()).toEqual(['thing a {"n":1}']);
  });
});
