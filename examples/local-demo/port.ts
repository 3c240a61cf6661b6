import { createServer } from 'net';
import { LocalStackError } from './error';

/** A loopback port that nobody has right now. */
export function freePort(): Promise<number> {
  return listen(0);
}

/** @throws LocalStackError when somebody has the port, or it may not be used */
export async function checkPort(port: number): Promise<void> {
  await listen(port).catch(error => {
    throw new LocalStackError(`port ${port} cannot be used (${error.code}); choose another one, or leave the choice to the program`);
  });
}

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const { port: found } = probe.address() as { port: number };
      probe.close(() => resolve(found));
    });
  });
}
