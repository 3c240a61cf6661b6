import { setImmediate } from 'node:timers/promises';
import { mapLimit, Pool } from '../../../emulator/engine/pool';

test('there are never more tasks or bytes than allowed, and all of them run', async () => {
  const pool = new Pool(3, 100);
  let [tasks, bytes, done, most, heaviest] = [0, 0, 0, 0, 0];
  for (const weight of [10, 60, 40, 100, 5000, 1, 1, 1, 1, 90, 30]) {
    await pool.start(weight, async () => {
      tasks++;
      bytes += Math.min(weight, 100);
      [most, heaviest] = [Math.max(most, tasks), Math.max(heaviest, bytes)];
      for (let i = 0; i < weight % 7; i++) await setImmediate();
      tasks--;
      bytes -= Math.min(weight, 100);
      done++;
    });
  }
  await pool.drain();
  expect({ done, most: most <= 3, heaviest: heaviest <= 100 }).toEqual({ done: 11, most: true, heaviest: true });
});

test('mapLimit keeps the order', async () => {
  expect(await mapLimit([3, 1, 2], 2, async n => {
    for (let i = 0; i < n; i++) await setImmediate();
    return n * 10;
  })).toEqual([30, 10, 20]);
});

test('mapLimit takes results that are there at once among others that are not, each in its place', async () => {
  const seen: number[] = [];
  const map = (n: number) => {
    seen.push(n);
    return n % 3 === 0 ? setImmediate(n * 10) : n * 10;
  };
  expect(await mapLimit([1, 2, 3, 4, 5, 6], 2, map)).toEqual([10, 20, 30, 40, 50, 60]);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  await expect(mapLimit([1, 2], 2, n => n === 1 ? n : Promise.reject(new Error('no')))).rejects.toThrow('no');
});
