import { defaultProvider } from '../../src/custom-resource/environment-credentials';

const saved = { ...process.env };
afterEach(() => { process.env = saved; });

test('the credentials are those that Lambda puts into the environment', async () => {
  process.env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'session' });
});

test('an environment without credentials is an error that says so', async () => {
  process.env = {};
  await expect(defaultProvider()()).rejects.toThrow('there are no credentials in the environment');
});
