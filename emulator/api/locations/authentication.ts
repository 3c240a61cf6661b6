import type { SecretSettings } from '../../model/secrets';

/** A location that can be signed in to in more than one way. */
interface Authenticated extends SecretSettings {
  readonly AuthenticationType?: string;
}

/**
 * Settings before an update without those of the way to sign in that the update gives up: they would come back in every answer.
 *
 * @param members what belongs to each AuthenticationType, besides the ways to keep a secret; the first is the default
 */
export function withoutOldAuthentication<Settings extends Authenticated>(
  before: Settings, { AuthenticationType }: Partial<Settings>, members: Readonly<Record<string, ReadonlyArray<keyof Settings>>>,
): Settings {
  const old = before.AuthenticationType ?? Object.keys(members)[0];
  if (AuthenticationType === undefined || AuthenticationType === old) return before;
  const settings = { ...before };
  for (const member of [...members[old], 'CmkSecretConfig', 'CustomSecretConfig'] as const) delete settings[member];
  return settings;
}
