import * as fc from 'fast-check';
import { Filter, isReserved, mayBeReserved } from '../../../emulator/engine/filter';

const matches = (value: string, path: string) => new Filter([], [{ FilterType: 'SIMPLE_PATTERN', Value: value }]).isExcluded(path.replace(/^\//, ''));

describe('patterns', () => {
  test.each([
    ['/dir', ['/dir', '/dir/a', '/dir/b/c'], ['/dir2', '/x/dir']],
    ['/dir/', ['/dir', '/dir/a', '/dir/b/c'], ['/dir2', '/x/dir']],
    ['/dir*', ['/dir', '/dir2/a', '/directory.txt'], ['/x/dir']],
    ['/dir/*', ['/dir/a', '/dir/b/c'], ['/dir', '/dir2/a']],
    ['*.tmp', ['/a.tmp', '/x/y/b.tmp', '/x.tmp/content'], ['/a.tmp.txt', '/a.TMP', '/tmp']],
    ['*/temp', ['/temp', '/x/temp', '/x/temp/file'], ['/temperature', '/x/mytemp']],
    ['/a\\|b.txt', ['/a|b.txt'], ['/a', '/b.txt']],
    ['/50\\*', ['/50*'], ['/500', '/50']],
    ['/a\\\\b', ['/a\\b'], ['/ab']],
    ['/a\\b', ['/ab'], ['/a\\b']],
    ['/ab\\', ['/ab'], ['/ab\\']],
    ['/a|/b', ['/a', '/b/c'], ['/c', '/ab']],
    ['/a||/b|', ['/a', '/b'], ['/c', '/']],
    ['*/.snap*/x', ['/.snap/x', '/a/.snapper/b/x'], ['/.snap/y', '/snap/x']],
    ['*a*b*', ['/ab', '/xaxbx', '/a/b'], ['/ba']],
    ['/a*a', ['/aa', '/aba'], ['/a']],
    ['/', ['/a', '/a/b'], []],
    ['*', ['/a', '/a/b'], []],
    ['foo', [], ['/foo', '/x/foo']],
    ['*.tmp|\\', ['/a.tmp'], ['/a', '/\\']],
  ])('match what they name, and all below it: %s', (value, yes, no) => {
    expect({ yes: yes.filter(path => matches(value, path)), no: no.filter(path => matches(value, path)) }).toEqual({ yes, no: [] });
  });

  test('any pattern and path: the same as a naive matcher', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '|', '\\', '.'), maxLength: 12 });
    const path = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '*', '|', '\\', '.'), minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(text, path, (value, names) => {
      expect(matches(value, names.join('/'))).toBe(naiveMatch(value, `/${names.join('/')}`));
    }), { numRuns: 3000 });
  });

  test('a long pattern with many stars is no trap', () => {
    expect(matches('*a'.repeat(2000) + '*b', 'a'.repeat(4000))).toBe(false);
  });
});

describe('pruning', () => {
  test('never leaves out a folder or a prefix that holds something included', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '\ue000', '😀'), minLength: 1, maxLength: 2 });
    const include = fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.boolean()).map(([names, star]) => `/${names.join('/')}${star ? '*' : ''}`);
    fc.assert(fc.property(fc.array(include, { minLength: 1, maxLength: 3 }), fc.array(name, { minLength: 1, maxLength: 4 }), (values, names) => {
      const filter = new Filter([{ Value: values.join('|') }], []);
      const path = names.join('/');
      fc.pre(filter.isIncluded(path));
      for (let depth = 1; depth < names.length; depth++) expect(filter.entersFolder(names.slice(0, depth).join('/'))).toBe(true);
      expect(filter.keyPrefixes().filter(prefix => path.startsWith(prefix))).toHaveLength(1);
    }), { numRuns: 2000 });
  });

  test.each([
    ['/a/b', ['a', 'a/b'], ['b', 'a/c', 'aa'], ['a/b']],
    ['/a*|/a/b|/c', ['a', 'ab', 'c'], ['b'], ['a', 'c']],
    ['/', ['a'], [], ['']],
  ])('enters and lists what %s may include, and no more', (value, entered, left, prefixes) => {
    const filter = new Filter([{ Value: value }], []);
    expect(entered.filter(path => filter.entersFolder(path))).toEqual(entered);
    expect(left.filter(path => filter.entersFolder(path))).toEqual([]);
    expect(filter.keyPrefixes()).toEqual(prefixes);
  });
});

test.each([
  ['.aws-datasync', true], ['.aws-datasync/x', true], ['.awssync/y', true], ['.zfs', true], ['a/.snapshot', true], ['a/.snapshot/b', true],
  ['daily.snapshot', true], ['a/.aws-datasync', false], ['.zfsx', false], ['snapshot', false], ['.snapshots', false],
])('%s is reserved: %s', (path, expected) => expect(isReserved(path)).toBe(expected));

test('a name that may not be reserved is not, in whatever folder it is', () => {
  const part = fc.constantFrom('.snapshot', '.aws-datasync', '.aws-datasync-1-2', '.awssync', '.zfs', '-1', 'a', '.', 'x');
  const name = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join(''));
  fc.assert(fc.property(fc.array(name, { maxLength: 2 }), name, fc.boolean(), (above, last, isFolder) => {
    const folder = above.map(each => `${each}/`).join('');
    fc.pre(!above.some((_, i) => isReserved(above.slice(0, i + 1).join('/')))); // nothing goes into what is reserved
    if (isReserved(folder + last)) expect(mayBeReserved(isFolder ? `${last}/` : last)).toBe(true);
  }), { numRuns: 2000 });
  expect(['file.txt', 'a.snapshots', 'snapshot/', 'aws-datasync'].filter(mayBeReserved)).toEqual([]);
});

/** Straight from the grammar, without any cleverness: expands stars by trying every length. */
function naiveMatch(value: string, path: string): boolean {
  const patterns: Array<Array<{ char: string; star: boolean }>> = [[]];
  for (let i = 0; i < value.length; i++) {
    const [char, next] = [value[i], value[i + 1]];
    const pattern = patterns[patterns.length - 1];
    if (char === '|') patterns.push([]);
    else if (char === '*') pattern.push({ char, star: true });
    else if (char === '\\' && ['*', '|', '\\'].includes(next)) pattern.push({ char: value[++i], star: false });
    else pattern.push({ char: char === '\\' ? '' : char, star: false });
  }
  const covered = (pattern: Array<{ char: string; star: boolean }>, text: string): boolean => {
    if (pattern.length === 0) return text === '';
    const [{ char, star }, ...rest] = pattern;
    if (!star) return text.startsWith(char) && covered(rest, text.slice(char.length));
    return Array.from({ length: text.length + 1 }, (_, i) => i).some(i => covered(rest, text.slice(i)));
  };
  const folders = [...path].flatMap((char, i) => char === '/' ? [path.slice(0, i)] : []).concat(path);
  return patterns.filter(pattern => pattern.some(({ char }) => char !== '')).some(pattern => {
    const kept = pattern.filter(({ char }) => char !== '');
    const last = kept[kept.length - 1];
    if (last?.char === '/') kept.pop();
    return folders.some(folder => covered(kept, folder));
  });
}
