import { cdkEnvironment, clientEnvironment, leadsToAws, misleading, missed } from '../../../emulator/local-stack/environment';

const ENDPOINTS = { aws: 'http://127.0.0.1:1', datasync: 'http://127.0.0.1:2' };
const SURROUNDINGS = { home: '/stack/home', temporary: '/stack/tmp', configFile: '/stack/config', credentialsFile: '/stack/credentials' };
const CLIENT = { account: '111122223333', region: 'eu-west-1' };

const built = (user: NodeJS.ProcessEnv, passed: Record<string, string> = {}) => cdkEnvironment(user, passed, ENDPOINTS, CLIENT, SURROUNDINGS);

test('a client has the account for an access key id, and files without profiles', () => {
  expect(clientEnvironment(ENDPOINTS, CLIENT, SURROUNDINGS)).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_DATASYNC: 'http://127.0.0.1:2',
    AWS_ACCESS_KEY_ID: '111122223333',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/stack/config',
    AWS_SHARED_CREDENTIALS_FILE: '/stack/credentials',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});

test.each([
  'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_ENDPOINT_URL_S3', 'AWS_USE_FIPS_ENDPOINT', 'AWS_STS_REGIONAL_ENDPOINTS', 'AWS_CA_BUNDLE', 'CDK_DEFAULT_ACCOUNT',
  'CDK_NEW_BOOTSTRAP', 'HTTPS_PROXY', 'NODE_OPTIONS', 'SOMETHING_ELSE',
])('%s of the user is not taken over', name => {
  expect(built({ [name]: 'theirs', PATH: '/bin' })).not.toHaveProperty(name);
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_REGION', 'AWS_ENDPOINT_URL', 'AWS_CONFIG_FILE', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'HOME', 'TMPDIR', 'CDK_HOME'])(
  '%s is that of the local stack', name => {
    expect(built({ [name]: 'theirs' })[name]).toBe(built({})[name]);
    expect(built({})[name]).not.toBe('theirs');
  });

test.each(['PATH', 'LANG', 'VIRTUAL_ENV', 'JAVA_HOME', 'DOCKER_HOST', 'CDK_DOCKER'])('%s is what tools need', name => {
  expect(built({ [name]: 'theirs' })[name]).toBe('theirs');
});

test('a variable that is asked for is passed on, unless it can lead to AWS', () => {
  expect(built({}, { STAGE: 'dev', AWS_PROFILE: 'prod' })).toMatchObject({ STAGE: 'dev' });
  expect(built({}, { STAGE: 'dev', AWS_PROFILE: 'prod' })).not.toHaveProperty('AWS_PROFILE');
});

test('a variable that the user has set, and that the words of an app name, was missed, unless the app has it or may not have it', () => {
  const user = { STAGE: 'dev', PATH: '/bin', HOME: '/home/me', TOKEN: 'secret', AWS_PROFILE: 'prod', OTHER: 'x' };
  expect(missed(user, { TOKEN: 'secret' }, 'Error: set STAGE, TOKEN, AWS_PROFILE, HOME or PATH')).toEqual(['STAGE']);
  expect(missed(user, {}, 'Error: STAGES is empty')).toEqual([]);
});

test.each([['AWS_PROFILE', true], ['aws_profile', true], ['CDK_DEFAULT_ACCOUNT', true], ['CDK_DOCKER', false], ['STAGE', false]])(
  '%s can lead to AWS: %s', (name, expected) => {
    expect(leadsToAws(name)).toBe(expected);
  });

test('what would lead a client elsewhere is found', () => {
  const env = { AWS_PROFILE: 'p', AWS_SESSION_TOKEN: 't', AWS_ENDPOINT_URL_S3: 'u', AWS_ENDPOINT_URL_DATASYNC: 'u', AWS_ENDPOINT_URL: 'u', AWS_REGION: 'r', AWS_ROLE_ARN: 'a' };
  expect(misleading(env)).toEqual(['AWS_ENDPOINT_URL_S3', 'AWS_PROFILE', 'AWS_ROLE_ARN', 'AWS_SESSION_TOKEN']);
  expect(misleading({ HTTP_PROXY: 'u', http_proxy: 'u', HTTPS_PROXY: 'u', NO_PROXY: 'h' })).toEqual(['HTTP_PROXY', 'http_proxy']);
});
