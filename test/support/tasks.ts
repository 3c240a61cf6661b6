import type { CreateTaskCommandInput, DataSyncClient } from '@aws-sdk/client-datasync';
import {
  CreateLocationEfsCommand, CreateLocationNfsCommand, CreateTaskCommand,
} from '@aws-sdk/client-datasync';
import type { TestEmulator } from './emulator';
import { AGENT_ARN, EFS_CONFIG } from './emulator';

/** Folders below the emulator's root of the locations that `createNfsToEfsTask` makes. */
export const SOURCE_FOLDER = 'nfs/fileserver/export';
export const DESTINATION_FOLDER = 'efs/fs-01234567/backup';

/** ARNs of a task and its locations. */
export interface TestTask {
  readonly task: string;
  readonly source: string;
  readonly destination: string;
}

/** An NFS location on `SOURCE_FOLDER`. */
export async function createNfsLocation(client: DataSyncClient, agents = [AGENT_ARN]): Promise<string> {
  const { LocationArn } = await client.send(new CreateLocationNfsCommand({
    ServerHostname: 'fileserver', Subdirectory: '/export', OnPremConfig: { AgentArns: agents },
  }));
  return LocationArn!;
}

/** An EFS location on `DESTINATION_FOLDER`. */
export async function createEfsLocation(client: DataSyncClient, region = 'us-east-1'): Promise<string> {
  const { LocationArn } = await client.send(new CreateLocationEfsCommand({
    EfsFilesystemArn: `arn:aws:elasticfilesystem:${region}:000000000000:file-system/fs-01234567`, Subdirectory: '/backup', Ec2Config: EFS_CONFIG,
  }));
  return LocationArn!;
}

/** A task from NFS to EFS, and the two folders. */
export async function createNfsToEfsTask(emulator: TestEmulator, input: Partial<CreateTaskCommandInput> = {}, agents?: string[]): Promise<TestTask> {
  emulator.mkdir(SOURCE_FOLDER);
  emulator.mkdir(DESTINATION_FOLDER);
  const source = await createNfsLocation(emulator.client, agents);
  const destination = await createEfsLocation(emulator.client);
  const { TaskArn } = await emulator.client.send(new CreateTaskCommand({
    SourceLocationArn: source, DestinationLocationArn: destination, ...input,
  }));
  return { task: TaskArn!, source, destination };
}
