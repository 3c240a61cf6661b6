import type { LocationSecret } from './location-secret';
import { checkText, isKnownLater } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** How a user authenticates by Kerberos. */
export interface KerberosOptions {
  /**
   * The principal that may read, or write, the files; 1 to 256 characters, case sensitive, exactly as in the keytab, such as
   * `cifs/datasync@EXAMPLE.COM` for SMB, and `datasync@EXAMPLE.COM` for HDFS.
   */
  readonly principal: string;

  /**
   * The keytab with the principal's keys: a *binary* secret, which CloudFormation cannot create, imported by `LocationSecret.fromSecretsManager()`, or
   * the base64 of at most 65536 bytes by `LocationSecret.fromSecretValue()`.
   */
  readonly keytab: LocationSecret;

  /** The text of the `krb5.conf` that tells the realm and its key distribution centre, at most 131072 characters, or a presigned URL of it in S3. */
  readonly krb5Conf: string;
}

/**
 * @param example of a principal
 * @internal
 */
export function checkKerberos(problems: Problems, { principal, krb5Conf }: KerberosOptions, example: string): void {
  checkText(problems, 'principal', principal, {
    required: true, max: 256, pattern: /^.+$/, says: 'must be one line', remedy: `give it as it stands in the keytab, such as "${example}"`,
  });
  checkText(problems, 'krb5Conf', krb5Conf, { required: true, max: 131072, remedy: 'give the text of krb5.conf' });
}

/** @internal */
export function looksLikeIpAddress(hostname: string | undefined): boolean {
  return hostname !== undefined && !isKnownLater(hostname) && (/^\d+(\.\d+){3}$/.test(hostname) || hostname.includes(':'));
}
