import { serverEnvironment } from '../../emulator/local-stack/environment';

/** The environment of programs that a test starts: that of the servers of a local stack, with nothing of the user's own but the path. */
export function cleanEnvironment(home: string): Record<string, string> {
  return serverEnvironment(process.env.PATH, { home, temporary: home, configFile: '/dev/null', credentialsFile: '/dev/null' });
}
