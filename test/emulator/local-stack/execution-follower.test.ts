import { CancelTaskExecutionCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { ExecutionFollower } from '../../../emulator/local-stack/execution-follower';
import type { TestEmulator } from '../../support/emulator';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask } from '../../support/tasks';

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator(); });
afterEach(() => emulator.close());

async function started(TaskArn: string, stack?: string): Promise<string> {
  const Tags = stack === undefined ? [] : [{ Key: 'cdk-datasync:owner', Value: `arn:aws:cloudformation:us-east-1:000000000000:stack/${stack}/0123/Start` }];
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn, Tags }));
  await finished(emulator.client, TaskExecutionArn);
  return TaskExecutionArn!;
}

test('earlier executions are those of tasks that the stacks have started, those started by hand and in nested stacks included', async () => {
  const [copy, nested, other, byHand] = await Promise.all([1, 2, 3, 4].map(async () => (await createNfsToEfsTask(emulator)).task));
  const own = [await started(copy, 'Copy'), await started(copy), await started(nested, 'Copy-Nested-0123')];
  await started(other, 'Other');
  await started(other, 'Copying');
  await started(byHand);
  const follower = await ExecutionFollower.begin(emulator.url, () => undefined);
  expect((await follower.earlier(['Copy', 'Another'])).map(({ arn }) => arn)).toEqual(own);
  expect(await follower.earlier([])).toEqual([]);
});

test('an earlier execution is told as it is when it is asked for, not as it was in the beginning', async () => {
  const { task } = await createNfsToEfsTask(emulator);
  emulator.faults.replace({ faults: [{ kind: 'stuckLaunching' }] });
  const Tags = [{ Key: 'cdk-datasync:owner', Value: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Copy/0123/Start' }];
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task, Tags }));
  const follower = await ExecutionFollower.begin(emulator.url, () => undefined);
  expect(await follower.earlier(['Copy'])).toMatchObject([{ arn: TaskExecutionArn, status: 'LAUNCHING' }]);
  await emulator.client.send(new CancelTaskExecutionCommand({ TaskExecutionArn }));
  await finished(emulator.client, TaskExecutionArn);
  expect(await follower.earlier(['Copy'])).toMatchObject([{ arn: TaskExecutionArn, status: 'ERROR', errorCode: 'Cancelled' }]);
});
