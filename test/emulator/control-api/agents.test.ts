import { CreateAgentCommand, DescribeAgentCommand } from '@aws-sdk/client-datasync';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, startTestEmulator } from '../../support/emulator';
import { createNfsLocation } from '../../support/tasks';

let emulator: TestEmulator;
beforeAll(async () => { emulator = await startTestEmulator(); });
afterAll(() => emulator.close());

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; answer: any }> {
  const response = await fetch(`${emulator.url}/_emulator/agents/${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  return { status: response.status, answer: await response.json() };
}

test('the control API switches an agent off and on', async () => {
  const { AgentArn } = await emulator.client.send(new CreateAgentCommand({ ActivationKey: 'F0EFT-7FPPR-GG7MC-3I9R3-27DOH' }));
  for (const Status of ['OFFLINE', 'OFFLINE', 'ONLINE']) {
    expect(await post(AgentArn!.split('/')[1], { status: Status })).toEqual({ status: 200, answer: [{ AgentArn, Status }] });
    expect((await emulator.client.send(new DescribeAgentCommand({ AgentArn }))).Status).toBe(Status);
  }
});

test('the control API knows an agent that only a location names', async () => {
  const id = AGENT_ARN.split('/')[1];
  expect((await post(id, { status: 'OFFLINE' })).answer).toMatchObject({ message: `There is no agent '${id}', and no location names one` });
  await createNfsLocation(emulator.client);
  expect(await post(id, { status: 'OFFLINE' })).toEqual({ status: 200, answer: [{ AgentArn: AGENT_ARN, Status: 'OFFLINE' }] });
});

test.each<[string, unknown]>([
  ['"ASLEEP"', { status: 'ASLEEP' }], ['nothing', {}], ['nothing', null], ['nothing', []], ['{"a":1}', { status: { a: 1 } }],
])('%s is no status', async (shown, body) => {
  expect(await post('agent-0123456789abcdef0', body)).toMatchObject({ status: 400, answer: { message: `"status" must be "ONLINE" or "OFFLINE", got ${shown}` } });
});

test('the control API is not for pages of other sites', async () => {
  expect((await post(AGENT_ARN.split('/')[1], { status: 'ONLINE' }, { Origin: 'http://elsewhere.example.com' })).status).toBe(403);
});
