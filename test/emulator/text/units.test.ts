import { bytes, duration } from '../../../emulator/text/units';

test.each([
  [0, '0 B'], [0.4, '0.4 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [1536, '1.5 KiB'], [1024 ** 2, '1.0 MiB'], [5 * 1024 ** 4, '5.0 TiB'], [2048 * 1024 ** 4, '2048.0 TiB'],
])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text));

test.each([
  [0, '0.0 s'], [9_949, '9.9 s'], [9_950, '10 s'], [119_000, '119 s'], [120_000, '2 min'], [7_500_000, '2 h 5 min'],
])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text));
