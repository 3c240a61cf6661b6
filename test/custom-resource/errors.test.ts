import { callFailed, ErrorKind, errorKindOf, errorText, Failure } from '../../src/custom-resource/errors';

function serviceError(name: string, http: number | undefined, message = 'text', more = {}) {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: http }, ...more });
}

test.each<[string, Error, keyof typeof ErrorKind]>([
  ['throttling', serviceError('ThrottlingException', 400), 'THROTTLED'],
  ['throttling by the status', serviceError('Unknown', 429), 'THROTTLED'],
  ["throttling in CloudFormation's words", serviceError('Throttling', 400), 'THROTTLED'],
  ['no permission', serviceError('AccessDeniedException', 400), 'DENIED'],
  ['no permission by the status', serviceError('Whatever', 403), 'DENIED'],
  ['a role that is too new', serviceError('UnrecognizedClientException', 400), 'DENIED'],
  ['an error of the service', serviceError('InternalException', 500), 'UNCLEAR'],
  ['a broken gateway that talks of things not found', serviceError('Error', 502, 'not found'), 'UNCLEAR'],
  ['no answer', serviceError('TimeoutError', undefined), 'UNCLEAR'],
  ['an unknown task', serviceError('InvalidRequestException', 400, 'Sync task arn is not found.'), 'NOT_FOUND'],
  ['an unknown stack', serviceError('ValidationError', 400, 'Stack with id App does not exist'), 'NOT_FOUND'],
  ['a refusal', serviceError('InvalidRequestException', 400, 'Invalid SyncOption value.'), 'REFUSED'],
])('an error is told by what it says: %s', (_, error, kind) => {
  expect(ErrorKind[errorKindOf(error)]).toBe(kind);
});

test("a text carries the service's codes, each once", () => {
  const codes = { errorCode: 'InvalidParameter', datasyncErrorCode: 'InvalidParameter' };
  expect(errorText(serviceError('InvalidRequestException', 400, 'no', codes))).toBe('InvalidRequestException (InvalidParameter): no');
  expect(errorText(serviceError('InvalidRequestException', 400, 'no', { ...codes, datasyncErrorCode: 'X' }))).toBe('InvalidRequestException (InvalidParameter, X): no');
  expect(errorText(serviceError('InvalidRequestException', 400, 'no', { errorCode: 'InvalidRequestException' }))).toBe('InvalidRequestException: no');
  expect(errorText(serviceError('AbortError', undefined, 'aborted', { code: 20 }))).toBe('AbortError: aborted');
  expect(errorText(undefined)).toBe('Error: no further text');
});

test('a failure says what and what to do, and has no stack trace', () => {
  const failure = callFailed('datasync:DescribeTask', 'arn', serviceError('InternalException', 500, 'oops'));
  expect(failure).toBeInstanceOf(Failure);
  expect(failure.message).toBe('datasync:DescribeTask failed for arn: InternalException: oops. '
    + 'The service did not answer properly; see whether the function can reach it (VPC endpoint, network), then deploy again.');
  expect(failure.stack).toBeUndefined();
});
