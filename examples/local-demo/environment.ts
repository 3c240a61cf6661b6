import { dirname } from 'path';

/**
 * The environment of everything that the local stack runs: nothing of the user's own but the path. Whatever credentials
 * or settings for AWS there are on this machine, no process of the local stack ever sees them.
 */
export function cleanEnvironment(home: string): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`, // functions run on this very Node.js
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    NODE_NO_WARNINGS: '1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
