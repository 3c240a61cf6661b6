import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '../../../../emulator/backends/azure-blob/client';

test('a store that answers and hangs up before all has arrived fails the request, and nothing else', async () => {
  const server = createServer((request, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' });
    response.end('<?xml version="1.0"?><Error><Code>Denied</Code><Message>go away</Message></Error>', () => request.socket.resetAndDestroy());
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { container, close } = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/account/container`);
  const body = Buffer.alloc(8 * 1024 ** 2);
  // Without care, about one in four of them ends the process.
  for (let i = 0; i < 30; i++) await expect(container.getBlockBlobClient('blob').upload(body, body.length)).rejects.toThrow();
  await new Promise(resolve => setTimeout(resolve, 50));
  close();
  server.closeAllConnections();
  await new Promise(closed => server.close(closed));
});
