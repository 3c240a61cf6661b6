import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedAction } from '../../../emulator/cli/plan';
import { ACCOUNT, accountSasToken, startAzurite } from '../../support/azurite';
import type { Azurite } from '../../support/azurite';
import { commandLine } from '../../support/command-line';
import { withFolder } from '../engine/tree';

let azurite: Azurite;
let number = 0;
beforeAll(async () => { azurite = await startAzurite(); });
afterAll(() => azurite.close());

function azure(args: string[], token = accountSasToken()): ReturnType<typeof commandLine> {
  return commandLine([...args, '--azure-endpoint', azurite.url], undefined, { AZURE_STORAGE_SAS_TOKEN: token });
}

function actionsOf(stdout: string): string[] {
  return stdout.trim().split('\n').map(line => JSON.parse(line) as PlannedAction).filter(({ action }) => action !== 'skip').map(({ action, path }) => `${action} ${path}`).sort();
}

test('a folder goes to a container and comes back; a plan tells it before and changes nothing', async () => {
  await withFolder(async root => {
    const [source, back] = [join(root, 'source'), join(root, 'back')];
    mkdirSync(join(source, 'folder'), { recursive: true });
    mkdirSync(back);
    writeFileSync(join(source, 'folder/file'), 'content');
    writeFileSync(join(source, 'back\\slash'), '');
    const container = await azurite.makeContainer(`container-${number++}`);
    await container.getBlockBlobClient('p/old').upload('old', 3);
    const place = `azure-blob://${ACCOUNT}/${container.containerName}/p`;
    const names = async () => {
      const found: string[] = [];
      for await (const { name } of container.listBlobsFlat()) found.push(name);
      return found;
    };

    const plan = await azure(['plan', source, place, '--preserve-deleted-files', 'REMOVE', '--json']);
    expect(plan).toMatchObject({ code: 1, stderr: 'would transfer 1 item (7 B), delete 1, skip 2, fail 1\n' });
    expect(actionsOf(plan.stdout)).toEqual(['delete /old', 'fail /back\\slash', 'transfer /folder/file']);
    const skips = plan.stdout.trim().split('\n').map(line => JSON.parse(line) as PlannedAction).filter(({ action }) => action === 'skip');
    expect(skips.map(({ path, why }) => `${path} ${why}`)).toEqual(['/ the destination cannot have it', '/folder/ the destination cannot have it']);
    expect(await names()).toEqual(['p/old']);

    const run = await azure(['run', source, place, '--preserve-deleted-files', 'REMOVE', '--exclude', '*back*']);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^transferred 1 item \(7 B, [^)]+\), skipped 2, deleted 1, /) });
    expect(await names()).toEqual(['p/folder/file']);

    expect(await azure(['plan', source, place, '--exclude', '*back*', '--changes-only'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^would transfer 0 items/) });
    expect(actionsOf((await azure(['plan', place, back, '--json'], `?${accountSasToken()}`)).stdout)).toEqual(['transfer /folder/', 'transfer /folder/file']);
    expect(await azure(['run', place, back])).toMatchObject({ code: 0 });
  });
});

test('a blob that cannot be read fails in a plan as in a run', async () => {
  await withFolder(async root => {
    const container = await azurite.makeContainer(`container-${number++}`);
    await container.getBlockBlobClient('frozen').upload('content', 7, { tier: 'Archive' });
    await container.getBlockBlobClient('warm').upload('content', 7);
    const place = `azure-blob://${ACCOUNT}.blob.core.windows.net/${container.containerName}`;
    const text = 'the blob is in the archive tier: rehydrate it to the hot or cool tier';
    expect(await azure(['plan', place, root])).toMatchObject({ code: 1, stdout: expect.stringContaining(`fail      /frozen  (${text})\n`) });
    expect(await azure(['run', place, root])).toMatchObject({ code: 1, stderr: expect.stringContaining(`failed: /frozen: ${text}\n`) });
  });
});

test('a token that is missing is one clear line', async () => {
  const container = await azurite.makeContainer(`container-${number++}`);
  const { code, stderr } = await azure(['plan', `azure-blob://${ACCOUNT}/${container.containerName}`, '.'], '');
  expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
  expect(stderr).toMatch(/^ERROR LocationAccessFailed: Task failed to access location SOURCE: azure-blob:\/\/\S+ cannot be used: .*AZURE_STORAGE_SAS_TOKEN/);
});
