import { defaultProvider } from '../../src/custom-resource/environment-credentials';

const saved = { ...process.env };
afterEach(() => { process.env = saved; });

test('gives what Lambda puts into the environment', async () => {
  process.env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'session' });
});

test('says so when there is nothing', async () => {
  process.env = {};
  await expect(defaultProvider()()).rejects.toThrow('there are no credentials in the environment');
});
