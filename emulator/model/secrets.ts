import type { CmkSecretConfig, CustomSecretConfig, ManagedSecretConfig } from '@aws-sdk/client-datasync';
import { idOf, scopeOfArn } from './arns';
import { partitionOf } from './scope';
import { InvalidRequestError } from '../errors';

/** How a location may keep a secret, besides in plain text. */
export interface SecretSettings {
  readonly CmkSecretConfig?: CmkSecretConfig;
  readonly CustomSecretConfig?: CustomSecretConfig;
}

/** What Describe tells of a secret: where it is, never what it is. */
export interface DescribedSecret extends SecretSettings {
  readonly ManagedSecretConfig?: ManagedSecretConfig;
}

/**
 * What Describe tells of a location's secret: one that the service manages, under its own key or the caller's, or one of the caller's own.
 *
 * @param member what the plain secret is called in the request
 * @param plain the plain secret, if there is one
 * @throws InvalidRequestError when the ways are mixed up
 */
export function describeSecret(locationArn: string, member: string, plain: unknown, settings: SecretSettings): DescribedSecret {
  const { CmkSecretConfig, CustomSecretConfig } = settings;
  const refuse = (problem: string) => {
    throw new InvalidRequestError(`Invalid parameter: ${problem}.`);
  };
  if (isGiven(CmkSecretConfig) && isGiven(CustomSecretConfig)) refuse('CmkSecretConfig and CustomSecretConfig exclude each other, give one of them');
  if (isGiven(CustomSecretConfig)) {
    for (const needed of ['SecretArn', 'SecretAccessRoleArn'] as const) {
      if (!CustomSecretConfig[needed]) refuse(`CustomSecretConfig needs ${needed}`);
    }
    if (plain !== undefined) refuse(`${member} and CustomSecretConfig exclude each other, give one of them`);
    return { CustomSecretConfig };
  }
  const SecretArn = managedSecretArn(locationArn);
  if (isGiven(CmkSecretConfig)) {
    if (!CmkSecretConfig.KmsKeyArn) refuse('CmkSecretConfig needs KmsKeyArn');
    if (plain === undefined) refuse(`CmkSecretConfig needs ${member}, the secret to encrypt`);
    return { CmkSecretConfig: { SecretArn, KmsKeyArn: CmkSecretConfig.KmsKeyArn } };
  }
  return plain === undefined ? {} : { ManagedSecretConfig: { SecretArn } };
}

/** Whether there is a secret at all. */
export function hasSecret(plain: unknown, { CustomSecretConfig }: SecretSettings): boolean {
  return plain !== undefined || isGiven(CustomSecretConfig);
}

/**
 * Settings after an update: a secret of the caller's own and a plain one take each other's place.
 *
 * @param member what the plain secret is called in the request
 */
export function updateSecret<Settings extends SecretSettings>(before: Settings, update: Partial<Settings>, member: keyof Settings): Settings {
  const settings: any = { ...before, ...update };
  const isCustom = isGiven(update.CustomSecretConfig);
  const isPlain = update[member] !== undefined || isGiven(update.CmkSecretConfig);
  const outdated = isCustom ? [member, 'CmkSecretConfig'] : isPlain ? ['CustomSecretConfig'] : [];
  for (const name of outdated) if (!(name in update)) delete settings[name];
  return settings;
}

/** Empty texts take a setting away. */
function isGiven<Config extends object>(config: Config | undefined): config is Config {
  return Object.values(config ?? {}).some(Boolean);
}

function managedSecretArn(locationArn: string): string {
  const { region, account } = scopeOfArn(locationArn);
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:aws-datasync!${idOf(locationArn)}`;
}
