import type { CreateAgentCommandInput } from '@aws-sdk/client-datasync';
import { CreateAgentCommand, DescribeAgentCommand } from '@aws-sdk/client-datasync';
import { ManualClock } from '../../../emulator';
import type { TestEmulator } from '../../support/emulator';
import { startTestEmulator } from '../../support/emulator';

const clock = new ManualClock(new Date('2026-01-31T12:00:00Z'));
const MINUTE = 60_000;
let emulator: TestEmulator;
let machines = 0;
beforeAll(async () => { emulator = await startTestEmulator({ clock }); });
afterAll(() => emulator.close());

const PUBLIC = 'gatewayType=SYNC&activationRegion=us-east-1&no_redirect';
const PRIVATE = {
  VpcEndpointId: 'vpce-0123456789abcdef0',
  SubnetArns: ['arn:aws:ec2:us-east-1:000000000000:subnet/subnet-0123456789abcdef0'],
  SecurityGroupArns: ['arn:aws:ec2:us-east-1:000000000000:security-group/sg-0123456789abcdef0'],
};

const newMachine = () => `i-${String(machines++).padStart(17, '0')}`;
const ask = (machine: string, query = PUBLIC, headers = {}) =>
  fetch(`${emulator.url}/_emulator/machines/${machine}/?${query}`, { redirect: 'manual', headers });
const keyOf = async (query?: string) => (await ask(newMachine(), query)).text();
const create = (ActivationKey: string, more: Partial<CreateAgentCommandInput> = {}) =>
  emulator.client.send(new CreateAgentCommand({ ActivationKey, ...more }));

test('a machine gives its key once and answers nobody afterwards', async () => {
  const machine = newMachine();
  const answer = await ask(machine);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toMatch(/^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/);
  await expect(ask(machine)).rejects.toThrow('fetch failed');
  await expect(ask(machine)).rejects.toThrow('fetch failed');
});

test('without no_redirect the key stands in the address of a redirect', async () => {
  const answer = await ask(newMachine(), PUBLIC.replace('&no_redirect', ''));
  expect(answer.status).toBe(302);
  const key = new URL(answer.headers.get('location')!).searchParams.get('activationKey')!;
  expect((await create(key)).AgentArn).toBeDefined();
});

test.each<[string, string, Partial<CreateAgentCommandInput>, object]>([
  ['PUBLIC', PUBLIC, {}, { EndpointType: 'PUBLIC' }],
  ['FIPS', `${PUBLIC}&endpointType=FIPS`, {}, { EndpointType: 'FIPS' }],
  ['PRIVATE_LINK', `${PUBLIC}&endpointType=PRIVATE_LINK&privateLinkEndpoint=10.0.0.7`, PRIVATE,
    { EndpointType: 'PRIVATE_LINK', PrivateLinkConfig: { ...PRIVATE, PrivateLinkEndpoint: '10.0.0.7' } }],
  ['FIPS_PRIVATE_LINK', `${PUBLIC}&endpointType=FIPS_PRIVATE_LINK&privateLinkEndpoint=10.0.0.7`, PRIVATE, { EndpointType: 'FIPS_PRIVATE_LINK' }],
])('a key tells that the endpoint is %s', async (_, query, input, expected) => {
  const { AgentArn } = await create(await keyOf(query), input);
  expect(await emulator.client.send(new DescribeAgentCommand({ AgentArn }))).toMatchObject(expected);
});

test('a key makes one agent', async () => {
  const key = await keyOf();
  await create(key);
  await expect(create(key)).rejects.toMatchObject({ name: 'InvalidRequestException', message: 'Invalid parameter: the activation key has been used already.' });
});

test('a key is valid for 30 minutes', async () => {
  const [first, second] = [await keyOf(), await keyOf()];
  clock.advance(30 * MINUTE);
  await create(first);
  clock.advance(1);
  await expect(create(second)).rejects.toThrow('the activation key has expired');
});

test('a key is for one Region', async () => {
  const key = await keyOf(PUBLIC.replace('us-east-1', 'eu-west-1'));
  await expect(create(key)).rejects.toThrow('the activation key is for the Region eu-west-1, not for us-east-1');
  expect((await emulator.clientOf({ region: 'eu-west-1' }).send(new CreateAgentCommand({ ActivationKey: key }))).AgentArn).toContain('eu-west-1');
});

test.each([
  ['no gatewayType', 'activationRegion=us-east-1', 'gatewayType must be SYNC'],
  ['no Region', 'gatewayType=SYNC', 'activationRegion must be a Region, such as us-east-1'],
  ['another endpointType', `${PUBLIC}&endpointType=PUBLIK`, 'endpointType must be one of PUBLIC, FIPS, PRIVATE_LINK, FIPS_PRIVATE_LINK, or be left out'],
  ['PRIVATE_LINK without an address', `${PUBLIC}&endpointType=PRIVATE_LINK`, 'privateLinkEndpoint must be the IPv4 address of the VPC endpoint'],
  ['an address without PRIVATE_LINK', `${PUBLIC}&privateLinkEndpoint=10.0.0.7`, 'privateLinkEndpoint goes with endpointType PRIVATE_LINK'],
])('with %s a machine refuses, and still has its key', async (_, query, message) => {
  const machine = newMachine();
  const refused = await ask(machine, query);
  expect([refused.status, await refused.text()]).toEqual([400, message]);
  expect((await ask(machine)).status).toBe(200);
});

test('a page of another site gets no key', async () => {
  const machine = newMachine();
  expect((await ask(machine, PUBLIC, { Origin: 'http://elsewhere.example.com' })).status).toBe(403);
  expect((await ask(machine)).status).toBe(200);
});
