import type { Stack } from 'aws-cdk-lib';
import { Fn, SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { SmbLocationProps } from '../../src';
import { Agent, LocationSecret, SmbAuthentication, SmbLocation, SmbVersion } from '../../src';
import { AGENT_ARN, messageOf, newStack, resourceOf, snapshotOf, warningsOf } from '../support/stacks';

const SECRET = LocationSecret.fromSecretValue(SecretValue.secretsManager('password'));
const NTLM = SmbAuthentication.ntlm({ user: 'me', password: SECRET });
const KERBEROS = { principal: 'cifs/me@EXAMPLE.COM', keytab: SECRET, krb5Conf: '[libdefaults]' };

const smb = (stack: Stack, props: Partial<SmbLocationProps> = {}) => new SmbLocation(stack, 'Smb', {
  serverHostname: 'host', subdirectory: '/share', agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)], authentication: NTLM, ...props,
});

test('a location with a secret of the app is rendered', () => {
  const stack = newStack();
  smb(stack, { authentication: SmbAuthentication.ntlm({ user: 'me', password: LocationSecret.fromSecretsManager(new Secret(stack, 'Secret')) }) });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('a location with Kerberos and a version is rendered', () => {
  const stack = newStack();
  smb(stack, { authentication: SmbAuthentication.kerberos({ ...KERBEROS, dnsIpAddresses: ['192.0.2.53'] }), smbVersion: SmbVersion.SMB2 });
  expect(snapshotOf(stack)).toMatchSnapshot();
});

const hostname = 'must be a host name of ASCII letters, digits, hyphens and dots, or an IPv4 or IPv6 address; give the name of the server alone, without protocol, port or path';
const user = 'must not contain any of "[]/\\:;|=,+*?<>; give the name of the user alone, and the domain as domain';
const domain = 'must consist of ASCII letters and digits, with hyphens and single dots between them; give the name of the domain, such as "corp.example.com", or leave it out';
const principal = 'give it as it stands in the keytab, such as "cifs/datasync@EXAMPLE.COM"';
const ntlm = (wrong: object) => ({ authentication: SmbAuthentication.ntlm({ user: 'me', password: SECRET, ...wrong }) });
const kerberos = (wrong: object) => ({ authentication: SmbAuthentication.kerberos({ ...KERBEROS, ...wrong }) });

test.each<[string, Partial<SmbLocationProps>, string]>([
  ['no host', { serverHostname: '' }, 'serverHostname "": must not be empty; give the name of the server alone, without protocol, port or path'],
  ['a UNC path', { serverHostname: '\\\\host' }, `serverHostname "\\\\\\\\host": ${hostname}`],
  ['no share', { subdirectory: '' }, 'subdirectory "": must not be empty; name the share, such as "/share/projects"'],
  ['a path with a backslash', { subdirectory: '\\share' },
    'subdirectory "\\\\share": may only contain letters and digits of ASCII, spaces and _ - + . / ( ) $; share it under a name of these characters, with "/" between folders'],
  ['no agents', { agents: [] }, 'agents (0 given): must have between 1 and 8 agents; add one'],
  ['a user with a domain', ntlm({ user: 'CORP\\me' }), `user "CORP\\\\me": ${user}`],
  ['a user and a host', ntlm({ user: 'me, you' }), `user "me, you": ${user}`],
  ['a long user', ntlm({ user: 'u'.repeat(105) }), `user "${'u'.repeat(105)}": must have at most 104 characters, has 105; shorten it`],
  ['a domain with two dots', ntlm({ domain: 'corp..com' }), `domain "corp..com": ${domain}`],
  ['an empty domain', ntlm({ domain: '' }), 'domain "": must not be empty; give the name of the domain, such as "corp.example.com", or leave it out'],
  ['no principal', kerberos({ principal: '' }), `principal "": must not be empty; ${principal}`],
  ['a principal of two lines', kerberos({ principal: 'cifs/a\nb' }), `principal "cifs/a\\nb": must be one line; ${principal}`],
  ['no krb5.conf', kerberos({ krb5Conf: '' }), 'krb5Conf "": must not be empty; give the text of krb5.conf'],
  ['three DNS servers', kerberos({ dnsIpAddresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }), 'dnsIpAddresses (3 given): must have between 0 and 2 addresses; remove some'],
  ['a DNS server by its name', kerberos({ dnsIpAddresses: ['dns.example.com'] }),
    'dnsIpAddresses[0] "dns.example.com": must be an IPv4 address (CloudFormation takes no IPv6 address); give the address of a DNS server, such as "192.0.2.53"'],
  ['an address that is none', kerberos({ dnsIpAddresses: ['192.0.2.256'] }),
    'dnsIpAddresses[0] "192.0.2.256": must be an IPv4 address (CloudFormation takes no IPv6 address); give the address of a DNS server, such as "192.0.2.53"'],
  ['an IPv6 address of a DNS server', kerberos({ dnsIpAddresses: ['2001:db8:1:2:3:4:5:53'] }),
    'dnsIpAddresses[0] "2001:db8:1:2:3:4:5:53": must be an IPv4 address (CloudFormation takes no IPv6 address); give the address of a DNS server, such as "192.0.2.53"'],
  ['Kerberos at an IPv4 address', { ...kerberos({}), serverHostname: '192.0.2.7' },
    'serverHostname "192.0.2.7": must be a DNS name with Kerberos; give the name that the service principal is for'],
  ['Kerberos at an IPv6 address', { ...kerberos({}), serverHostname: '2001:db8::7' },
    'serverHostname "2001:db8::7": must be a DNS name with Kerberos; give the name that the service principal is for'],
])('a location refuses %s', (_, wrong, message) => {
  expect(messageOf(() => smb(newStack(), wrong))).toBe(`DataSyncValidationError: [Stack/Smb] ${message}`);
});

test.each<[string, Partial<SmbLocationProps>]>([
  ['an IPv4 address', { serverHostname: '192.0.2.7' }],
  ['an IPv6 address', { serverHostname: '2001:db8::7' }],
  ['a host that the deployment knows', { serverHostname: Fn.importValue('Host'), ...kerberos({}) }],
  ['a hidden share', { subdirectory: '/c$' }],
  ['a user with spaces and an at sign', ntlm({ user: 'backup operator@corp' })],
  ['a domain', ntlm({ domain: 'corp-1.example.com' })],
  ['a krb5.conf behind a URL', kerberos({ krb5Conf: 'https://bucket.s3.amazonaws.com/krb5.conf?X-Amz-Signature=0' })],
])('a location accepts %s', (_, props) => {
  const stack = newStack();
  expect(messageOf(() => smb(stack, props))).toBe('no error');
  expect(warningsOf(stack)).toEqual([]);
});

test('a location warns of a principal that is not of the service cifs, as the documentation contradicts itself', () => {
  const stack = newStack();
  smb(stack, kerberos({ principal: 'HOST/me@EXAMPLE.COM' }));
  expect(warningsOf(stack)).toEqual([expect.stringContaining('/Stack/Smb principal "HOST/me@EXAMPLE.COM": the documentation of CloudFormation asks for one')]);
});

test('a location takes a version that is newer than the library', () => {
  const stack = newStack();
  smb(stack, { smbVersion: SmbVersion.of('SMB4') });
  expect(resourceOf(stack, 'AWS::DataSync::LocationSMB').Properties.MountOptions).toEqual({ Version: 'SMB4' });
});
