import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-datasync';
import type { TestEmulator } from './emulator';
import { AGENT_ARN, EFS_CONFIG, finished, startTestEmulator } from './emulator';
import { createEfsLocation, DESTINATION_FOLDER } from './tasks';

export const SECURITY_GROUPS = EFS_CONFIG.SecurityGroupArns;
export const AGENTS = { AgentArns: [AGENT_ARN] };
export const KMS_KEY = 'arn:aws:kms:us-east-1:000000000000:key/01234567-89ab-cdef-0123-456789abcdef';
export const CUSTOM_SECRET = {
  SecretArn: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:mine',
  SecretAccessRoleArn: 'arn:aws:iam::000000000000:role/reader',
};
/** Where the service keeps a secret by itself. */
export const MANAGED_SECRET = expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:aws-datasync!loc-[0-9a-f]{17}$/);

/** What is tried with one type of location. */
export interface LocationTable {
  /** As in `CreateLocation<api>`. */
  readonly api: string;
  /** As ListLocations filters by it. */
  readonly type: string;
  /** The least that a request needs. */
  readonly minimum: object;
  /** What is added to the minimum, and all that Describe says then, but for the ARN and the time. */
  readonly created: ReadonlyArray<readonly [what: string, input: object, described: object]>;
  /** What is added to the minimum, what is updated then, and what Describe says differently. */
  readonly updated: ReadonlyArray<readonly [what: string, input: object, update: object, different: object]>;
  readonly refused: ReadonlyArray<readonly [what: string, input: object, message: string]>;
  readonly refusedUpdates?: ReadonlyArray<readonly [what: string, input: object, update: object, message: string]>;
  /** Folder below the root with the content of a location. */
  readonly content?: { readonly input: object; readonly folder: string };
}

/** The operations of one type of location, by the SDK's own commands. */
export class LocationCalls {
  constructor(public readonly emulator: TestEmulator, private readonly api: string) {}

  public async create(input: object): Promise<string> {
    return (await this.call(`CreateLocation${this.api}`, input)).LocationArn;
  }

  /** All that Describe says, but for the ARN and the time. */
  public async describe(arn: string): Promise<object> {
    const { $metadata, LocationArn, CreationTime, ...described } = await this.call(`DescribeLocation${this.api}`, { LocationArn: arn });
    expect({ LocationArn, CreationTime }).toEqual({ LocationArn: arn, CreationTime: expect.any(Date) });
    return described;
  }

  public async update(LocationArn: string, input: object): Promise<void> {
    await this.call(`UpdateLocation${this.api}`, { LocationArn, ...input });
  }

  public async call(operation: string, input: object): Promise<any> {
    return this.emulator.client.send(new (sdk as any)[`${operation}Command`](input));
  }
}

/** Declares the tests of one type of location whose content is in a folder. */
export function testLocations({ api, type, minimum, created, updated, refused, refusedUpdates = [], content }: LocationTable): void {
  let emulator: TestEmulator;
  let calls: LocationCalls;
  beforeAll(async () => {
    emulator = await startTestEmulator();
    calls = new LocationCalls(emulator, api);
  });
  afterAll(() => emulator.close());

  const list = async () => (await calls.call('ListLocations', {})).Locations;

  test.each(created)('a location that is created with %s is described with it', async (_, input, described) => {
    expect(await calls.describe(await calls.create({ ...minimum, ...input }))).toEqual(described);
  });

  test.each(updated)('a location tells what was updated: %s', async (_, input, update, different) => {
    const arn = await calls.create({ ...minimum, ...input });
    const before = await calls.describe(arn);
    await calls.update(arn, update);
    expect(await calls.describe(arn)).toEqual({ ...before, ...different });
    expect((await list()).find(({ LocationArn }: any) => LocationArn === arn).LocationUri).toBe(((await calls.describe(arn)) as any).LocationUri);
  });

  test('an update of nothing changes nothing', async () => {
    const arn = await calls.create({ ...minimum, ...created[created.length - 1][1] });
    const before = await calls.describe(arn);
    await calls.update(arn, {});
    expect(await calls.describe(arn)).toEqual(before);
  });

  test.each(refused)('a location is refused: %s', async (_, input, message) => {
    const before = await list();
    await expect(calls.create({ ...minimum, ...input })).rejects.toMatchObject({
      name: 'InvalidRequestException', message: expect.stringContaining(message),
    });
    expect(await list()).toEqual(before);
  });

  if (refusedUpdates.length > 0) {
    test.each(refusedUpdates)('an update is refused: %s', async (_, input, update, message) => {
      const arn = await calls.create({ ...minimum, ...input });
      const before = await calls.describe(arn);
      await expect(calls.update(arn, update)).rejects.toMatchObject({ name: 'InvalidRequestException', message: expect.stringContaining(message) });
      expect(await calls.describe(arn)).toEqual(before);
    });
  }

  test('a location that is deleted is not found any more', async () => {
    const arn = await calls.create(minimum);
    await calls.call('DeleteLocation', { LocationArn: arn });
    for (const operation of [`DescribeLocation${api}`, `UpdateLocation${api}`, 'DeleteLocation']) {
      await expect(calls.call(operation, { LocationArn: arn })).rejects.toThrow(`Location ${arn} is not found.`);
    }
  });

  test('listed by its type', async () => {
    const arn = await calls.create(minimum);
    const arnsOf = async (Values: string[]) => (await calls.call('ListLocations', { Filters: [{ Name: 'LocationType', Operator: 'Equals', Values }] }))
      .Locations.map(({ LocationArn }: any) => LocationArn);
    expect(await arnsOf([type])).toContain(arn);
    expect(await arnsOf(['OTHER'])).toEqual([]);
  });

  test('the operations of another type refuse it', async () => {
    const other = api === 'Nfs' ? 'Smb' : 'Nfs';
    const arn = await calls.create(minimum);
    for (const operation of [`DescribeLocation${other}`, `UpdateLocation${other}`]) {
      await expect(calls.call(operation, { LocationArn: arn })).rejects.toThrow(`Invalid Location type: ${arn} is of type `);
    }
  });

  if (content) {
    test(`its content is in ${content.folder}`, async () => {
      emulator.write(`${content.folder}/below/greeting`, 'hello');
      emulator.mkdir(DESTINATION_FOLDER);
      const { TaskArn } = await calls.call('CreateTask', {
        SourceLocationArn: await calls.create({ ...minimum, ...content.input }),
        DestinationLocationArn: await createEfsLocation(emulator.client),
        Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' },
      });
      const { TaskExecutionArn } = await calls.call('StartTaskExecution', { TaskArn });
      const { Status, Result } = await finished(emulator.client, TaskExecutionArn);
      expect({ Status, Detail: Result!.ErrorDetail }).toEqual({ Status: 'SUCCESS' });
      expect(readFileSync(join(emulator.root, DESTINATION_FOLDER, 'below/greeting'), 'utf8')).toBe('hello');
    });
  }
}
