import { callAws, describeFailure } from '../../../emulator/local-services/aws-call';
import type { FakeEndpoint } from '../observe/fake-endpoint';
import { startFakeEndpoint } from '../observe/fake-endpoint';

const PUT = { service: 'events', target: 'AWSEvents.PutEvents' };
const SCOPE = { account: '111122223333', region: 'eu-west-1' };

let endpoint: FakeEndpoint | undefined;
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
});

test('a call tells the operation, the account and the Region', async () => {
  endpoint = await startFakeEndpoint(() => ({ body: { FailedEntryCount: 0 } }));
  expect(await callAws(endpoint.url, PUT, SCOPE, { Entries: [] })).toEqual({ FailedEntryCount: 0 });
  expect(endpoint.calls).toEqual([{
    target: 'AWSEvents.PutEvents',
    input: { Entries: [] },
    headers: expect.objectContaining({
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'authorization': expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=111122223333\/\d{8}\/eu-west-1\/events\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$/,
      ),
    }),
  }]);
});

test.each<[{ status: number; body?: object }, string, string]>([
  [{ status: 400, body: { __type: 'com.amazonaws.events#ResourceNotFoundException', message: 'no bus' } }, 'ResourceNotFoundException', 'no bus'],
  [{ status: 400, body: { __type: 'ThrottlingException', Message: 'slow down' } }, 'ThrottlingException', 'slow down'],
  [{ status: 503, body: { error: 'down' } }, 'HTTP 503', '{"error":"down"}'],
])('the answer %j is an error', async (answer, code, message) => {
  endpoint = await startFakeEndpoint(() => answer);
  await expect(callAws(endpoint.url, PUT, SCOPE, {})).rejects.toMatchObject({ code, message: `${code}: ${message}` });
});

test('a failed connection is told with its cause', async () => {
  const { url, close } = await startFakeEndpoint();
  await close();
  const error = await callAws(url, PUT, SCOPE, {}).catch(failure => failure);
  expect(describeFailure(error)).toMatch(/^fetch failed: connect ECONNREFUSED 127\.0\.0\.1:/);
  expect(describeFailure(new DOMException('aborted', 'TimeoutError'))).toBe('no answer within 5 seconds');
  expect(describeFailure(new Error('plain'))).toBe('plain');
});
