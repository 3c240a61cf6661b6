import type { CustomSecretConfig } from '@aws-sdk/client-datasync';
import { callAws, describeFailure } from './aws-call';
import { InvalidRequestError, NotEmulatedError } from '../errors';
import { scopeOfArn } from '../model/arns';

/**
 * The text of a secret of the caller's own, out of a local Secrets Manager. The role that it names is not assumed.
 *
 * @throws InvalidRequestError when it cannot be read, NotEmulatedError when there is no endpoint to read it from
 */
export async function readCustomSecret(endpoint: string | undefined, { SecretArn }: CustomSecretConfig): Promise<string> {
  if (endpoint === undefined) throw new NotEmulatedError('CustomSecretConfig without --secrets-endpoint, where the secret is read,');
  const refused = (why: string) => new InvalidRequestError(`Invalid parameter: CustomSecretConfig.SecretArn ${SecretArn} cannot be read: ${why}`);
  let found;
  try {
    found = await callAws(endpoint, { service: 'secretsmanager', target: 'secretsmanager.GetSecretValue' }, scopeOfArn(SecretArn!), { SecretId: SecretArn });
  } catch (error) {
    throw refused(describeFailure(error));
  }
  if (typeof found.SecretString !== 'string' || found.SecretString === '') throw refused('it has no text');
  return found.SecretString;
}
