import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer, stopServer } from '../../../emulator/local-stack/process-group';
import { addUser, otherUsers, removeUser } from '../../../emulator/local-stack/stack-users';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'users-')); });
afterEach(() => rmSync(folder, { recursive: true }));

test('a folder that is not there has no users', () => {
  expect(otherUsers(join(folder, 'none'))).toEqual([]);
});

test('this process is no other user, and is forgotten when it says so', () => {
  addUser(folder, '/app', true);
  expect(otherUsers(folder)).toEqual([]);
  removeUser(folder);
  expect(readdirSync(folder)).toEqual([]);
});

test('another process is a user until it ends', async () => {
  const other = await startServer('sleep', ['3600'], { env: process.env, logFile: join(folder, 'log') });
  const user = { ...other, project: '/app', deploys: true };
  writeFileSync(join(folder, `${other.pid}.json`), JSON.stringify(user));
  expect(otherUsers(folder)).toEqual([user]);
  await stopServer(other);
  expect(otherUsers(folder)).toEqual([]);
});

test('half of a file counts for nothing', () => {
  writeFileSync(join(folder, '1.json'), '{');
  expect(otherUsers(folder)).toEqual([]);
});
