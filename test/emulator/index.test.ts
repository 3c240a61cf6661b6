import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListTasksCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { startEmulator } from '../../emulator';
import { finished, startTestEmulator } from '../support/emulator';
import { createNfsToEfsTask } from '../support/tasks';

test('port 0 takes a free one, and close lets it go', async () => {
  const emulator = await startTestEmulator();
  expect(emulator.url).toBe(`http://127.0.0.1:${emulator.port}`);
  await emulator.close();
  const successor = await startTestEmulator({ port: emulator.port });
  expect((await successor.client.send(new ListTasksCommand())).Tasks).toEqual([]);
  await successor.close();
});

test('a port that is taken is an error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(listening => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await expect(startEmulator({ port, root: '.' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await new Promise(closed => server.close(closed));
});

test('a subscriber that throws does not disturb the execution', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const emulator = await startTestEmulator({ onEvent: () => { throw new Error('the subscriber is broken'); } });
  const { task } = await createNfsToEfsTask(emulator);
  const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
  expect((await finished(emulator.client, TaskExecutionArn)).Status).toBe('SUCCESS');
  expect(log).toHaveBeenCalledWith(expect.objectContaining({ message: 'the subscriber is broken' }));
  await emulator.close();
});
