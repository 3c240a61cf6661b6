import { startLines } from '../../../emulator/cli/start-lines';
import type { ExecutionSummary } from '../../../emulator/console/status';

const page = 'http://127.0.0.1:4580';

function execution(id: string, status: string, task = 'task-1'): ExecutionSummary {
  const taskArn = `arn:aws:datasync:us-east-1:000000000000:task/${task}`;
  const failure = status === 'ERROR' ? { errorCode: 'LocationAccessFailed', errorDetail: 'the folder /none does not exist; create it' } : {};
  return { arn: `${taskArn}/execution/${id}`, taskArn, status, ...failure } as ExecutionSummary;
}

test('a start that succeeded needs no word', () => {
  expect(startLines({ begun: [execution('exec-1', 'SUCCESS')], earlier: [execution('exec-0', 'ERROR')], hasStarts: true, page })).toEqual([]);
});

test('of a start that failed it is said that another deployment of the same does not start it, and what does', () => {
  expect(startLines({ begun: [execution('exec-1', 'ERROR')], earlier: [], hasStarts: true, page })).toEqual([
    'When the cause is gone, start the task at http://127.0.0.1:4580 in a browser: another deployment starts it only if what is transferred has changed.',
  ]);
});

test('a deployment of the unchanged app says that it has started nothing', () => {
  expect(startLines({ begun: [], earlier: [execution('exec-0', 'ERROR'), execution('exec-1', 'SUCCESS')], hasStarts: true, page })).toEqual([
    'Nothing was started: what is transferred has not changed since the last deployment.',
  ]);
});

test('the last execution of a task is named if it has failed, because nothing makes up for it', () => {
  const earlier = [execution('exec-0', 'SUCCESS'), execution('exec-1', 'ERROR'), execution('exec-2', 'SUCCESS', 'task-2')];
  expect(startLines({ begun: [], earlier, hasStarts: true, page })).toEqual([
    'Nothing was started: what is transferred has not changed since the last deployment.',
    '  exec-1 of before ended in ERROR: LocationAccessFailed: the folder /none does not exist; create it',
    '  If the cause is gone, start the task at http://127.0.0.1:4580 in a browser.',
  ]);
});

test('an execution of before that goes on is named, with the command that follows it', () => {
  const earlier = [execution('exec-0', 'ERROR'), execution('exec-1', 'TRANSFERRING'), execution('exec-2', 'QUEUED')];
  expect(startLines({ begun: [], earlier, hasStarts: true, page })).toEqual([
    'Nothing was started: what is transferred has not changed since the last deployment.',
    '  exec-1 of before is TRANSFERRING; "npx cdk-datasync status exec-1 --watch" follows it',
    '  exec-2 of before is QUEUED; "npx cdk-datasync status exec-2 --watch" follows it',
  ]);
});

test('an app without a start is told how a task is started', () => {
  expect(startLines({ begun: [], earlier: [], hasStarts: false, page })).toEqual([
    'Nothing starts with a deployment of this app; start the task at http://127.0.0.1:4580 in a browser.',
  ]);
});
