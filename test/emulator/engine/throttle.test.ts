import { Throttle } from '../../../emulator/engine/throttle';

const never = new AbortController().signal;

test('no limit, no wait', async () => {
  const throttle = new Throttle(-1);
  await throttle.take(1e12, never);
  expect(throttle.limited).toBe(false);
});

test('a debt holds the next taker back until the limit is lifted', async () => {
  const throttle = new Throttle(1);
  await throttle.take(1e9, never); // 30 years worth
  let passed = false;
  const next = throttle.take(1, never).then(() => {
    passed = true;
  });
  await new Promise(resolve => setTimeout(resolve, 150));
  expect(passed).toBe(false);
  throttle.bytesPerSecond = -1;
  await next;
  expect(passed).toBe(true);
});

test('a cancel ends the wait of everybody in the queue', async () => {
  const throttle = new Throttle(1);
  await throttle.take(1e9, never);
  const cancel = new AbortController();
  const waiting = [throttle.take(1, cancel.signal), throttle.take(1, cancel.signal)];
  cancel.abort();
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
