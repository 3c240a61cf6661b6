import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Client } from './client';
import { ClientError, clientEnvironment, SCOPE } from './client';
import type { Scope } from '../../../emulator/model/scope';

const ERROR = /An error occurred \((\w+)\) when calling the \w+ operation: (.*)/;

/** Version 1 prints times as they come over the wire. */
function timeAsText(name: string, value: unknown): unknown {
  return name.endsWith('Time') && typeof value === 'number' ? new Date(value * 1000).toISOString() : value;
}

/** The AWS CLI, one process a call. */
export function awsCli(python: string, url: string, home: string): Client {
  const aws = async (operation: string, args: string[], scope: Scope): Promise<any> => {
    const command = operation.replace(/([a-z0-9])(?=[A-Z])/g, '$1-').toLowerCase();
    try {
      const { stdout } = await promisify(execFile)(python, ['-m', 'awscli', 'datasync', command, '--output', 'json', ...args], {
        env: clientEnvironment(url, home, scope),
      });
      return stdout.trim() ? JSON.parse(stdout, timeAsText) : {};
    } catch (error) {
      const [, type, message] = ERROR.exec((error as { stderr?: string }).stderr ?? '') ?? [];
      throw type ? new ClientError(type, message) : error;
    }
  };
  return {
    call: (operation, input = {}, scope = SCOPE) => aws(operation, ['--cli-input-json', JSON.stringify(input)], scope),
    listAll: async (operation, items, pageSize) => (await aws(operation, ['--page-size', String(pageSize)], SCOPE))[items],
    close: () => undefined,
  };
}
