import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { FederatedIdentity } from './federated-identity';
import type { LocationSecret } from './location-secret';
import { checkAccount, checkText } from '../validation/checks';
import type { Problems } from '../validation/problems';

/** An application of Microsoft Entra ID that trusts a role of AWS. */
export interface AzureOidcOptions {
  /** ID of the tenant (directory), such as `01234567-89ab-cdef-0123-456789abcdef`. */
  readonly tenantId: string;

  /** ID of the application (client), such as `01234567-89ab-cdef-0123-456789abcdef`. */
  readonly clientId: string;

  /**
   * The role that the application trusts, of the account of the location. It gets the permission to ask AWS STS for a token, unless it was imported
   * as not changeable.
   *
   * @default - a role that only this account's DataSync may assume
   */
  readonly role?: IRole;
}

/** By whom a container of Azure Blob Storage is reached. */
export class AzureBlobAuthentication {
  /**
   * By a shared access signature (SAS) of the storage account or of the container. One that a user delegated, or of a folder, does not do.
   *
   * @param token without the `?` that it begins with in a URL; 1 to 255 characters
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/creating-azure-blob-location.html#azure-blob-sas-tokens
   */
  public static sas(token: LocationSecret): AzureBlobAuthentication {
    return new AzureBlobAuthentication('SAS', token, undefined, problems => token._checkPlain(problems, 'token', {
      max: 255, pattern: /^[^?]/, says: 'must not begin with "?"', remedy: 'give the token alone, what follows the "?" of the URL',
    }));
  }

  /**
   * By federated identity, without a secret: Microsoft Entra ID trusts tokens of AWS STS for a role of this account.
   *
   * The account has to have outbound identity federation turned on, which no template does, and the application needs a federated credential whose
   * subject is the ARN of `location.role`.
   *
   * @see https://docs.aws.amazon.com/datasync/latest/userguide/API_AzureFederatedIdentityConfig.html
   */
  public static oidc(options: AzureOidcOptions): AzureBlobAuthentication {
    const { tenantId, clientId, role } = options;
    const federation = { role, partner: { AzureOidc: { TenantId: tenantId, ClientId: clientId } } };
    return new AzureBlobAuthentication('OIDC', undefined, federation, (problems, scope) => {
      checkGuid(problems, 'tenantId', tenantId, 'tenant (directory)');
      checkGuid(problems, 'clientId', clientId, 'application (client)');
      if (role) checkAccount(problems, scope, 'role', role);
    });
  }

  /** Nobody: the container lets everybody read it. */
  public static anonymous(): AzureBlobAuthentication {
    return new AzureBlobAuthentication('NONE', undefined, undefined, () => {});
  }

  private constructor(
    /** @internal */ public readonly _type: 'SAS' | 'OIDC' | 'NONE',
    /** @internal */ public readonly _token: LocationSecret | undefined,
    /** @internal */ public readonly _federation: FederatedIdentity | undefined,
    private readonly check: (problems: Problems, scope: Construct) => void,
  ) {}

  /** @internal */
  public _check(scope: Construct, problems: Problems): void {
    this.check(problems, scope);
    this._token?._check(scope, problems);
  }
}

function checkGuid(problems: Problems, property: string, value: string, what: string): void {
  checkText(problems, property, value, {
    required: true,
    max: 36,
    pattern: /^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/,
    says: 'must have the form of 01234567-89ab-cdef-0123-456789abcdef',
    remedy: `give the ID of the ${what}, not its name`,
  });
}
