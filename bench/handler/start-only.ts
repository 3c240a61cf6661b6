import { DataSyncClient, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { StartTaskExecutionCommandInput } from '@aws-sdk/client-datasync';

const client = new DataSyncClient({});

/** The least that a function which starts a task can do. */
export const handler = (input: StartTaskExecutionCommandInput) => client.send(new StartTaskExecutionCommand(input));
