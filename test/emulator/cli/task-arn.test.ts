import { parseTaskArn } from '../../../emulator/cli/task-arn';

const TASK = 'arn:aws-us-gov:datasync:us-gov-west-1:111122223333:task/task-0123456789abcdef0';
const SCOPE = { account: '111122223333', region: 'us-gov-west-1' };

test('an ARN of a task or of an execution names the task, the account and the Region', () => {
  expect(parseTaskArn(TASK)).toEqual({ task: TASK, execution: undefined, ...SCOPE });
  const execution = `${TASK}/execution/exec-0123456789abcdef0`;
  expect(parseTaskArn(execution)).toEqual({ task: TASK, execution, ...SCOPE });
});

test.each([
  ['task-0123456789abcdef0', /^'task-0123456789abcdef0' must be the ARN of a task or of an execution, such as arn:.*; copy all of it, from an output/],
  [TASK.slice(0, -1), /copy all of it/],
  [`${TASK}/execution/`, /copy all of it/],
  [`${TASK}\n`, /task-0123456789abcdef0\\u\{a\}' must be/],
  ['arn:aws:datasync:us-east-1:111122223333:location/loc-0123456789abcdef0', /; this is that of a location$/],
  ['arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0', /; this is that of an agent$/],
  ['arn:aws:cloudformation:us-east-1:111122223333:stack/Copy/1', /; this is that of a stack; its outputs have the ARNs$/],
  ['arn:aws:s3:::bucket', /; this is that of something of another service$/],
])('%j is refused, with a word on what it is instead', (text, message) => {
  expect(() => parseTaskArn(text)).toThrow(message);
});
