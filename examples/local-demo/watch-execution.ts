import type { DataSyncClient, DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { DescribeTaskExecutionCommand, ListTaskExecutionsCommand } from '@aws-sdk/client-datasync';

const POLL_MS = 100;

/**
 * Follows the first execution that there is, from when it appears until its end.
 *
 * @param onChange gets every state that was seen, `undefined` while there is no execution
 * @returns its end, or `undefined` if `signal` was aborted first
 */
export async function watchExecution(
  client: DataSyncClient,
  onChange: (state: DescribeTaskExecutionCommandOutput | undefined) => void,
  signal: AbortSignal,
): Promise<DescribeTaskExecutionCommandOutput | undefined> {
  let arn: string | undefined;
  while (!signal.aborted) {
    arn ??= (await client.send(new ListTaskExecutionsCommand({}))).TaskExecutions?.[0]?.TaskExecutionArn;
    const state = arn ? await client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn: arn })) : undefined;
    onChange(state);
    if (state?.Status === 'SUCCESS' || state?.Status === 'ERROR') return state;
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
  return undefined;
}
