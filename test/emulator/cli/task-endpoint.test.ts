import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTaskCommand } from '@aws-sdk/client-datasync';
import { parseTaskArn } from '../../../emulator/cli/task-arn';
import { findTaskEndpoint } from '../../../emulator/cli/task-endpoint';
import { startServer, stopServer } from '../../../emulator/local-stack/process-group';
import { writeState } from '../../../emulator/local-stack/state-file';
import type { TestEmulator } from '../../support/emulator';
import { startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask } from '../../support/tasks';

const ELSEWHERE = parseTaskArn('arn:aws:datasync:eu-west-1:111122223333:task/task-0123456789abcdef0');
const OWN = process.env;

let emulator: TestEmulator;
let task: string;
let folder: string;
beforeAll(async () => {
  emulator = await startTestEmulator();
  ({ task } = await createNfsToEfsTask(emulator));
});
afterAll(() => emulator.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'where-'));
  const others = Object.entries(OWN).filter(([name]) => !name.startsWith('AWS_'));
  process.env = { ...Object.fromEntries(others), CDK_DATASYNC_STACK: folder, AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
});
afterEach(() => {
  process.env = OWN;
  rmSync(folder, { recursive: true });
});

/** A local stack whose emulator is there, as far as its state file tells. */
async function withLocalStack(url: string, action: () => Promise<void>): Promise<void> {
  const server = { ...await startServer('sleep', ['3600'], { env: process.env, logFile: join(folder, 'log') }), url };
  try {
    writeState(folder, { version: 1, root: folder, mounts: {}, miniStack: server, emulator: server });
    await action();
  } finally {
    await stopServer(server);
  }
}

test('an endpoint that is named is the place, in the account and the Region of the ARN, with nothing of the credentials of the user', async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
  const where = await findTaskEndpoint(ELSEWHERE, { endpoint: emulator.url });
  expect(where).toMatchObject({ text: emulator.url, url: emulator.url, isAws: false });
  const { region, credentials } = where.connect().config;
  expect([await region(), (await credentials()).accessKeyId]).toEqual(['eu-west-1', '111122223333']);
});

test('the local stack is the place of a task that it has, and of no other', async () => {
  await withLocalStack(emulator.url, async () => {
    const where = await findTaskEndpoint(parseTaskArn(task), {});
    expect(where).toMatchObject({ text: `the local stack, ${emulator.url}`, url: emulator.url, isAws: false });
    expect(await where.connect().send(new DescribeTaskCommand({ TaskArn: task }))).toMatchObject({ TaskArn: task });
    expect(await findTaskEndpoint(ELSEWHERE, {})).toMatchObject({
      text: 'AWS, eu-west-1, account 111122223333', url: 'https://datasync.eu-west-1.amazonaws.com', isAws: true, notIn: `the local stack, ${emulator.url}`,
    });
  });
});

test('AWS is not asked for a task of the account that only local stacks have', async () => {
  const gone = parseTaskArn('arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0');
  const why = 'and AWS has no account 000000000000: what was deployed to a local stack is gone when that stops; deploy again, or name another server by --endpoint';
  await expect(findTaskEndpoint(gone, {})).rejects.toThrow(`no local stack is running, ${why}`);
  await withLocalStack(emulator.url, () => expect(findTaskEndpoint(gone, {})).rejects.toThrow(`it is not in the local stack, ${emulator.url}, ${why}`));
  process.env.AWS_ENDPOINT_URL = emulator.url; // another local cloud
  expect(await findTaskEndpoint(gone, {})).toMatchObject({ url: emulator.url, isAws: false });
});

test('a local stack that does not answer is an error, not a reason to ask AWS', async () => {
  emulator.faults.replace({ faults: [{ kind: 'apiError', error: 'InternalException', message: 'on purpose' }] });
  try {
    await withLocalStack(emulator.url, () => expect(findTaskEndpoint(parseTaskArn(task), {})).rejects.toThrow(
      `the local stack, ${emulator.url}, runs and cannot be asked for the task: on purpose; stop it with "npx cdk-datasync down"`));
  } finally {
    emulator.faults.replace({ faults: [] });
  }
});

test('a profile is one of AWS: the local stack is not asked', async () => {
  writeFileSync(join(folder, 'credentials'), '[ops]\naws_access_key_id = AKIDOPS\naws_secret_access_key = secret\n');
  process.env.AWS_ACCESS_KEY_ID = 'AKIDOTHER';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  await withLocalStack(emulator.url, async () => {
    const where = await findTaskEndpoint(parseTaskArn(task), { profile: 'ops' });
    expect(where).toMatchObject({ text: 'AWS, us-east-1, account 000000000000', isAws: true });
    expect(await where.connect().config.credentials()).toMatchObject({ accessKeyId: 'AKIDOPS' });
  });
});

test.each<[string, () => void]>([
  ['the environment', () => { process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1'; }],
  ['a variable of the service', () => { process.env.AWS_ENDPOINT_URL_DATASYNC = 'http://127.0.0.1:1'; }],
  ['a profile', () => {
    writeFileSync(join(folder, 'config'), '[profile here]\nservices = local\n[services local]\ndatasync =\n  endpoint_url = http://127.0.0.1:1\n');
    process.env.AWS_PROFILE = 'here';
  }],
])('where %s leads the SDK elsewhere, that is said in place of AWS', async (_, configure) => {
  configure();
  expect(await findTaskEndpoint(ELSEWHERE, {})).toMatchObject({ text: 'http://127.0.0.1:1, as the AWS SDK is configured', url: 'http://127.0.0.1:1', isAws: false });
});

test('a new client has credentials that were renewed in the meantime', async () => {
  const renew = (key: string) => writeFileSync(join(folder, 'credentials'), `[default]\naws_access_key_id = ${key}\naws_secret_access_key = secret\n`);
  renew('AKIDOLD');
  const where = await findTaskEndpoint(ELSEWHERE, {});
  expect(await where.connect().config.credentials()).toMatchObject({ accessKeyId: 'AKIDOLD' });
  renew('AKIDNEW');
  expect(await where.connect().config.credentials()).toMatchObject({ accessKeyId: 'AKIDNEW' });
});
