import { join } from 'node:path';
import type { Check } from '../../emulator/option-checks';
import { folder, newFolder, port, url } from '../../emulator/option-checks';

test.each<[string, Check, unknown[], unknown[]]>([
  ['port', port, [0, 4580, 65535], [-1, 65536, 1.5, NaN, '80', null]],
  ['folder', folder, ['.', __dirname], ['', '/no/such/folder', __filename, join(__filename, 'x'), 'a\0b', undefined, 1]],
  ['newFolder', newFolder, ['.', __dirname, '/no/such/folder', join(__dirname, 'a', 'b')], ['', __filename, join(__filename, 'a', 'b'), null]],
  ['url', url, ['http://127.0.0.1:4566', 'https://host/path', 'HTTP://HOST'], ['', 'host', 'minio:9000', 'ftp://host', '//host', undefined, 1]],
])('%s takes what can be one, and says what is wrong with the rest', (_, check, right, wrong) => {
  expect(right.filter(value => check(value) !== undefined)).toEqual([]);
  expect(wrong.filter(value => check(value) === undefined)).toEqual([]);
});
