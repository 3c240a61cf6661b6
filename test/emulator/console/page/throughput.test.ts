import { Throughput } from '../../../../emulator/console/page/throughput';

test('a rate is the average between two looks', () => {
  const throughput = new Throughput();
  throughput.add(1_000, 0);
  throughput.add(1_500, 1_000);
  throughput.add(3_500, 2_000);
  expect(throughput.rates).toEqual([
    { from: 0, to: 1_000, bytesPerSecond: 0 }, { from: 1_000, to: 1_500, bytesPerSecond: 2_000 }, { from: 1_500, to: 3_500, bytesPerSecond: 500 },
  ]);
});

test('a look at the same time again, or at one that has passed, tells nothing', () => {
  const throughput = new Throughput();
  throughput.add(0, 0);
  throughput.add(1_000, 500);
  throughput.add(1_000, 900);
  throughput.add(900, 900);
  expect(throughput.rates).toEqual([{ from: 0, to: 1_000, bytesPerSecond: 500 }]);
});

test('however long it takes, the points stay few, reach from the start to the end and add up to all that was written', () => {
  const throughput = new Throughput();
  for (let second = 1; second <= 100_000; second++) throughput.add(second * 1_000, second * 7);
  const { rates } = throughput;
  expect(rates.length).toBeLessThan(240);
  expect({ from: rates[0].from, to: rates[rates.length - 1].to }).toEqual({ from: 0, to: 100_000_000 });
  expect(rates.every(({ bytesPerSecond }) => Math.abs(bytesPerSecond - 7) < 1e-9)).toBe(true);
});
