import type { DataSyncClient } from '@aws-sdk/client-datasync';
import type { KeptParameter } from './services';
import { readJsonError, signedCall } from '../../../custom-resource/signed-call';

/** SSM's PutParameter: makes or overwrites a text. */
export async function putParameter(client: DataSyncClient, name: string, value: string, signal: AbortSignal): Promise<void> {
  await call(client, 'PutParameter', { Name: name, Value: value, Type: 'String', Overwrite: true }, signal);
}

/** SSM's GetParameter, of `<name>` or `<name>:<version>`; undefined if there is none. */
export async function getParameter(client: DataSyncClient, name: string, signal: AbortSignal): Promise<KeptParameter | undefined> {
  try {
    const { Value, Version } = JSON.parse(await call(client, 'GetParameter', { Name: name }, signal)).Parameter ?? {};
    return { value: Value, version: Version };
  } catch (error) {
    if (['ParameterNotFound', 'ParameterVersionNotFound'].includes((error as Error).name)) return undefined;
    throw error;
  }
}

function call(client: DataSyncClient, operation: string, input: object, signal: AbortSignal): Promise<string> {
  return signedCall(client, {
    service: 'ssm',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` },
    body: JSON.stringify(input),
    readError: readJsonError,
  }, signal);
}
