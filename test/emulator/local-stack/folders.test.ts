import { homedir } from 'node:os';
import { join } from 'node:path';
import { stackFolder } from '../../../emulator/local-stack/folders';
import { cacheFolder } from '../../../emulator/system/cache-folder';

test.each([
  ['the cache folder of the user', {}, join(homedir(), '.cache/cdk-datasync')],
  ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/cache' }, '/cache/cdk-datasync'],
  ['not a relative one', { XDG_CACHE_HOME: 'cache' }, join(homedir(), '.cache/cdk-datasync')],
])('what can be made again is below %s', (_, env, expected) => {
  expect(cacheFolder(env)).toBe(expected);
  expect(stackFolder(env)).toBe(join(expected, 'local-stack'));
});

test('CDK_DATASYNC_STACK is the folder of another local stack', () => {
  expect(stackFolder({ CDK_DATASYNC_STACK: '/other', XDG_CACHE_HOME: '/cache' })).toBe('/other');
});
