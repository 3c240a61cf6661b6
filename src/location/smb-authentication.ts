import type { CfnLocationSMBProps } from 'aws-cdk-lib/aws-datasync';
import type { Construct } from 'constructs';
import type { KerberosOptions } from './kerberos';
import { checkKerberos, looksLikeIpAddress } from './kerberos';
import type { LocationSecret } from './location-secret';
import type { NtlmOptions } from './ntlm';
import { checkNtlm } from './ntlm';
import { checkCount, checkText, isKnownLater } from '../validation/checks';
import type { Problems } from '../validation/problems';
import { show } from '../validation/problems';
import { warn } from '../validation/warnings';

/** As CloudFormation has it: other than the API, it takes no IPv6 address. */
const IPV4_ADDRESS = /^((25[0-5]|2[0-4]\d|[01]?\d?\d)(\.(?!$)|$)){4}$/;

/** A principal of Kerberos, at a server that is given by its DNS name. */
export interface SmbKerberosOptions extends KerberosOptions {
  /**
   * IPv4 addresses of the DNS servers that know the server; at most 2.
   *
   * @default - those of the agents
   */
  readonly dnsIpAddresses?: string[];
}

/** By whom an SMB server is reached. */
export class SmbAuthentication {
  /** By a user and a password. The service uses NTLM. */
  public static ntlm(options: NtlmOptions): SmbAuthentication {
    const { user, password, domain } = options;
    return new SmbAuthentication(password, 'password', { user, domain }, problems => checkNtlm(problems, options));
  }

  /** By Kerberos. */
  public static kerberos(options: SmbKerberosOptions): SmbAuthentication {
    const { principal, keytab, krb5Conf, dnsIpAddresses } = options;
    const properties = { authenticationType: 'KERBEROS', kerberosPrincipal: principal, kerberosKrb5Conf: krb5Conf, dnsIpAddresses };
    return new SmbAuthentication(keytab, 'kerberosKeytab', properties, (problems, serverHostname) => {
      checkKerberos(problems, options, 'cifs/datasync@EXAMPLE.COM');
      checkDns(problems, dnsIpAddresses);
      if (looksLikeIpAddress(serverHostname)) {
        problems.add(`serverHostname ${show(serverHostname)}`, 'must be a DNS name with Kerberos', 'give the name that the service principal is for');
      }
    });
  }

  private constructor(
    /** @internal */ public readonly _secret: LocationSecret,
    /** @internal */ public readonly _secretProperty: 'password' | 'kerberosKeytab',
    /** @internal */ public readonly _properties: Partial<CfnLocationSMBProps>,
    private readonly check: (problems: Problems, serverHostname: string) => void,
  ) {}

  /** @internal */
  public _check(scope: Construct, problems: Problems, serverHostname: string): void {
    this.check(problems, serverHostname);
    this._secret._check(scope, problems);
    const { kerberosPrincipal: principal } = this._properties;
    if (principal && !isKnownLater(principal) && !principal.startsWith('cifs/')) {
      warn(scope, 'smbPrincipal', `principal ${show(principal)}: the documentation of CloudFormation asks for one that begins with "cifs/", `
        + 'that of the API shows another; if executions fail to mount the share, use such a one');
    }
  }
}

function checkDns(problems: Problems, addresses: string[] | undefined): void {
  checkCount(problems, 'dnsIpAddresses', addresses, 0, 2, 'addresses');
  addresses?.forEach((address, index) => checkText(problems, `dnsIpAddresses[${index}]`, address, {
    max: 39, // of an address of IPv6, so that such a one gets the other message
    pattern: IPV4_ADDRESS,
    says: 'must be an IPv4 address (CloudFormation takes no IPv6 address)',
    remedy: 'give the address of a DNS server, such as "192.0.2.53"',
  }));
}
