import type { LookupFailure } from '../../../emulator/cli/lookup';
import { lookupError } from '../../../emulator/cli/lookup';

const ARN = 'arn:aws:datasync:eu-west-1:111122223333:task/task-0123456789abcdef0/execution/exec-0123456789abcdef0';
const AWS = {
  text: 'AWS, eu-west-1, account 111122223333', url: 'https://datasync.eu-west-1.amazonaws.com', isAws: true, notIn: 'the local stack', connect: jest.fn(),
};

function errorOf(name: string, message: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

const { AWS_PROFILE } = process.env;
beforeEach(() => { delete process.env.AWS_PROFILE; });
afterAll(() => {
  if (AWS_PROFILE !== undefined) process.env.AWS_PROFILE = AWS_PROFILE;
});

test.each<[name: string, text: string, httpStatusCode: number | undefined, failure: LookupFailure, message: string]>([
  ['CredentialsProviderError', 'Could not load credentials', undefined, 'credentials',
    'it is not in the local stack, and there are no credentials for AWS (eu-west-1, account 111122223333) (Could not load credentials); sign in, such as'],
  ['ExpiredTokenException', 'The security token included in the request is expired', 400, 'credentials', 'the AWS credentials have expired ('],
  ['AccessDeniedException', 'User x is not authorized', 400, 'none',
    `the credentials may not look at it (AccessDeniedException: User x is not authorized); allow datasync:DescribeTaskExecution on ${ARN}, or name a profile`],
  ['UnrecognizedClientException', 'The security token is invalid', 400, 'none', 'does not take the credentials ('],
  ['InvalidRequestException', 'Invalid parameter: ARN account (1) must match authenticated user.', 400, 'none',
    `${ARN} is of account 111122223333, and the credentials are of another (`],
  ['InvalidRequestException', 'Sync task execution x is not found.', 400, 'gone',
    `${ARN} is not in AWS (eu-west-1, account 111122223333), nor in the local stack: DataSync forgets an execution after 30 days`],
  ['ThrottlingException', 'Rate exceeded', 400, 'throttled', 'AWS (eu-west-1, account 111122223333) is asked too often ('],
  ['InternalException', 'oops\u001b[2J', 500, 'no answer', 'does not answer (InternalException: oops\\u{1b}[2J)'],
  ['Error', 'getaddrinfo ENOTFOUND', undefined, 'no answer', 'does not answer (Error: getaddrinfo ENOTFOUND); look at the network, the Region and the endpoint'],
  ['InvalidRequestException', 'No.', 400, 'none', 'refuses to tell: InvalidRequestException: No.'],
])('%s with the text %j is a line that says what to do, and whether to look again', (name, text, httpStatusCode, failure, message) => {
  const result = lookupError('DescribeTaskExecution', ARN, AWS, errorOf(name, text, httpStatusCode));
  expect(result).toMatchObject({ failure, message: expect.stringContaining(message) });
  expect(result.message).not.toContain('\n');
});

test('a task that is nowhere was deleted', () => {
  const task = ARN.slice(0, ARN.indexOf('/execution/'));
  expect(lookupError('DescribeTask', task, { ...AWS, notIn: undefined }, errorOf('InvalidRequestException', 'Sync task is not found.', 400)).message)
    .toBe(`${task} is not in AWS (eu-west-1, account 111122223333): it was deleted, or the ARN is not right`);
});

test('a profile without credentials is named', () => {
  process.env.AWS_PROFILE = 'ops';
  expect(lookupError('DescribeTask', ARN, AWS, errorOf('CredentialsProviderError', 'no')).message).toContain('in the profile ops (no)');
});
