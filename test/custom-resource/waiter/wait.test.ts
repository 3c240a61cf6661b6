import { FakeStateMachine } from './fake-state-machine';
import type { SlowProperties } from './slow-resource';
import { handle, poll } from './slow-resource';
import { Failure } from '../../../src/custom-resource/errors';
import { Invocation } from '../../../src/custom-resource/invocation';
import type { Answer } from '../../../src/custom-resource/respond';
import type { CustomResourceServices } from '../../../src/custom-resource/services';
import { isHandedOver, stopWait, stopWaits } from '../../../src/custom-resource/state-machine';
import type { Poll } from '../../../src/custom-resource/step';
import { waiterDefinition } from '../../../src/custom-resource/waiter/definition';
import { datedQuery, lambdaContext, SECRET } from '../../task-execution/handler/harness';
import { VirtualClock } from '../fault-simulation/clock';

const NOON = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const STACK_ID = 'arn:aws:cloudformation:us-east-1:111122223333:stack/App/6b2d0f2e-0000-1111-2222-333344445555';
const REQUEST_ID = 'c1a7c1a7-0000-4000-8000-000000000001';

/** A CloudFormation, a function and a machine in virtual time. */
class World {
  public readonly clock = new VirtualClock(NOON);
  public readonly answers: Array<Answer & { readonly at: number }> = [];
  public readonly lines: string[] = [];
  public readonly inputs: string[] = [];
  /** What the bucket behind the ResponseURL says to the next answers. */
  public readonly statuses: number[] = [];
  public polling: Poll<Invocation> = poll;
  public readonly machine: FakeStateMachine = new FakeStateMachine(this.clock, waiterDefinition('arn:function'), payload => this.lambda(payload));
  public readonly services: CustomResourceServices = {
    stack: async () => ({ status: 'UPDATE_IN_PROGRESS' }),
    states: async (operation, input) => {
      if ('input' in input) this.inputs.push(input.input as string);
      return this.machine.call(operation, input);
    },
    put: async (_, body) => {
      const status = this.statuses.shift() ?? 200;
      if (status === 200) this.answers.push({ ...JSON.parse(body), at: this.clock.now });
      return status;
    },
    sleep: (milliseconds, signal) => this.clock.sleep(milliseconds, signal),
    now: () => this.clock.now,
    random: () => 0.5,
    write: line => { this.lines.push(line); },
  };

  /** What Lambda does in place of calling the function. */
  public invoking: (call: () => Promise<unknown>) => Promise<unknown> = call => call();

  public get run(): Invocation {
    return new Invocation(this.services, this.context());
  }

  public deliver(properties: Partial<SlowProperties>, more: object = {}): Promise<unknown> {
    return this.call({
      RequestType: 'Create',
      ResponseURL: `https://bucket.example.com/key?${datedQuery(NOON)}`,
      StackId: STACK_ID,
      RequestId: REQUEST_ID,
      LogicalResourceId: 'Slow',
      ResourceProperties: { Waiter: this.machine.arn, Polls: '3', ...properties },
      ...more,
    });
  }

  /** Lets time pass until nothing waits any more. */
  public async finish(): Promise<void> {
    await this.clock.runUntil(() => this.machine.running.length === 0);
  }

  private lambda(payload: unknown): Promise<unknown> {
    return this.invoking(() => this.call(payload));
  }

  private call(event: any): Promise<unknown> {
    return handle(event, this.context(), this.services, this.polling);
  }

  private context() {
    const ends = this.clock.now + 15 * MINUTE;
    return lambdaContext({ awsRequestId: 'invocation', getRemainingTimeInMillis: () => ends - this.clock.now });
  }
}

let world: World;
beforeEach(() => { world = new World(); });
afterEach(() => expect(world.lines.join('\n')).not.toContain(SECRET));

test('an end that is seen after some polls is answered then, once', async () => {
  await world.deliver({ Polls: '3' });
  expect(world.answers).toEqual([]);
  await world.finish();
  expect(world.answers).toEqual([{
    Status: 'SUCCESS', StackId: STACK_ID, RequestId: REQUEST_ID, LogicalResourceId: 'Slow', PhysicalResourceId: 'slow', Data: { Steps: '3' }, at: NOON + 3_000,
  }]);
});

test.each([['Create', ''], ['Update', ' Log: /aws/lambda/App-Starter, stream 2026/01/31/[$LATEST]0123, invocation invocation.']])(
  'a failure is answered with its reason, on %s with the place of the log: "%s"', async (RequestType, log) => {
    await world.deliver({ Polls: '1', Failure: 'It went wrong.' }, { RequestType });
    await world.finish();
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: `It went wrong.${log}`, PhysicalResourceId: 'slow' }]);
  });

test('what does not end is decided by a last poll 55 minutes after the request, and answered before 57', async () => {
  await world.deliver({ Polls: '1000000' });
  await world.finish();
  expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringMatching(/^\d+ polls were not enough\.$/) }]);
  expect(world.answers[0].at).toBeGreaterThanOrEqual(NOON + 55 * MINUTE);
  expect(world.answers[0].at).toBeLessThan(NOON + 55 * MINUTE + 2_000);
});

test('the hour begins with the request, however late it is handed over', async () => {
  world.clock.now = NOON + 20 * MINUTE;
  await world.deliver({ Polls: '1000000' });
  await world.finish();
  expect(world.answers[0].at).toBeLessThan(NOON + 57 * MINUTE);
});

test('a request without a date has its hour from the start of the machine', async () => {
  world.clock.now = NOON + 20 * MINUTE;
  await world.deliver({ Polls: '1000000' }, { ResponseURL: `https://bucket.example.com/key?${SECRET}` });
  await world.finish();
  expect(world.answers[0].at).toBeGreaterThanOrEqual(NOON + 75 * MINUTE);
  expect(world.answers[0].at).toBeLessThan(NOON + 77 * MINUTE);
});

test('a poll that wants another one although it was the last is answered all the same', async () => {
  world.polling = async run => {
    run.step = 'waiting for rain';
    return 35; // does not divide the 55 minutes
  };
  await world.deliver({});
  await world.finish();
  expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: "It had not ended when CloudFormation's time was nearly up: waiting for rain.", at: NOON + 55 * MINUTE }]);
});

test('no pause is longer than a minute, so that a wait that is stopped ends within one', async () => {
  let polls = 0;
  world.polling = async () => ++polls > 10 ? {} : 3600;
  await world.deliver({});
  await world.finish();
  expect(world.answers[0].at).toBe(NOON + 10 * MINUTE);
});

test('a request that CloudFormation has given up is not answered', async () => {
  world.clock.now = NOON + 61 * MINUTE;
  await world.deliver({ Polls: '0' });
  await world.finish();
  expect(world.answers).toEqual([]);
  expect(world.machine.executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
});

describe('a second delivery of the request', () => {
  test('starts nothing while the first one is waited for, and sends the very same bytes', async () => {
    await world.deliver({ Polls: '30' });
    await world.clock.runUntil(() => world.clock.now > NOON + 10_000);
    await world.deliver({ Polls: '30' });
    await world.finish();
    expect(world.answers).toHaveLength(1);
    expect(world.machine.executions).toHaveLength(1);
    expect(world.inputs).toHaveLength(2);
    expect(world.inputs[1]).toBe(world.inputs[0]);
  });

  test('starts nothing when the first one is over', async () => {
    await world.deliver({ Polls: '1' });
    await world.finish();
    await world.deliver({ Polls: '1' });
    await world.finish();
    expect(world.answers).toHaveLength(1);
    expect(world.machine.executions).toHaveLength(1);
  });

  test('can see that it is one', async () => {
    const waited = { LogicalResourceId: 'Slow', RequestId: REQUEST_ID };
    expect(await isHandedOver(world.run, world.machine.arn, waited)).toBe(false);
    await world.deliver({ Polls: '1' });
    expect(await isHandedOver(world.run, world.machine.arn, waited)).toBe(true);
    expect(await isHandedOver(world.run, world.machine.arn, { ...waited, LogicalResourceId: 'Other' })).toBe(false);
    await world.finish();
    expect(await isHandedOver(world.run, world.machine.arn, waited)).toBe(true);
  });
});

describe('when something is broken', () => {
  test('a Lambda without room for ten minutes only delays the answer', async () => {
    world.invoking = call => world.clock.now < NOON + 10 * MINUTE
      ? Promise.reject(Object.assign(new Error('Rate Exceeded.'), { name: 'Lambda.TooManyRequestsException' })) : call();
    await world.deliver({ Polls: '1' });
    await world.finish();
    expect(world.answers).toMatchObject([{ Status: 'SUCCESS' }]);
  });

  test.each<[string, (call: number) => Promise<never>, string]>([
    ['throws', () => Promise.reject(Object.assign(new Error('Cannot read properties of undefined'), { name: 'TypeError' })),
      'TypeError: Cannot read properties of undefined'],
    ['hangs', () => new Promise(() => {}), 'States.Timeout'],
    ['is not there', () => Promise.reject(Object.assign(new Error('Function not found: arn'), { name: 'Lambda.ResourceNotFoundException' })),
      'Lambda.ResourceNotFoundException: Function not found: arn'],
  ])('a function that %s whenever it takes the step is FAILED with what Step Functions says of it', async (_, fail, text) => {
    let calls = 0;
    world.invoking = call => ++calls <= 4 ? fail(calls) : call();
    await world.deliver({ Polls: '1' });
    await world.finish();
    expect(world.answers).toMatchObject([{
      Status: 'FAILED',
      Reason: `The wait was broken off, because its function failed again and again: ${text}. Look into the log of the function, then deploy again.`,
    }]);
    expect(world.machine.executions.map(({ status }) => status)).toEqual(['FAILED']);
  });

  test('a function that fails now and then only delays the answer', async () => {
    let calls = 0;
    world.invoking = call => ++calls % 2 === 1 ? Promise.reject(new Error('cut off')) : call();
    await world.deliver({ Polls: '5' });
    await world.finish();
    expect(world.answers).toMatchObject([{ Status: 'SUCCESS', Data: { Steps: '5' } }]);
  });

  test('an answer that is not taken for longer than a step lasts is sent by the next step', async () => {
    world.statuses.push(...Array.from({ length: 60 }, () => 500));
    await world.deliver({ Polls: '1' });
    await world.finish();
    expect(world.answers).toHaveLength(1);
    expect(world.statuses).toEqual([]);
  });

  test('a service that does not answer for some steps is asked again, and one that never does is FAILED after ten minutes', async () => {
    let polls = 0;
    const hang = () => new Promise<number>(() => {});
    world.polling = async () => ++polls < 4 ? hang() : {};
    await world.deliver({});
    await world.finish();
    expect(world.answers).toMatchObject([{ Status: 'SUCCESS' }]);

    world = new World();
    world.polling = async run => {
      run.step = 'asking the service';
      return hang();
    };
    await world.deliver({});
    await world.finish();
    expect(world.answers).toMatchObject([{
      Status: 'FAILED', Reason: "Time is up: the function's time was nearly up while asking the service. Put right what it waited for, then deploy again.",
    }]);
    expect(world.answers[0].at).toBeGreaterThan(NOON + 9 * MINUTE);
    expect(world.answers[0].at).toBeLessThan(NOON + 10 * MINUTE);
  });

  test.each<[string, Error, string]>([
    ['what a person can act on', new Failure('No such thing', 'Make one'), 'No such thing. Make one.'],
    ['a fault of ours', new TypeError('oops'), 'An unexpected error while starting: TypeError: oops. Please report it with the log.'],
  ])('a poll that throws %s is FAILED at once', async (_, error, reason) => {
    world.polling = () => Promise.reject(error);
    await world.deliver({});
    await world.finish();
    expect(world.answers).toMatchObject([{ Status: 'FAILED', Reason: reason, at: NOON }]);
  });
});

describe('waits are stopped', () => {
  const waiting = () => world.machine.running.map(({ name }) => name.slice(-1)).sort();
  const begin = (id: number, LogicalResourceId = 'Slow') => world.deliver({ Polls: '1000' }, { RequestId: `${REQUEST_ID.slice(0, -1)}${id}`, LogicalResourceId });

  test('of one resource, all of them, and those of no other', async () => {
    for (const id of [1, 2, 3, 4, 5]) await begin(id);
    await begin(6, 'Other');
    await stopWaits(world.run, world.machine.arn, 'Slow');
    expect(waiting()).toEqual(['6']);
  });

  test('that began before a time, while what began later goes on', async () => {
    await begin(1);
    await world.clock.runUntil(() => world.clock.now > NOON + 5_000);
    await begin(2);
    await stopWaits(world.run, world.machine.arn, 'Slow', NOON + 5_000);
    expect(waiting()).toEqual(['2']);
  });

  test('of one request, and of one that never was', async () => {
    for (const id of [1, 2]) await begin(id);
    await stopWait(world.run, world.machine.arn, { LogicalResourceId: 'Slow', RequestId: REQUEST_ID });
    await stopWait(world.run, world.machine.arn, { LogicalResourceId: 'Slow', RequestId: 'never' });
    expect(waiting()).toEqual(['2']);
  });

  test('and answer nothing any more', async () => {
    await begin(1);
    await world.clock.runUntil(() => world.clock.now > NOON + 5_000);
    await stopWaits(world.run, world.machine.arn, 'Slow');
    await world.clock.runUntil(() => world.clock.now > NOON + 90 * MINUTE);
    expect(world.answers).toEqual([]);
  });

  test('without a word when their machine is gone', async () => {
    await expect(stopWaits(world.run, 'arn:aws:states:us-east-1:111122223333:stateMachine:Gone', 'Slow')).resolves.toBe(0);
  });
});
