import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { signedCall } from './signed-call';

/** SSM's PutParameter: makes or overwrites a text. */
export async function putParameter(client: DataSyncClient, name: string, value: string, signal: AbortSignal): Promise<void> {
  await signedCall(client, {
    service: 'ssm',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.PutParameter' },
    body: JSON.stringify({ Name: name, Value: value, Type: 'String', Overwrite: true }),
    readError,
  }, signal);
}

function readError(body: string): { name?: string; message?: string } {
  try {
    const { __type, message, Message } = JSON.parse(body);
    return { name: __type && String(__type).split('#').pop(), message: message ?? Message };
  } catch {
    return {}; // not from the service itself; the status has to do
  }
}
