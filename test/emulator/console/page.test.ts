import { execFile } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import { finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const chromium = find('chromium', 'chromium-browser', 'google-chrome');
const inBrowser = chromium ? test : test.skip;

function find(...names: string[]): string | undefined {
  return (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name))).find(path => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The page as it is when its script has run for some seconds. */
async function render(url: string, profile: string): Promise<string> {
  const { stdout } = await promisify(execFile)(chromium!, [...FLAGS, `--user-data-dir=${profile}`, '--virtual-time-budget=3000', '--dump-dom', url]);
  return stdout;
}

inBrowser(`in Chromium the page shows tasks and executions, and names as text${chromium ? '' : ' (SKIPPED: no chromium is installed)'}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'datasync-page-'));
  const hostile = '<img src=x onerror="document.title=1">&amp;';
  const root = join(folder, hostile); // comes back in the text of an error
  mkdirSync(root);
  const emulator = await startTestEmulator({ root });
  try {
    expect(await render(emulator.url, join(folder, 'profile'))).toMatch(/None yet. StartTaskExecution starts one[^]*None yet. CreateTask makes one/);

    const { task } = await createNfsToEfsTask(emulator, { Name: 'Nightly copy' });
    emulator.write(`${SOURCE_FOLDER}/file`, 'x'.repeat(2048));
    const execute = async () => {
      const { TaskExecutionArn } = await emulator.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
      await finished(emulator.client, TaskExecutionArn);
    };
    await execute();
    rmSync(join(root, DESTINATION_FOLDER), { recursive: true });
    await execute();

    const page = await render(emulator.url, join(folder, 'profile'));
    expect(page).toContain('<title>datasync-emulator</title>');
    expect(page).toMatch(/<b>Nightly copy<\/b>[^]*2 transferred · 0 skipped · 0 deleted · 2 verified · 2\.0 KiB/);
    expect(page).toContain('<td>nfs://fileserver/export/</td>');
    expect(page).toMatch(/<div class="error">LocationAccessFailed: [^<]*&lt;img src=x onerror="document.title=1"&gt;&amp;amp;/);
    expect(page).not.toContain('<img');
  } finally {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
