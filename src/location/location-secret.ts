import type { SecretValue } from 'aws-cdk-lib';
import { Resource, Stack } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IDependable } from 'constructs';
import { readable } from '../private/arn';
import { KEY_READ, SECRET_READ } from '../private/permissions';
import { ServiceRole } from '../private/service-role';
import { charactersOf } from '../task-execution/contract';
import type { TextRule } from '../validation/checks';
import { checkAccount, isElsewhere, isKnownLater } from '../validation/checks';
import type { Problems } from '../validation/problems';
import { show } from '../validation/problems';
import { warn } from '../validation/warnings';

/** Options of `LocationSecret.fromSecretsManager()`. */
export interface SecretsManagerOptions {
  /**
   * The role by which the service reads the secret, of the account of the location. It gets the permissions for that, unless it was imported as
   * not changeable.
   *
   * @default - a role that only this account's DataSync may assume, which may read this secret only
   */
  readonly accessRole?: IRole;
}

/** Options of `LocationSecret.fromSecretValue()`. */
export interface SecretValueOptions {
  /**
   * The key that the service's secret is encrypted with: symmetric, and not an alias that was imported by its name. Its policy lets DataSync's
   * service-linked role decrypt. Whoever deploys needs `kms:Encrypt`, `kms:GenerateDataKey` and `kms:Decrypt` on it.
   *
   * @default - the key of Secrets Manager that AWS manages
   */
  readonly encryptionKey?: IKey;
}

/**
 * What an L1 takes of a secret.
 *
 * @internal
 */
export interface SecretBinding {
  /** For the property of the kind that takes the secret itself. */
  readonly value?: string;
  /** For the properties of these names. */
  readonly config: {
    readonly customSecretConfig?: { readonly secretArn: string; readonly secretAccessRoleArn: string };
    readonly cmkSecretConfig?: { readonly kmsKeyArn: string };
  };
  /** What has to be in place before the secret can be read. */
  readonly dependables: readonly IDependable[];
  /** Lets the service read the secret on behalf of tasks of that Region, too. */
  readonly trustTasksOf: (region: string) => void;
}

/**
 * A password, a secret key, a token or a keytab by which a location is reached, and where it is kept.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/location-credentials.html
 */
export class LocationSecret {
  /**
   * A secret of yours. It makes a role by which the service reads it, unless you bring one.
   *
   * The secret holds the text alone, not JSON, so it is not what `generateSecretString` with a template makes. A keytab is a *binary* secret,
   * which CloudFormation cannot create: make it by other means, and import it. Import a secret together with its `encryptionKey` if it has one of
   * yours: otherwise the role may not decrypt it, and a warning says so.
   *
   * @param secret such as a `Secret`, or an imported one
   */
  public static fromSecretsManager(secret: ISecret, options: SecretsManagerOptions = {}): LocationSecret {
    return new LocationSecret(
      (scope, problems) => options.accessRole && checkAccount(problems, scope, 'accessRole', options.accessRole),
      scope => bindOwnSecret(scope, secret, options.accessRole),
    );
  }

  /**
   * A value that the service keeps in a secret of its own, which it deletes with the location. It is resolved once per deployment, so that a
   * secret that has been rotated needs another one.
   *
   * @param value such as `SecretValue.secretsManager()`, of which the template has the reference only. `SecretValue.unsafePlainText()` stands in
   * the template as it is. A keytab is base64.
   */
  public static fromSecretValue(value: SecretValue, options: SecretValueOptions = {}): LocationSecret {
    return new LocationSecret(
      (_, problems) => checkKey(problems, options.encryptionKey),
      scope => bindValue(scope, value, options.encryptionKey),
      value,
    );
  }

  private constructor(
    private readonly check: (scope: Construct, problems: Problems) => void,
    private readonly bind: (scope: Construct) => SecretBinding,
    private readonly value?: SecretValue,
  ) {}

  /** @internal */
  public _check(scope: Construct, problems: Problems): void {
    this.check(scope, problems);
  }

  /**
   * Checks a secret that stands in the app as it is, without showing it.
   *
   * @internal
   */
  public _checkPlain(problems: Problems, property: string, { min = 1, max, pattern, says, remedy }: TextRule): void {
    const plain = this.value?.unsafeUnwrap();
    if (plain === undefined || isKnownLater(plain)) return;
    const length = charactersOf(plain);
    if (length < min) problems.add(property, 'must not be empty', remedy);
    else if (length > max) problems.add(property, `must have at most ${max} characters, has ${length}`, remedy);
    else if (pattern && !pattern.test(plain)) problems.add(property, says!, remedy);
  }

  /**
   * Makes what the location needs to be let to the secret, below the location.
   *
   * @internal
   */
  public _bind(scope: Construct): SecretBinding {
    return this.bind(scope);
  }
}

function bindOwnSecret(scope: Construct, secret: ISecret, accessRole: IRole | undefined): SecretBinding {
  const serviceRole = new ServiceRole(scope, {
    id: 'SecretRole', given: accessRole, description: 'Lets DataSync read the secret of a location', user: 'the secret of this location',
  });
  // Secrets Manager puts six characters behind a name.
  serviceRole.allow(new PolicyStatement({ actions: SECRET_READ, resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`] }));
  const { encryptionKey } = secret;
  if (encryptionKey) {
    serviceRole.allow(new PolicyStatement({ actions: KEY_READ, resources: [keyArnOf(encryptionKey)] }));
  } else if (!Resource.isOwnedResource(secret)) {
    warn(scope, 'secretKeyUnknown', `secret ${secret.node.path} was imported without its key, so the role of this location gets no permission to decrypt it; `
      + 'if it has a key of yours, import it by Secret.fromSecretAttributes() with its encryptionKey');
  }
  const { account } = Stack.of(scope);
  if (isElsewhere(secret.env.account, account)) {
    const statement = new PolicyStatement({
      actions: SECRET_READ,
      resources: ['*'],
      principals: [new AccountPrincipal(account)],
      conditions: { ArnEquals: { 'aws:PrincipalArn': serviceRole.role.roleArn } },
    });
    warn(scope, 'secretOfOtherAccount', `secret ${secret.node.path} belongs to the account ${secret.env.account}, which must let the role of this location read it, and `
      + `decrypt with its key; add to the policy of the secret: ${JSON.stringify(readable(scope, statement.toStatementJson()))}`);
  }
  return {
    config: { customSecretConfig: { secretArn: secret.secretArn, secretAccessRoleArn: serviceRole.role.roleArn } },
    dependables: serviceRole.dependables,
    trustTasksOf: region => serviceRole.trustTasksOf(region),
  };
}

function bindValue(scope: Construct, secret: SecretValue, encryptionKey: IKey | undefined): SecretBinding {
  const value = secret.unsafeUnwrap(); // into the property of the L1 that is for it
  const trustTasksOf = () => {}; // no role
  if (!encryptionKey) return { value, config: {}, dependables: [], trustTasksOf };
  const stack = Stack.of(scope);
  const roleArn = stack.formatArn({
    service: 'iam', region: '', resource: 'role', resourceName: 'aws-service-role/datasync.amazonaws.com/AWSServiceRoleForDataSync',
  });
  // By a condition, as a policy cannot name a role that does not exist yet.
  const statement = new PolicyStatement({
    actions: KEY_READ, resources: ['*'], principals: [new AccountPrincipal(stack.account)], conditions: { ArnEquals: { 'aws:PrincipalArn': roleArn } },
  });
  const key = targetOf(encryptionKey) ?? encryptionKey;
  if (!key.addToResourcePolicy(statement, true).statementAdded) {
    warn(scope, 'keyNotChangeable', `the policy of key ${key.node.path} cannot be changed from here, so it does not let DataSync read the secret of this location; `
      + `add to it: ${JSON.stringify(readable(scope, statement.toStatementJson()))}`);
  }
  return { value, config: { cmkSecretConfig: { kmsKeyArn: key.keyArn } }, dependables: [], trustTasksOf };
}

function checkKey(problems: Problems, key: IKey | undefined): void {
  if (!key || targetOf(key)) return;
  const isAlias = 'aliasName' in key || !isKnownLater(key.keyArn) && key.keyArn.includes(':alias/');
  if (isAlias) problems.add(`encryptionKey ${show(key.node.path)}`, 'must be a key, the service takes no alias', 'import the key itself, with Key.fromKeyArn()');
}

function keyArnOf(key: IKey): string {
  return (targetOf(key) ?? key).keyArn;
}

/** The key behind an alias, if the app knows it. */
function targetOf(key: IKey): IKey | undefined {
  try {
    return (key as Partial<IAlias>).aliasTargetKey;
  } catch { // it was imported by its name
    return undefined;
  }
}
