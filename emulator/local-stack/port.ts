import { createServer } from 'node:net';
import { LocalStackError } from './error';

/** A loopback port that nobody has right now. */
export function freePort(): Promise<number> {
  return listen(0);
}

/** @throws LocalStackError when another program has the port, or it may not be used */
export async function requireFreePort(port: number): Promise<void> {
  await listen(port).catch((error: NodeJS.ErrnoException) => {
    throw new LocalStackError(`port ${port} cannot be used (${error.code}); take another --port, or leave it out for one that is free`);
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
