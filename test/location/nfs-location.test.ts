import { Fn, Token } from 'aws-cdk-lib';
import type { NfsLocationProps } from '../../src';
import { Agent, LocationType, NfsLocation, NfsVersion } from '../../src';
import { AGENT_ARN, messageOf, newStack, nfsLocation, resourceOf, snapshotOf } from '../support/stacks';

const agentsIn = (stack: ReturnType<typeof newStack>, count: number) =>
  Array.from({ length: count }, (_, index) => Agent.fromAgentArn(stack, `Agent${index}`, AGENT_ARN));

test('a minimal location is rendered', () => {
  const stack = newStack();
  const location = nfsLocation(stack, 'Nfs');
  expect(location.locationType).toBe(LocationType.NFS);
  expect(stack.resolve(location.locationArn)).toEqual({ Ref: 'Nfs518039F3' });
  expect(stack.resolve(location.locationUri)).toEqual({ 'Fn::GetAtt': ['Nfs518039F3', 'LocationUri'] });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with all properties is rendered', () => {
  const stack = newStack();
  new NfsLocation(stack, 'Nfs', { serverHostname: '192.0.2.7', subdirectory: '/', agents: agentsIn(stack, 2), nfsVersion: NfsVersion.NFS4_1 });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

const hostname = 'must be a host name of ASCII letters, digits, hyphens and dots, or an IPv4 address (CloudFormation takes no IPv6 address); give the name of the server alone, without protocol, port or path';
const characters = 'may only contain letters and digits of ASCII, spaces and _ - + . / ( ) $';
const include = (pattern: string) => `have the task transfer what is meant with includes: Filter.simplePattern("${pattern}")`;
const path = 'name the exported path, such as "/export/projects"';

test.each<[string, Partial<NfsLocationProps>, string]>([
  ['no host', { serverHostname: '' }, 'serverHostname "": must not be empty; give the name of the server alone, without protocol, port or path'],
  ['a URL', { serverHostname: 'nfs://host' }, `serverHostname "nfs://host": ${hostname}`],
  ['a path after the host', { serverHostname: 'host/export' }, `serverHostname "host/export": ${hostname}`],
  ['an IPv6 address', { serverHostname: '2001:db8::1' }, `serverHostname "2001:db8::1": ${hostname}`],
  ['an underscore', { serverHostname: 'my_host' }, `serverHostname "my_host": ${hostname}`],
  ['a space', { serverHostname: 'my host' }, `serverHostname "my host": ${hostname}`],
  ['a long host', { serverHostname: 'h'.repeat(256) },
    `serverHostname "${'h'.repeat(119)}... (256 characters): must have at most 255 characters, has 256; shorten it`],
  ['no path', { subdirectory: '' }, `subdirectory "": must not be empty; ${path}`],
  ['a long path', { subdirectory: '/'.repeat(4097) },
    `subdirectory "${'/'.repeat(119)}... (4097 characters): must have at most 4096 characters, has 4097; shorten it`],
  ['a path with an umlaut', { subdirectory: '/\u00fc' }, `subdirectory "/\u00fc": ${characters}; use subdirectory "/", and ${include('/\u00fc')}`],
  ['a path with a colon', { subdirectory: '/vol:1' }, `subdirectory "/vol:1": ${characters}; use subdirectory "/", and ${include('/vol:1')}`],
  ['a partition in a path', { subdirectory: '/export/year=2024/01' },
    `subdirectory "/export/year=2024/01": ${characters}; use subdirectory "/export/", and ${include('/year=2024/01')}`],
  ['no agents', { agents: [] }, 'agents (0 given): must have between 1 and 8 agents; add one'],
])('a location refuses %s', (_, wrong, message) => {
  const stack = newStack();
  const props = { serverHostname: 'host', subdirectory: '/export', agents: agentsIn(stack, 1), ...wrong };
  expect(messageOf(() => new NfsLocation(stack, 'Nfs', props))).toBe(`DataSyncValidationError: [Stack/Nfs] ${message}`);
});

test('a location refuses nine agents', () => {
  const stack = newStack();
  expect(messageOf(() => new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/export', agents: agentsIn(stack, 9) })))
    .toBe('DataSyncValidationError: [Stack/Nfs] agents (9 given): must have between 1 and 8 agents; remove some');
});

test('a location refuses an agent of another Region', () => {
  const stack = newStack({ env: { account: '111122223333', region: 'eu-west-1' } });
  expect(messageOf(() => nfsLocation(stack, 'Nfs'))).toBe(
    'DataSyncValidationError: [Stack/Nfs] agents[0] "Stack/NfsAgent": is in the Region us-east-1, this stack is in eu-west-1; use both from one Region');
});

test.each(['host', 'host-1.example.com', '192.0.2.7', Fn.importValue('Host')])('a location accepts the host %s', serverHostname => {
  const stack = newStack();
  expect(messageOf(() => new NfsLocation(stack, 'Nfs', {
    serverHostname, subdirectory: Token.asString({ resolve: () => '' }), agents: agentsIn(stack, 1),
  }))).toBe('no error');
});

test.each(['/', 'export', '/export/projects (old)/', '/vol-1_a+b.c$', '/with space'])('a location accepts the path %s', subdirectory => {
  const stack = newStack();
  expect(messageOf(() => new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory, agents: agentsIn(stack, 1) }))).toBe('no error');
});

test('a location takes a version that is newer than the library', () => {
  const stack = newStack();
  new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents: agentsIn(stack, 1), nfsVersion: NfsVersion.of('NFS5') });
  expect(resourceOf(stack, 'AWS::DataSync::LocationNFS').Properties.MountOptions).toEqual({ Version: 'NFS5' });
});
