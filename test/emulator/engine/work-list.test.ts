import { WorkList } from '../../../emulator/engine/work-list';

test.each([0, 1, 2047, 2048, 2049, 10_000])('%d records come back forward and backward', count => {
  const list = new WorkList<{ n: number; text: string }>();
  const records = Array.from({ length: count }, (_, n) => ({ n, text: `é${n}` }));
  for (const record of records) list.push(record);
  expect([...list.forward()].flat()).toEqual(records);
  expect([...list.backward()].flat()).toEqual([...records].reverse());
  expect([...list.forward()].flat()).toEqual(records);
  list.close();
});
