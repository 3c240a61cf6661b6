import { ManifestError } from '../../../emulator/manifest/csv';
import { toEntry } from '../../../emulator/manifest/entries';

test.each<[string[], object]>([
  [['a.png'], { key: 'a.png', line: 7 }],
  [['a/b c,d.png', ''], { key: 'a/b c,d.png', line: 7 }],
  [['a.png', 'v1'], { key: 'a.png', line: 7, version: 'v1' }],
  [['..a/b..', 'null'], { key: '..a/b..', line: 7, version: 'null' }],
  [['.snapshots'], { key: '.snapshots', line: 7 }],
])('%j is an entry', (fields, entry) => {
  expect(toEntry({ line: 7, fields }, 'S3')).toEqual(entry);
});

test.each<[string[], string]>([
  [['/etc/passwd'], 'has an absolute path; write it relative to the source location'],
  [['../secret'], 'has an empty, "." or ".." part'],
  [['a/../../b'], 'has an empty, "." or ".." part'],
  [['a/./b'], 'has an empty, "." or ".." part'],
  [['a//b'], 'has an empty, "." or ".." part'],
  [['..'], 'has an empty, "." or ".." part'],
  [['a\0b'], 'has an empty, "." or ".." part, or a NUL character'],
  [['folder/'], 'is a folder; list the files in it'],
  [['é'.repeat(513)], 'has a path of 1026 bytes, 1024 are allowed'],
  [['a', 'v'.repeat(1025)], 'has a version of 1025 bytes, 1024 are allowed'],
  [['.aws-datasync/run'], 'names what the service never transfers'],
  [['a/.snapshot'], 'names what the service never transfers'],
])('%j fails alone', (fields, error) => {
  expect(toEntry({ line: 7, fields }, 'S3').error).toContain(`line 7 of the manifest ${error}`);
});

test('only S3 has versions; paths are no longer elsewhere', () => {
  expect(toEntry({ line: 7, fields: ['a', 'v1'] }, 'other').error).toContain('has an object version, which only S3 locations have');
  expect(toEntry({ line: 7, fields: ['é'.repeat(513)] }, 'other').error).toContain('has a path of 1026 bytes, 1024 are allowed');
  expect(toEntry({ line: 7, fields: ['é'.repeat(512)] }, 'other').error).toBeUndefined();
});

test.each([
  [['a', 'v', 'x'], 'line 7 has 3 fields; it must be a path, or a path and an object version'],
  [[''], 'line 7 has no path'],
  [['', 'v'], 'line 7 has no path'],
])('%j makes the whole manifest wrong', (fields, message) => {
  expect(() => toEntry({ line: 7, fields }, 'S3')).toThrow(new ManifestError(message));
});
