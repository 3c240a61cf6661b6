import { ManualClock, systemClock } from '../../../emulator/schedule/clock';

const START = new Date('2030-01-01T00:00:00Z');
const after = (ms: number) => new Date(START.getTime() + ms);

test('what falls due on the way happens in its order, each at its own time, also what is set up meanwhile', () => {
  const clock = new ManualClock(START);
  const seen: [string, number][] = [];
  const note = (name: string) => seen.push([name, clock.now().getTime() - START.getTime()]);
  clock.at(after(300), () => note('later'));
  clock.at(after(100), () => {
    note('sooner');
    clock.at(after(200), () => note('between'));
    clock.at(after(50), () => note('overdue'));
    clock.at(after(1001), () => note('never'));
  });
  const cancel = clock.at(after(150), () => note('cancelled'));
  cancel();
  clock.advance(1000);
  expect(seen).toEqual([['sooner', 100], ['overdue', 100], ['between', 200], ['later', 300]]);
  expect(clock.now()).toEqual(after(1000));
});

test.each([after(-1), new Date(NaN)])('a clock does not go back to %s', time => {
  expect(() => new ManualClock(START).moveTo(time)).toThrow('cannot be moved back');
});

test('the clock of the machine wakes once, soon when the time has passed, and not at all when called off or far ahead', async () => {
  const woken: string[] = [];
  const far = systemClock.at(new Date(Date.now() + 2 ** 40), () => woken.push('far'));
  systemClock.at(new Date(Date.now() + 20), () => woken.push('cancelled'))();
  await new Promise<void>(done => {
    systemClock.at(new Date(0), () => woken.push('past'));
    systemClock.at(new Date(Date.now() + 30), done);
    setTimeout(() => undefined, 1000).unref();
    const keepAlive = setInterval(() => woken.length > 0 && clearInterval(keepAlive), 5); // alarms do not
  });
  far();
  expect(woken).toEqual(['past']);
});
