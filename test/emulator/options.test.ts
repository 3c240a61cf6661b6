import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '../../emulator';
import { checkedOptions } from '../../emulator/options';

describe('startEmulator', () => {
  const variables = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_SECRETS_MANAGER'];
  const before = Object.fromEntries(variables.map(name => [name, process.env[name]]));
  beforeEach(() => variables.forEach(name => delete process.env[name]));
  afterAll(() => variables.forEach(name => before[name] === undefined ? delete process.env[name] : process.env[name] = before[name]));

  test.each<[object, string]>([
    [{}, 'root must be an existing folder, got undefined'],
    [{ root: __filename }, `root must be an existing folder, got "${__filename}"`],
    [{ root: '.', port: '80' }, 'port must be a number from 0 to 65535, got "80"'],
    [{ root: '.', stateFolder: '' }, 'stateFolder must be a folder, or a path where one can be made, got ""'],
    [{ root: '/no/such/folder', s3Endpoint: 'minio:9000' },
      'root must be an existing folder, got "/no/such/folder"; s3Endpoint must be a URL like http://127.0.0.1:4566, got "minio:9000"'],
    ...['azureEndpoint', 'secretsEndpoint', 'eventsEndpoint', 'logsEndpoint'].map((name): [object, string] =>
      [{ root: '.', [name]: 'foo' }, `${name} must be a URL like http://127.0.0.1:4566, got "foo"`]),
    [{ root: '.', logFolder: __filename }, `logFolder must be a folder, or a path where one can be made, got "${__filename}"`],
  ])('refuses %j', async (options, problem) => {
    await expect(startEmulator(options as never)).rejects.toThrow(`The emulator cannot start: ${problem}`);
  });

  test('makes nothing when it refuses', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'datasync-checks-'));
    await expect(startEmulator({ root: '/no/such/folder', stateFolder: join(parent, 'state'), logFolder: join(parent, 'logs') })).rejects.toThrow('root');
    expect(existsSync(join(parent, 'state'))).toBe(false);
    rmSync(parent, { recursive: true });
  });

  test.each([['AWS_ENDPOINT_URL_S3', 's3Endpoint'], ['AWS_ENDPOINT_URL_SECRETS_MANAGER', 'secretsEndpoint']])('%s stands in for %s', (variable, name) => {
    process.env[variable] = 'foo';
    expect(() => checkedOptions({ root: '.' })).toThrow(`${variable} must be a URL like http://127.0.0.1:4566, got "foo"`);
    expect(checkedOptions({ root: '.', [name]: '' })).toEqual({ root: '.', [name]: '' }); // none
    expect(checkedOptions({ root: '.', [name]: 'http://host' })).toEqual({ root: '.', [name]: 'http://host' });
    process.env[variable] = 'http://other';
    expect(checkedOptions({ root: '.', [name]: undefined })).toEqual({ root: '.', [name]: 'http://other' });
    process.env[variable] = '';
    expect(checkedOptions({ root: '.' })).toEqual({ root: '.', [name]: '' });
  });
});
