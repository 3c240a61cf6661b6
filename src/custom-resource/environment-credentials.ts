/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundle: Lambda always hands its credentials to Node in the
 * environment, and the rest of the SDK's chain (profiles, SSO, web identity, instance metadata) is a third of its size.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new Error('there are no credentials in the environment');
  return { accessKeyId, secretAccessKey, sessionToken };
};
