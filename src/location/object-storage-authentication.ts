import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { FederatedIdentity } from './federated-identity';
import type { LocationSecret } from './location-secret';
import { checkAccount, checkText } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** A workload identity pool of Google Cloud that trusts a role of AWS. */
export interface GoogleOidcOptions {
  /** ID of the project, such as `my-project`; 6 to 30 lower-case letters, digits and hyphens. */
  readonly projectName: string;

  /** Number of the project; 1 to 20 digits. */
  readonly projectNumber: string;

  /** ID of the workload identity pool; 4 to 32 lower-case letters, digits and hyphens, not beginning with `gcp-`. */
  readonly identityPoolName: string;

  /** ID of the provider in the pool; 4 to 32 lower-case letters, digits and hyphens, not beginning with `gcp-`. */
  readonly identityProviderName: string;

  /**
   * The role that the provider trusts, of the account of the location. It gets the permission to ask AWS STS for a token, unless it was imported
   * as not changeable.
   *
   * @default - a role that only this account's DataSync may assume
   */
  readonly role?: IRole;
}

/** By whom a store of objects is reached. */
export class ObjectStorageAuthentication {
  /**
   * By an access key, as S3 has it. Of Google Cloud Storage it is an HMAC key.
   *
   * @param accessKey the public part; 1 to 200 characters
   * @param secretKey the secret part; at most 200 characters
   */
  public static accessKey(accessKey: string, secretKey: LocationSecret): ObjectStorageAuthentication {
    return new ObjectStorageAuthentication({ accessKey }, secretKey, undefined, problems => {
      checkText(problems, 'accessKey', accessKey, {
        required: true, max: 200, pattern: /^.*$/, says: 'must be one line', remedy: 'give the access key that belongs to the secret key',
      });
      secretKey._checkPlain(problems, 'secretKey', { max: 200, remedy: 'give the secret key that belongs to the access key' });
    });
  }

  /**
   * By federated identity, without a secret: Google Cloud trusts tokens of AWS STS for a role of this account. It is for Google Cloud Storage, at
   * the host `storage.googleapis.com`.
   *
   * The account has to have outbound identity federation turned on, which no template does, and the provider of the pool has to trust the ARN of
   * `location.role`.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/API_ObjectStorageFederatedIdentityConfig.html
   */
  public static googleOidc(options: GoogleOidcOptions): ObjectStorageAuthentication {
    const { projectName, projectNumber, identityPoolName, identityProviderName, role } = options;
    const pool = { IdentityPoolName: identityPoolName, IdentityProviderName: identityProviderName };
    const GoogleOidc = { ProjectName: projectName, ProjectNumber: projectNumber, ...pool };
    const federation = { role, partner: { ExternalIdentity: { GoogleOidc } } };
    return new ObjectStorageAuthentication({}, undefined, federation, (problems, scope) => checkGoogle(problems, scope, options));
  }

  /** Nobody: the server takes requests without a signature. */
  public static anonymous(): ObjectStorageAuthentication {
    return new ObjectStorageAuthentication({}, undefined, undefined, () => {});
  }

  private constructor(
    /** @internal */ public readonly _properties: { readonly accessKey?: string },
    /** @internal */ public readonly _secretKey: LocationSecret | undefined,
    /** @internal */ public readonly _federation: FederatedIdentity | undefined,
    private readonly check: (problems: Problems, scope: Construct) => void,
  ) {}

  /** @internal */
  public _check(scope: Construct, problems: Problems): void {
    this.check(problems, scope);
    this._secretKey?._check(scope, problems);
  }
}

const POOL = { required: true, max: 32, pattern: /^(?!gcp-)[a-z][a-z0-9-]{2,30}[a-z0-9]$/, says: 'must have 4 to 32 lower-case letters, digits and hyphens, begin with a letter and not with "gcp-"' };

function checkGoogle(problems: Problems, scope: Construct, options: GoogleOidcOptions): void {
  checkText(problems, 'projectName', options.projectName, {
    required: true,
    max: 30,
    pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    says: 'must have 6 to 30 lower-case letters, digits and hyphens, and begin with a letter',
    remedy: 'give the ID of the project, not the name that is displayed',
  });
  checkText(problems, 'projectNumber', options.projectNumber, {
    required: true, max: 20, pattern: /^\d+$/, says: 'must consist of digits', remedy: 'give the number of the project, such as "123456789012"',
  });
  checkText(problems, 'identityPoolName', options.identityPoolName, { ...POOL, remedy: 'give the ID of the workload identity pool alone, without its path' });
  checkText(problems, 'identityProviderName', options.identityProviderName, { ...POOL, remedy: 'give the ID of the provider alone, without its path' });
  if (options.role) checkAccount(problems, scope, 'role', options.role);
}
