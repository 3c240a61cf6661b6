import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DescribeTaskExecutionCommandOutput } from '@aws-sdk/client-datasync';
import { DataSyncClient, DescribeTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { CheckedHandler } from './checked-handler';
import { eventually } from './eventually';
import type { Emulator, EmulatorOptions, StateChangeEvent } from '../../emulator';
import { startEmulator } from '../../emulator';

/** An agent that was never created: the emulator takes it for one that is online. */
export const AGENT_ARN = 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0';

/** The parts of CreateLocationEfs that the emulator only checks and stores. */
export const EFS_CONFIG = {
  SubnetArn: 'arn:aws:ec2:us-east-1:000000000000:subnet/subnet-0123456789abcdef0',
  SecurityGroupArns: ['arn:aws:ec2:us-east-1:000000000000:security-group/sg-0123456789abcdef0'],
};

/** An emulator of a test's own. */
export interface TestEmulator extends Emulator {
  readonly root: string;
  /** Fails on answers that break the API model. */
  readonly client: DataSyncClient;
  /** Every state change so far. */
  readonly events: StateChangeEvent[];
  /** Another client, e.g. of another account or Region. */
  clientOf(scope: { account?: string; region?: string }): DataSyncClient;
  /** Writes a file below the root, with the folders that lead to it. */
  write(path: string, content: string | Buffer): void;
  /** Makes a folder below the root. */
  mkdir(path: string): void;
}

/** Starts an emulator on a free port with a temporary root; `close` removes it. */
export async function startTestEmulator(options: Partial<EmulatorOptions> = {}): Promise<TestEmulator> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'datasync-emulator-'));
  const events: StateChangeEvent[] = [];
  const emulator = await startEmulator({
    port: 0,
    root,
    ...options,
    onEvent: event => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  const clients: DataSyncClient[] = [];
  const clientOf = ({ account = 'test', region = 'us-east-1' }) => {
    const client = new DataSyncClient({
      endpoint: emulator.url,
      region,
      credentials: { accessKeyId: account, secretAccessKey: 'test' },
      maxAttempts: 1,
      requestHandler: new CheckedHandler(),
    });
    clients.push(client);
    return client;
  };
  return {
    ...emulator,
    root,
    events,
    client: clientOf({}),
    clientOf,
    write: (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    mkdir: path => {
      mkdirSync(join(root, path), { recursive: true });
    },
    close: async () => {
      clients.forEach(client => client.destroy());
      await emulator.close();
      if (!options.root) rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Waits for the end of an execution. */
export async function finished(client: DataSyncClient, TaskExecutionArn: string | undefined): Promise<DescribeTaskExecutionCommandOutput> {
  return eventually(async () => {
    const execution = await client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
    return ['SUCCESS', 'ERROR'].includes(execution.Status!) && execution;
  });
}
