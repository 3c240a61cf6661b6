import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerClient, PublicAccessType } from '@azure/storage-blob';
import {
  AccountSASPermissions, AccountSASResourceTypes, AccountSASServices, ContainerSASPermissions, generateAccountSASQueryParameters,
  generateBlobSASQueryParameters, StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { connect } from '../../emulator/backends/azure-blob/client';

export const ACCOUNT = 'devstoreaccount1';
/** As everybody knows it. */
const KEY = new StorageSharedKeyCredential(ACCOUNT, 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==');

/** A running Azurite: a real Blob endpoint, which keeps everything in memory. */
export interface Azurite {
  readonly url: string;
  /** Makes a container, and gives a client that may do everything. */
  makeContainer(name: string, access?: PublicAccessType): Promise<ContainerClient>;
  close(): Promise<void>;
}

/** Starts Azurite on a free port of 127.0.0.1. */
export async function startAzurite(): Promise<Azurite> {
  const folder = mkdtempSync(join(tmpdir(), 'azurite-'));
  const program = createRequire(__filename).resolve('azurite/dist/src/blob/main.js');
  const child = spawn(process.execPath, [
    program, '--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--silent', '--disableTelemetry',
  ], { cwd: folder, env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  let output = '';
  const url = await new Promise<string>((listening, failed) => {
    const read = (data: Buffer) => {
      output += data.toString();
      const [, found] = /successfully listens on (http:\S+)/.exec(output) ?? [];
      if (found) listening(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => failed(new Error(`Azurite did not start: ${output}`)));
  });
  return {
    url,
    makeContainer: async (name, access) => {
      const { container } = connect(`${url}/${ACCOUNT}/${name}?${accountSasToken()}`);
      await container.create({ access });
      return container;
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A SAS token for everything in the account. */
export function accountSasToken(): string {
  return generateAccountSASQueryParameters({
    services: AccountSASServices.parse('b').toString(),
    resourceTypes: AccountSASResourceTypes.parse('co').toString(),
    permissions: AccountSASPermissions.parse('rwdlact'),
    expiresOn: inAnHour(),
  }, KEY).toString();
}

/** A SAS token for a container: read, write, delete, list, and tags, if nothing else is said. */
export function sasToken(containerName: string, permissions = 'rwdlt'): string {
  return generateBlobSASQueryParameters({
    containerName, permissions: ContainerSASPermissions.parse(permissions), expiresOn: inAnHour(),
  }, KEY).toString();
}

function inAnHour(): Date {
  return new Date(Date.now() + 3_600_000);
}
