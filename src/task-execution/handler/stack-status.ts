import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { signedCall } from './signed-call';

/** CloudFormation's DescribeStacks, for the status alone. */
export async function stackStatus(client: DataSyncClient, stackId: string, signal: AbortSignal): Promise<string> {
  const xml = await signedCall(client, {
    service: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId }).toString(),
    readError: body => ({ name: text(body, 'Code'), message: text(body, 'Message') }),
  }, signal);
  const status = text(xml, 'StackStatus');
  if (!status) throw new Error('the answer has no StackStatus');
  return status;
}

/** Neither of the texts that are read can contain a tag, and nothing before them in the answer can be called so. */
function text(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}
