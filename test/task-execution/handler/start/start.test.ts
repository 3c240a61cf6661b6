import { createServer, request } from 'node:http';
import type { DescribeTaskExecutionCommandOutput, ListTaskExecutionsCommandOutput } from '@aws-sdk/client-datasync';
import {
  CancelTaskExecutionCommand, DataSyncClient, DescribeTaskExecutionCommand, StartTaskExecutionCommand,
} from '@aws-sdk/client-datasync';
import { finished } from '../../../support/emulator';
import { plainRequest } from '../../../support/plain-request';
import type { Harness } from '../harness';
import { created, listen, startHarness } from '../harness';

let h: Harness;
beforeAll(async () => { h = await startHarness(); });
afterAll(() => h.close());
beforeEach(() => h.reset());

/** Shows an execution as one that is still about to end, which it may be for minutes. */
const showCancelling = (arn: string, looks = Number.POSITIVE_INFINITY) => async (command: object, options: object) => {
  const answer = await h.client.send(command as never, options) as Partial<DescribeTaskExecutionCommandOutput & ListTaskExecutionsCommandOutput>;
  if (command instanceof DescribeTaskExecutionCommand && command.input.TaskExecutionArn === arn && looks-- > 0) answer.Status = 'CANCELLING';
  for (const listed of answer.TaskExecutions ?? []) if (listed.TaskExecutionArn === arn && looks > 0) listed.Status = 'CANCELLING';
  return answer;
};
const cancelToItsEnd = async (arn: string) => {
  await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
  await finished(h.client, arn);
};

describe('an execution that is CANCELLING', () => {
  test('is not started again by another delivery of its request, which fails', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn) });
    const { PhysicalResourceId: arn } = await h.deliver(event);
    await cancelToItsEnd(arn);
    const answer = await h.deliver(event, { datasync: { send: showCancelling(arn) } as never });
    expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: arn });
    expect(answer.Reason).toContain(`${arn}, which this request had started, was cancelled`);
    expect(await h.executions(taskArn)).toEqual([arn]);
  });

  test('is not taken for what a repeated request asks for, which starts another', async () => {
    const { taskArn, properties, arn } = await created(h, { slow: true });
    const again = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    expect(again).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    await cancelToItsEnd(arn);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: properties }), { datasync: { send: showCancelling(arn) } as never });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(new Set(await h.executions(taskArn))).toEqual(new Set([arn, answer.PhysicalResourceId]));
    expect(answer.PhysicalResourceId).not.toBe(arn);
  });

  test('is nothing that ATTACH takes: its end is waited for, then one is started', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    await cancelToItsEnd(ofOthers);
    const properties = h.properties(taskArn, { IfRunning: 'ATTACH' });
    let starts = 0;
    let looks = 0;
    const show = showCancelling(ofOthers, 6);
    const send = (command: object, options: object) => {
      if (command instanceof DescribeTaskExecutionCommand && starts === 0) looks++;
      if (command instanceof StartTaskExecutionCommand) starts++;
      return show(command, options);
    };
    const answer = await h.deliver(h.event('Create', { ResourceProperties: properties }), { datasync: { send } as never });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(answer.PhysicalResourceId).not.toBe(ofOthers);
    expect(starts).toBe(1);
    expect(looks).toBeGreaterThan(6);
  });
});

describe('while another execution of the task runs, IfRunning', () => {
  test('QUEUE queues one with other filters', async () => {
    const taskArn = await h.makeTask({ slow: true });
    await h.startByOthers(taskArn);
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { Includes }) }));
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.statusOf(answer.PhysicalResourceId)).toBe('QUEUED');
  });

  test("QUEUE passes the service's refusal of the same filters on, with what is in the way", async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn) }));
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`datasync:StartTaskExecution was refused for ${taskArn}: InvalidRequestException`);
    expect(answer.Reason).toContain(`aws datasync cancel-task-execution --task-execution-arn ${ofOthers}`);
    expect(answer.Reason).toContain('choose ifRunning ATTACH or WAIT');
    expect(await h.executions(taskArn)).toEqual([ofOthers]);
  });

  test('ATTACH joins it', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'ATTACH' }) }));
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: ofOthers, Data: { TaskExecutionArn: ofOthers } });
    expect(await h.executions(taskArn)).toEqual([ofOthers]);
  });

  test('ATTACH starts one when nothing runs', async () => {
    const taskArn = await h.makeTask();
    const ofOthers = await h.startByOthers(taskArn);
    await finished(h.client, ofOthers);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'ATTACH' }) }));
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).not.toBe(ofOthers);
  });

  test('FAIL fails and names it', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'FAIL' }) }));
    expect(answer.Status).toBe('FAILED');
    expect(answer.Reason).toContain(`its execution ${ofOthers} is `);
    expect(answer.Reason).toContain('Wait until that execution has ended or cancel it');
    expect(await h.executions(taskArn)).toEqual([ofOthers]);
  });

  test('FAIL lets nothing slip in between the look and the start: it asks the service not to queue', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const { PhysicalResourceId } = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'FAIL' }) }));
    const { Options } = await h.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: PhysicalResourceId }));
    expect(Options?.TaskQueueing).toBe('DISABLED');
  });

  test('FAIL that is refused names both causes', async () => {
    const taskArn = await h.makeTask();
    const send = (command: object, options: object) => {
      if (command instanceof StartTaskExecutionCommand) {
        throw Object.assign(new Error('no'), { name: 'InvalidRequestException', $metadata: { httpStatusCode: 400 } });
      }
      return h.client.send(command as never, options);
    };
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'FAIL' }) });
    const { Reason } = await h.deliver(event, { datasync: { send } as never });
    expect(Reason).toContain('InvalidRequestException: no. Either another execution was in progress, which ifRunning FAIL does not allow, or the text above names what is wrong.');
  });

  /** Cancels an execution at the n-th look at it. */
  const cancelAtLook = (arn: string, n: number) => {
    let looks = 0;
    return async (command: object, options: object) => {
      if (command instanceof DescribeTaskExecutionCommand && command.input.TaskExecutionArn === arn && ++looks === n) {
        await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: arn }));
      }
      return h.client.send(command as never, options);
    };
  };

  test('WAIT starts once it has ended', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const event = h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'WAIT' }) });
    const answer = await h.deliver(event, { datasync: { send: cancelAtLook(ofOthers, 6) } as never });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(answer.PhysicalResourceId).not.toBe(ofOthers);
    expect(await h.statusOf(ofOthers)).toBe('ERROR');
    expect(h.lines.filter(line => line.includes('waiting until others have ended'))).toHaveLength(1);
  });

  test('WAIT starts at once when nothing runs', async () => {
    const taskArn = await h.makeTask();
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'WAIT' }) }));
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
  });

  test('WAIT waits for what somebody starts between the look and the start, if the service refuses the start for it', async () => {
    const taskArn = await h.makeTask({ slow: true });
    let ofOthers = '';
    const send = async (command: object, options: object) => {
      if (command instanceof StartTaskExecutionCommand && !ofOthers) ofOthers = await h.startByOthers(taskArn);
      if (command instanceof DescribeTaskExecutionCommand && ofOthers && ++looks === 8) {
        await h.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn: ofOthers }));
      }
      return h.client.send(command as never, options);
    };
    let looks = 0;
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'WAIT' }) }), { datasync: { send } as never });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect(new Set(await h.executions(taskArn))).toEqual(new Set([ofOthers, answer.PhysicalResourceId]));
  });

  test('WAIT gives up after ten minutes, waits for the task included, and names what still runs', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'WAIT' }) }));
    expect(answer).toMatchObject({ Status: 'FAILED' });
    const why = 'was not started because after 600 s of waiting, which is all that ifRunning WAIT does, its execution';
    expect(answer.Reason).toMatch(new RegExp(`^${taskArn} ${why} ${ofOthers} is [A-Z]+\\. `));
    expect(answer.Reason).toContain(`cancel it (aws datasync cancel-task-execution --task-execution-arn ${ofOthers})`);
    expect(await h.executions(taskArn)).toEqual([ofOthers]);
  });

  test('WAIT does not wait for the own previous execution, which is superseded', async () => {
    const { properties, arn } = await created(h, { slow: true }, { IfRunning: 'WAIT' });
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    const answer = await h.deliver(h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Includes } }));
    expect(answer.Status).toBe('SUCCESS');
    expect(await h.statusOf(answer.PhysicalResourceId)).toBe('QUEUED');
  });

  test.each([
    ['QUEUE', 'datasync:StartTaskExecution was refused for'],
    ['WAIT', 'was not started because after 600 s'],
  ])('and 50 more wait in its queue, %s fails and says so', async (IfRunning, why) => {
    const taskArn = await h.makeTask({ slow: true });
    for (let n = 0; n <= 50; n++) await h.startByOthers(taskArn, `/b|/${n}`);
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning }) }));
    expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(why) });
    expect(answer.Reason).toMatch(/is (LAUNCHING|PREPARING|TRANSFERRING), and 50 more wait in the queue, which takes 50\./);
  });

  const OPTIONS = { VerifyMode: 'NONE' } as const;
  const FILTER = [{ FilterType: 'SIMPLE_PATTERN', Value: '/a|/b' }] as const;
  test.each<[string, Record<string, unknown>, Record<string, unknown>, boolean]>([
    ['the same options', { OverrideOptions: OPTIONS }, { OverrideOptions: OPTIONS }, true],
    ['other options', { OverrideOptions: OPTIONS }, {}, false],
    ['an option that the task has anyway', { OverrideOptions: { TransferMode: 'CHANGED' } }, {}, true],
    ['another bandwidth', { OverrideOptions: { BytesPerSecond: '2' } }, {}, true],
    ['the same filters in another order', { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/b|/a' }] }, { Includes: FILTER }, true],
    ['no filters', {}, { Includes: FILTER }, false],
    ['other excludes', { Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '*.tmp' }] }, { Excludes: FILTER }, false],
  ])('ATTACH with %s: %j to %j: %s', async (_, asked, running, attaches) => {
    const taskArn = await h.makeTask({ slow: true });
    const ofOthers = await h.startByOthers(taskArn, undefined, running);
    const { Status, PhysicalResourceId, Reason } = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { IfRunning: 'ATTACH', ...asked }) }));
    expect(PhysicalResourceId === ofOthers).toBe(attaches);
    // The service may take it into its queue or not; it never counts as the one that runs.
    if (Status === 'FAILED') expect(Reason).toContain(`Its execution ${ofOthers} is`);
  });

  test('ATTACH in an Update that changes a location takes no execution that started before', async () => {
    const taskArn = await h.makeTask({ slow: true });
    const values = (Subdirectory: string) => ({ Values: { Version: '1', Task: {}, Source: { Type: 'AWS::DataSync::LocationNFS', Subdirectory } } });
    const ofOthers = await h.startByOthers(taskArn);
    const properties = h.properties(taskArn, { IfRunning: 'ATTACH', ...values('/a') });
    const before = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    expect(before.PhysicalResourceId).toBe(ofOthers);
    const after = await h.deliver(h.event('Update', {
      PhysicalResourceId: ofOthers, OldResourceProperties: properties, ResourceProperties: { ...properties, ...values('/b') },
    }));
    expect(after).toMatchObject({ Status: 'FAILED' });
    expect(after.Reason).toContain(`Its execution ${ofOthers} is`);
  });
});

describe('while the own previous execution runs, an Update with IfRunning', () => {
  test.each(['QUEUE', 'ATTACH', 'FAIL'])('%s starts the next one behind it, if the service takes that', async IfRunning => {
    const { taskArn, properties, arn } = await created(h, { slow: true }, { IfRunning });
    const Includes = [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }];
    const answer = await h.deliver(h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Includes } }));
    expect(answer.Status).toBe('SUCCESS');
    expect(new Set(await h.executions(taskArn))).toEqual(new Set([arn, answer.PhysicalResourceId]));
    expect(await h.statusOf(answer.PhysicalResourceId)).toBe('QUEUED');
    expect(await h.statusOf(arn)).not.toBe('ERROR'); // until the cleanup
  });

  test.each(['QUEUE', 'ATTACH', 'FAIL'])('%s cancels it first, if the service refuses another beside it', async IfRunning => {
    const { properties, arn } = await created(h, { slow: true }, { IfRunning });
    const Triggers = { data: '2' };
    const answer = await h.deliver(h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Triggers } }));
    expect(answer.Status).toBe('SUCCESS');
    expect(answer.PhysicalResourceId).not.toBe(arn);
    expect(await h.statusOf(arn)).toBe('ERROR');
    expect(h.lines.join()).toContain(`aws datasync start-task-execution --task-arn ${properties.TaskArn}`);
  });

  test('loses nothing for an option that the service does not take', async () => {
    const { properties, arn } = await created(h, { slow: true });
    const OverrideOptions = { TransferMode: 'ALL', PreserveDeletedFiles: 'REMOVE' };
    const event = h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, OverrideOptions } });
    expect(await h.deliver(event)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: `not-started:${event.RequestId}` });
    expect(await h.statusOf(arn)).not.toBe('ERROR');
  });

  test('that fails after all names what it has cancelled, and the command that starts it again', async () => {
    const { taskArn, properties, arn } = await created(h, { slow: true }, { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/b' }] });
    const Triggers = { data: '2' };
    let cancelled = false;
    const send = (command: object, options: object) => {
      cancelled ||= command instanceof CancelTaskExecutionCommand;
      if (cancelled && command instanceof StartTaskExecutionCommand) h.stack.status = 'UPDATE_ROLLBACK_IN_PROGRESS';
      return h.client.send(command as never, options);
    };
    const event = h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Triggers } });
    const { Status, Reason } = await h.deliver(event, { datasync: { send } as never });
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(`The previous execution ${arn} was cancelled for it; this starts it again: `
      + `aws datasync start-task-execution --task-arn ${taskArn} --includes '[{"FilterType":"SIMPLE_PATTERN","Value":"/b"}]'`);
  });
});

describe('with a removal policy that retains', () => {
  const Retain = 'true';

  test.each(['QUEUE', 'ATTACH', 'FAIL'])('a refused Update with IfRunning %s leaves the previous execution alone, and names it', async IfRunning => {
    const { taskArn, properties, arn } = await created(h, { slow: true }, { IfRunning, Retain });
    const event = h.event('Update', { PhysicalResourceId: arn, OldResourceProperties: properties, ResourceProperties: { ...properties, Triggers: { data: '2' } } });
    const { Status, Reason, PhysicalResourceId } = await h.deliver(event);
    expect({ Status, PhysicalResourceId }).toEqual({ Status: 'FAILED', PhysicalResourceId: `not-started:${event.RequestId}` });
    expect(Reason).toContain(`Its previous execution ${arn} is`);
    expect(Reason).toContain('the removal policy retains it: wait until it has ended, or cancel it');
    expect(await h.executions(taskArn)).toEqual([arn]);
    expect(['CANCELLING', 'ERROR']).not.toContain(await h.statusOf(arn));
  });

  test.each([
    ['the deletion of the stack', 'DELETE_IN_PROGRESS', 'runs on'],
    ['a cleanup', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'runs on'],
    ['a creation that is rolled back', 'ROLLBACK_IN_PROGRESS', 'is cancelled'],
  ])('in %s (%s) with an id that CloudFormation made up, what the resource has started %s', async (_, status, outcome) => {
    const { properties, arn } = await created(h, { slow: true }, { Retain });
    h.stack.status = status;
    await h.deliver(h.event('Delete', { PhysicalResourceId: 'App-SeedExecution-1ABCDEF', ResourceProperties: properties }));
    expect(await h.statusOf(arn) === 'ERROR').toBe(outcome === 'is cancelled');
  });
});

describe('what another request of the same resource has started with the same values', () => {
  test('in the same operation becomes that of a retry under a new id, and the Delete of the failed one leaves it alone', async () => {
    const { taskArn, properties, arn, request: id } = await created(h, { slow: true });
    const retry = await h.deliver(h.event('Create', { ResourceProperties: properties }));
    expect(retry).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await h.executions(taskArn)).toEqual([arn]);
    await h.deliver(h.event('Delete', { PhysicalResourceId: `not-started:${id}`, ResourceProperties: properties }));
    expect(await h.statusOf(arn)).not.toBe('ERROR');
  });

  test('stays that of the retry when the failed request is delivered late', async () => {
    const { taskArn, properties, arn, request: retry } = await created(h, { slow: true });
    const failed = h.event('Create', { ResourceProperties: properties }, Date.now() - 60_000);
    expect(await h.deliver(failed)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: arn });
    expect(await h.executions(taskArn)).toEqual([arn]);
    expect(await h.tagsOf(arn)).toMatchObject({ 'cdk-datasync:request': retry });
  });
});

test('options that the SDK does not know reach the service', async () => {
  const taskArn = await h.makeTask();
  const bodies: string[] = [];
  const proxy = await listen(createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', chunk => body += chunk).on('end', () => {
      bodies.push(body);
      const { host, ...headers } = incoming.headers;
      request(h.emulator.url, { method: 'POST', headers }, answer => {
        outgoing.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(outgoing);
      }).end(body);
    });
  }));
  const datasync = new DataSyncClient({ endpoint: proxy.url, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });
  try {
    const OverrideOptions = { ObjectMetadata: 'NONE', VerifyMode: 'NONE', BytesPerSecond: '1048576' };
    const answer = await h.deliver(h.event('Create', { ResourceProperties: h.properties(taskArn, { OverrideOptions }) }), { datasync });
    expect(answer.Status).toBe('SUCCESS');
    const start = bodies.map(body => JSON.parse(body)).find(body => body.Tags);
    expect(start.OverrideOptions).toEqual({ ObjectMetadata: 'NONE', VerifyMode: 'NONE', BytesPerSecond: 1048576 });
    // The emulator's own word for it; the SDK drops it from the answer as well.
    const described = await plainRequest(h.emulator.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'FmrsService.DescribeTaskExecution' },
      body: JSON.stringify({ TaskExecutionArn: answer.PhysicalResourceId }),
    });
    expect(JSON.parse(described.body).Options).toMatchObject({ ObjectMetadata: 'NONE', VerifyMode: 'NONE' });
  } finally {
    datasync.destroy();
    await proxy.close();
  }
});
