import type { CfnLocationHDFSProps } from 'aws-cdk-lib/aws-datasync';
import type { Construct } from 'constructs';
import { checkKerberos } from './kerberos';
import type { KerberosOptions } from './kerberos';
import type { LocationSecret } from './location-secret';
import { checkText } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** By whom an HDFS cluster is reached. */
export class HdfsAuthentication {
  /**
   * By the name of a user, which the cluster believes.
   *
   * @param user 1 to 256 letters and digits of ASCII and `_ . -`, the first of which is no hyphen
   */
  public static simple(user: string): HdfsAuthentication {
    return new HdfsAuthentication({ authenticationType: 'SIMPLE', simpleUser: user }, undefined, problems => checkText(problems, 'user', user, {
      required: true,
      max: 256,
      pattern: /^[_.A-Za-z0-9][-_.A-Za-z0-9]*$/,
      says: 'must consist of letters and digits of ASCII and _ . -, and must not begin with a hyphen',
      remedy: 'give the name of the user alone, such as "hdfs"',
    }));
  }

  /** By Kerberos. Together with `kmsKeyProviderUri` it is for tasks in Enhanced mode only. */
  public static kerberos(options: KerberosOptions): HdfsAuthentication {
    const { principal, keytab, krb5Conf } = options;
    const properties = { authenticationType: 'KERBEROS', kerberosPrincipal: principal, kerberosKrb5Conf: krb5Conf };
    return new HdfsAuthentication(properties, keytab, problems => checkKerberos(problems, options, 'datasync@EXAMPLE.COM'));
  }

  private constructor(
    /** @internal */ public readonly _properties: Pick<CfnLocationHDFSProps, 'authenticationType' | 'simpleUser' | 'kerberosPrincipal' | 'kerberosKrb5Conf'>,
    /** @internal */ public readonly _keytab: LocationSecret | undefined,
    private readonly check: (problems: Problems) => void,
  ) {}

  /** @internal */
  public _check(scope: Construct, problems: Problems): void {
    this.check(problems);
    this._keytab?._check(scope, problems);
  }
}
