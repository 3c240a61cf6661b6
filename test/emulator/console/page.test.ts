import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTaskExecutionCommand, ListTaskExecutionsCommand, StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { CHROMIUM, launchBrowser, SKIPPED } from '../../support/browser';
import type { TestEmulator } from '../../support/emulator';
import { AGENT_ARN, finished, startTestEmulator } from '../../support/emulator';
import { createNfsToEfsTask, DESTINATION_FOLDER, SOURCE_FOLDER } from '../../support/tasks';

const MIB = 1024 * 1024;
/** Far too slow to finish: the test decides when the run ends. */
const SLOW = { Options: { BytesPerSecond: 10 } };

let browser: Browser;
let emulator: TestEmulator;
/** What the browser complained about: errors of the script, and what its policy refused. */
let complaints: string[];

beforeAll(async () => {
  if (CHROMIUM) browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  emulator = await startTestEmulator();
  complaints = [];
});
afterEach(async () => {
  await Promise.all(browser?.contexts().map(context => context.close()) ?? []);
  await emulator.close();
});

async function open(url = emulator.url, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(0); // how fast a machine is must not decide about a test
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('status of 400')) complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

/** Tabs until what has the focus has that name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 100; presses++) {
    await page.keyboard.press('Tab');
    if (await focusedName(page) === name) return;
  }
  throw new Error(`no Tab leads to '${name}'`);
}

async function focusedName(page: Page): Promise<string> {
  return page.evaluate('(({ ariaLabel, labels, textContent }) => ariaLabel ?? labels?.[0]?.textContent ?? textContent)(document.activeElement)');
}

/** The page has asked again what there is. */
async function nextLook(page: Page): Promise<void> {
  await page.waitForResponse(response => response.url().endsWith('/_emulator/status'));
}

const start = async (TaskArn: string, Value?: string) => (await emulator.client.send(new StartTaskExecutionCommand({
  TaskArn, ...(Value && { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value }] }),
}))).TaskExecutionArn!;
const describeExecution = (TaskExecutionArn: string) => emulator.client.send(new DescribeTaskExecutionCommand({ TaskExecutionArn }));
const idOf = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
const notice = (page: Page) => page.locator('#notice');

(CHROMIUM ? describe : describe.skip)(`in Chromium the page${SKIPPED}`, () => {
  test('the page says that there is nothing when there is nothing', async () => {
    const page = await open();
    for (const text of ['Nothing runs.', 'Nothing waits.', 'None yet. CreateTask makes one.', 'No task has one.', 'No location names one.']) {
      await page.getByText(text).waitFor();
    }
    expect(complaints).toEqual([]);
  });

  test('the page shows what comes from tasks as text, and failed items with their reasons', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'datasync-page-'));
    const hostile = '<img src=x onerror="document.title=1">&amp;';
    const root = join(folder, hostile); // comes back in the text of an error
    mkdirSync(root);
    const faults = [{ kind: 'itemFailure', paths: '/<img*', at: 'WRITE', message: `full of ${hostile}` }] as const;
    const other = await startTestEmulator({ root, faults: { faults } });
    try {
      const { task } = await createNfsToEfsTask(other, { Name: 'Nightly copy', Options: { VerifyMode: 'NONE' } });
      other.write(`${SOURCE_FOLDER}/file`, 'x'.repeat(2048));
      other.write(`${SOURCE_FOLDER}/<img>`, 'x');
      const execute = async () => {
        const { TaskExecutionArn } = await other.client.send(new StartTaskExecutionCommand({ TaskArn: task }));
        await finished(other.client, TaskExecutionArn);
      };
      await execute();
      rmSync(join(root, DESTINATION_FOLDER), { recursive: true });
      await execute();

      const page = await open(other.url);
      await page.getByText('LocationAccessFailed: ').waitFor();
      expect(await page.getByText('LocationAccessFailed: ').textContent()).toContain(hostile);
      const card = page.locator('#ended article').nth(1);
      expect(await card.textContent()).toContain('2 transferred · 0 skipped · 0 deleted · 0 verified · 2.0 KiB');
      await card.getByText('1 failure').click();
      for (let look = 0; look < 2; look++) await nextLook(page);
      expect(await card.locator('details[open] li').textContent()).toBe(`/<img> transfer: full of ${hostile}`);
      expect(await page.locator('#tasks h3').textContent()).toBe(`Nightly copy ${idOf(task)}`);
      expect(await page.locator('#tasks dd').allTextContents()).toEqual(['nfs://fileserver/export/', 'efs://us-east-1.fs-01234567/backup/']);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.title()).toBe('datasync-emulator');
      expect(complaints).toEqual([]);
    } finally {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('the page starts a task by keyboard, in the account and Region of the task', async () => {
    const theirs = { ...emulator, client: emulator.clientOf({ account: '111122223333', region: 'eu-west-1' }) };
    const { task } = await createNfsToEfsTask(theirs, { Name: 'Theirs' }, ['arn:aws:datasync:eu-west-1:111122223333:agent/agent-0123456789abcdef0']);
    emulator.write(`${SOURCE_FOLDER}/file`, 'x');
    const page = await open();
    await page.locator('#tasks article').waitFor();
    await tabTo(page, 'Start Theirs');
    await page.keyboard.press('Enter');
    await page.getByText('2 transferred').waitFor();
    const { TaskExecutions } = await theirs.client.send(new ListTaskExecutionsCommand({ TaskArn: task }));
    expect(TaskExecutions).toHaveLength(1);
    expect(await notice(page).textContent()).toBe(`Started ${idOf(TaskExecutions![0].TaskExecutionArn!)}.`);
    expect(await focusedName(page)).toBe('Start Theirs');
    expect(complaints).toEqual([]);
  });

  test('the page asks before it cancels, and keeps what it is told to keep', async () => {
    const { task } = await createNfsToEfsTask(emulator, { Name: 'Slow', ...SLOW });
    emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(MIB));
    const arn = await start(task);
    const page = await open();
    await page.locator('#running article').waitFor();
    await tabTo(page, `Cancel ${idOf(arn)}`);
    for (const key of ['Enter', 'Escape']) {
      await page.keyboard.press('Enter');
      expect(await focusedName(page)).toBe(`No, keep it ${idOf(arn)}`);
      await page.keyboard.press(key);
      expect(await focusedName(page)).toBe(`Cancel ${idOf(arn)}`);
    }
    expect((await describeExecution(arn)).EndTime).toBeUndefined();

    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe(`Yes, cancel it ${idOf(arn)}`);
    await page.keyboard.press('Space');
    await finished(emulator.client, arn);
    await page.locator('#ended').getByText('Cancelled: The task execution was cancelled.').waitFor();
    expect(await notice(page).textContent()).toBe(`Cancelled ${idOf(arn)}.`);
    expect(await page.locator('#announcements').textContent()).toBe(`${idOf(arn)} of Slow: ERROR`);
    // Its button is gone: the focus does not start again at the top of the page.
    expect(await page.evaluate('document.activeElement.id')).toBe(idOf(arn));
    expect(complaints).toEqual([]);
  });

  test('the page changes the limit of what runs, while what is being typed stays', async () => {
    const { task } = await createNfsToEfsTask(emulator, { ...SLOW });
    emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(50 * MIB));
    const arn = await start(task);
    const limitOf = async () => (await describeExecution(arn)).Options!.BytesPerSecond;
    const page = await open();
    await page.locator('#running article').waitFor();
    await tabTo(page, `Limit ${idOf(arn)}`);
    await page.keyboard.press('Enter');
    expect(await focusedName(page)).toBe('Limit in MiB/s');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0.5');
    for (let look = 0; look < 3; look++) await nextLook(page);
    expect(await page.getByLabel('Limit in MiB/s').inputValue()).toBe('0.5');
    await page.keyboard.press('Enter');
    await page.getByText(`${idOf(arn)} is limited to 0.5 MiB/s.`).waitFor();
    expect(await limitOf()).toBe(MIB / 2);
    expect(await focusedName(page)).toBe(`Limit ${idOf(arn)}`);
    await page.getByText('(limit 512.0 KiB/s)').waitFor();
    await page.getByRole('img', { name: /^Throughput over .* s: highest .*\/s, last .*\/s$/ }).waitFor();

    await page.keyboard.press('Enter');
    for (const wrong of ['0', '-1', 'fast', '1e30']) {
      await page.keyboard.press('Control+a');
      await page.keyboard.type(wrong);
      await page.keyboard.press('Enter');
      await page.getByText(`The limit "${wrong}" must be a number of MiB per second above 0, such as 0.5; leave it empty for none.`).waitFor();
      expect(await notice(page).getAttribute('class')).toBe('bad');
      expect(await limitOf()).toBe(MIB / 2);
    }
    await page.keyboard.press('Control+a');
    await page.keyboard.type('0,25');
    await page.keyboard.press('Enter');
    await page.getByText(`${idOf(arn)} is limited to 0,25 MiB/s.`).waitFor();
    expect(await limitOf()).toBe(MIB / 4);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await page.getByText(`${idOf(arn)} has no limit any more.`).waitFor();
    expect(await limitOf()).toBe(-1);
    expect(complaints).toEqual([]);
  });

  test('the page shows the queue, agents and schedules, and switches an agent', async () => {
    const { task } = await createNfsToEfsTask(emulator, { Name: 'Slow', ...SLOW, Schedule: { ScheduleExpression: 'cron(0 2 1 1 ? 2199)' } });
    emulator.write(`${SOURCE_FOLDER}/large`, Buffer.alloc(MIB));
    const [running, waiting] = [await start(task), await start(task, '/other')];
    const page = await open();
    await page.locator('#queue').getByText(`Number 1 in the queue, waits behind ${idOf(running)}`).waitFor();
    expect(await page.locator('#queue article').getAttribute('id')).toBe(idOf(waiting));
    expect(await page.locator('#schedules li').textContent()).toMatch(/^Slow.*cron\(0 2 1 1 \? 2199\).*Tue, 1 Jan 2199, 02:00 UTC \(in \d+ d\)$/);
    const id = idOf(AGENT_ARN);
    await tabTo(page, `Switch off ${id}`);
    await page.keyboard.press('Enter');
    await page.locator('#tasks').getByText(`Agent ${id} of the task is offline.`).waitFor();
    expect(await page.locator('#agents .status').textContent()).toBe('OFFLINE');
    await page.locator('#ended').getByText(/^AgentOffline: /).waitFor();
    expect(await focusedName(page)).toBe(`Switch on ${id}`);

    await tabTo(page, 'Start Slow');
    await page.keyboard.press('Enter');
    await page.getByText(`Sync task ${task} cannot be started in its current status: UNAVAILABLE`).waitFor();
    await tabTo(page, `Switch on ${id}`);
    await page.keyboard.press('Enter');
    await page.locator('#agents').getByText('ONLINE').waitFor();
    expect(complaints).toEqual([]);
  });

  test.each([360, 800, 1280])('the page fits into a window that is %d pixels wide, in the light and in the dark', async width => {
    const deep = '/departments/engineering/releases'.repeat(6);
    const { task } = await createNfsToEfsTask(emulator, { Name: 'N'.repeat(120) });
    emulator.faults.replace({ faults: [{ kind: 'itemFailure', paths: '/departments', at: 'WRITE' }] });
    emulator.write(`${SOURCE_FOLDER}${deep}/file`, 'x');
    await finished(emulator.client, await start(task));
    const backgrounds = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(emulator.url, { viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
      await page.locator('#ended summary').click();
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
      backgrounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    }
    expect(backgrounds).toEqual(['rgb(250, 250, 250)', 'rgb(18, 18, 18)']);
    expect(complaints).toEqual([]);
  });

  test('the page says so when the emulator is gone', async () => {
    const page = await open();
    await page.getByText('Nothing runs.').waitFor();
    await emulator.close();
    await page.getByText('the emulator does not answer: ').waitFor();
    expect(await page.locator('#connection').getAttribute('class')).toBe('lost');
  });
});
