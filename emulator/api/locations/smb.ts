import { isIP } from 'node:net';
import type { CreateLocationSmbRequest } from '@aws-sdk/client-datasync';
import { withoutOldAuthentication } from './authentication';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';
import { describeSecret, hasSecret, updateSecret } from '../../model/secrets';

const AUTHENTICATION = {
  NTLM: ['User', 'Password', 'Domain'],
  KERBEROS: ['KerberosPrincipal', 'KerberosKeytab', 'KerberosKrb5Conf', 'DnsIpAddresses'],
} as const;

export const smbLocations = locationOperations<CreateLocationSmbRequest>({
  api: 'Smb',
  name: 'SMB',

  derive: (settings, locationArn) => {
    const { ServerHostname, Subdirectory, AgentArns, AuthenticationType = 'NTLM', User, Domain, DnsIpAddresses, KerberosPrincipal } = settings;
    const member = secretMember(settings);
    const secret = describeSecret(locationArn, member, settings[member], settings);
    checkAuthentication(settings);
    const folders = foldersOf(Subdirectory!);
    return {
      type: TYPES.SMB,
      uri: `smb://${ServerHostname}/${joinFolders(folders)}`,
      agentArns: AgentArns!,
      details: {
        AgentArns, AuthenticationType, User, Domain, DnsIpAddresses, KerberosPrincipal, MountOptions: { Version: settings.MountOptions?.Version ?? 'AUTOMATIC' }, ...secret,
      },
      content: { kind: 'directory', folders: ['smb', ServerHostname!, ...folders] },
    };
  },

  update: (before, update) => (
    updateSecret(withoutOldAuthentication(before, update, AUTHENTICATION), update, secretMember({ ...before, ...update }))
  ),
});

function secretMember({ AuthenticationType }: CreateLocationSmbRequest): 'Password' | 'KerberosKeytab' {
  return AuthenticationType === 'KERBEROS' ? 'KerberosKeytab' : 'Password';
}

function checkAuthentication(settings: CreateLocationSmbRequest): void {
  const { AuthenticationType = 'NTLM', ServerHostname } = settings;
  const needed = AuthenticationType === 'KERBEROS' ? ['KerberosPrincipal', 'KerberosKrb5Conf'] as const : ['User'] as const;
  const missing: string[] = needed.filter(member => settings[member] === undefined);
  const member = secretMember(settings);
  if (!hasSecret(settings[member], settings)) missing.push(`${member} or CustomSecretConfig`);
  if (missing.length > 0) throw new InvalidRequestError(`Invalid parameter: AuthenticationType ${AuthenticationType} needs ${missing.join(', ')}.`);
  if (AuthenticationType === 'KERBEROS' && isIP(ServerHostname!)) {
    throw new InvalidRequestError(`Invalid parameter: AuthenticationType KERBEROS needs a DNS name as ServerHostname, got ${ServerHostname}.`);
  }
}
