import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Client } from './client';
import { ClientError, clientEnvironment, SCOPE } from './client';

/** boto3, in one process for all calls. */
export function boto3Client(python: string, url: string, home: string): Client {
  const child = spawn(python, [join(__dirname, 'boto3_calls.py')], { env: clientEnvironment(url, home), stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const send = (call: object): Promise<any> => {
    const result = last.then(async () => {
      child.stdin.write(`${JSON.stringify(call)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error('the Python process has ended');
      const { output, error } = JSON.parse(value);
      if (error) throw new ClientError(error.type, error.message);
      return output;
    });
    last = result.catch(() => undefined); // one call at a time, in order
    return result;
  };
  return {
    call: (operation, input = {}, scope = SCOPE) => send({ operation, input, scope }),
    listAll: (operation, items, pageSize) => send({ operation, input: {}, scope: SCOPE, items, pageSize }),
    close: () => child.stdin.end(),
  };
}
