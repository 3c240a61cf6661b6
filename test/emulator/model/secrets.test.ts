import type { SecretSettings } from '../../../emulator/model/secrets';
import { describeSecret, hasSecret, updateSecret } from '../../../emulator/model/secrets';

const LOCATION = 'arn:aws-cn:datasync:cn-north-1:111122223333:location/loc-0123456789abcdef0';
const SecretArn = 'arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:aws-datasync!loc-0123456789abcdef0';
const CMK = { CmkSecretConfig: { KmsKeyArn: 'key' } };
const CUSTOM = { CustomSecretConfig: { SecretArn: 'mine', SecretAccessRoleArn: 'role' } };
const EMPTY = { CmkSecretConfig: { KmsKeyArn: '' }, CustomSecretConfig: { SecretArn: '', SecretAccessRoleArn: '' } };

test.each<[string, unknown, SecretSettings, object]>([
  ['no secret', undefined, {}, {}],
  ['a plain one', 'p', {}, { ManagedSecretConfig: { SecretArn } }],
  ['a plain one, and empty texts', 'p', EMPTY, { ManagedSecretConfig: { SecretArn } }],
  ['an empty one, which is one', '', {}, { ManagedSecretConfig: { SecretArn } }],
  ['under a key', 'p', CMK, { CmkSecretConfig: { KmsKeyArn: 'key', SecretArn } }],
  ['of the own', undefined, CUSTOM, CUSTOM],
])('%s is described', (_, plain, settings, described) => {
  expect(describeSecret(LOCATION, 'Password', plain, settings)).toEqual(described);
  expect(hasSecret(plain, settings)).toBe(Object.keys(described).length > 0);
});

test.each<[unknown, SecretSettings, string]>([
  ['p', CUSTOM, 'Invalid parameter: Password and CustomSecretConfig exclude each other, give one of them.'],
  ['p', { ...CUSTOM, ...CMK }, 'CmkSecretConfig and CustomSecretConfig exclude each other'],
  [undefined, CMK, 'CmkSecretConfig needs Password'],
  ['p', { CmkSecretConfig: { SecretArn: 'x' } }, 'CmkSecretConfig needs KmsKeyArn'],
  [undefined, { CustomSecretConfig: { SecretArn: 'x' } }, 'CustomSecretConfig needs SecretAccessRoleArn'],
  [undefined, { CustomSecretConfig: { SecretAccessRoleArn: 'x' } }, 'CustomSecretConfig needs SecretArn'],
])('%j with %j is refused', (plain, settings, message) => {
  expect(() => describeSecret(LOCATION, 'Password', plain, settings)).toThrow(message);
});

type Settings = SecretSettings & { readonly Password?: string; readonly User?: string };

test.each<[string, Settings, Settings, Settings]>([
  ['nothing', { Password: 'p', ...CMK }, {}, { Password: 'p', ...CMK }],
  ['something else', { ...CUSTOM }, { User: 'u' }, { User: 'u', ...CUSTOM }],
  ['the plain one', { Password: 'p', ...CMK }, { Password: 'q' }, { Password: 'q', ...CMK }],
  ['to one of the own', { Password: 'p', ...CMK }, CUSTOM, CUSTOM],
  ['to a plain one', CUSTOM, { Password: 'q' }, { Password: 'q' }],
  ['to a plain one under a key', CUSTOM, { Password: 'q', ...CMK }, { Password: 'q', ...CMK }],
  ['both, which stay for the check', CUSTOM, { Password: 'q', ...CUSTOM }, { Password: 'q', ...CUSTOM }],
])('an update of %s', (_, before, update, after) => {
  expect(updateSecret<Settings>(before, update, 'Password')).toEqual(after);
});
