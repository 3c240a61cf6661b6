/**
 * What the documentation shows, typed as a user types it, with the built packages. A step that fails is a failing test.
 */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Exception, Installed } from './exceptions';
import { EXCEPTIONS, OTHER_OUTPUT } from './exceptions';
import { PROGRAM } from '../../emulator/local-stack/emulator-server';
import { ensureVenv } from '../../emulator/local-stack/venv';
import type { Block, DocumentedCommand } from '../support/documented';
import { blocksOf, fileOf, PAGES } from '../support/documented';
import { startMiniStack } from '../support/ministack';
import { Shell } from '../support/shell';

const REPOSITORY = resolve(__dirname, '../..');
const MINUTES = 60_000;
const BLOCKS = PAGES.flatMap(blocksOf);

interface WalkOptions {
  /** In front of the path. */
  readonly path?: string;
  /** How a command differs from what is shown, as the page itself says. */
  readonly said?: (command: string) => string;
  /** URL of the S3 that a page takes for granted. */
  readonly s3?: string;
}

export function describeWalkthroughs(installed: () => Installed): void {
  const walked = new Set<Block>();
  const applied = new Set<Exception>();
  let work: string;
  let bin: string;

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'cdk-datasync-walkthroughs-'));
    bin = join(work, 'bin');
    mkdirSync(bin);
    symlinkSync(join(REPOSITORY, 'node_modules/.bin/cdk'), join(bin, 'cdk'));
    const python = await ensureVenv({ requirements: join(__dirname, '../emulator/clients/requirements.txt') });
    writeFileSync(join(bin, 'aws'), `#!/bin/sh\nexec ${python} -m awscli "$@"\n`);
    chmodSync(join(bin, 'aws'), 0o755);
  }, 10 * MINUTES);

  afterAll(() => rmSync(work, { recursive: true, force: true, maxRetries: 3 }));

  /** Types blocks of commands one after the other in one shell, with a local stack of its own, and gives all that they printed. */
  async function walk(folder: string, blocks: readonly Block[], { path, said = command => command, s3 }: WalkOptions = {}): Promise<string> {
    const env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      PATH: [path, bin, process.env.PATH].filter(Boolean).join(delimiter),
      CDK_DATASYNC_STACK: join(folder, 'stack'),
      npm_config_update_notifier: 'false',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      WALK: folder,
    };
    const shell = new Shell(folder, env);
    const urls = new Map(s3 ? [['http://127.0.0.1:4566', s3]] : []);
    const outputs: string[] = [];
    try {
      for (const block of blocks) {
        walked.add(block);
        for (const { text, output } of block.commands) outputs.push(await type(shell, { text: said(text), output }, urls));
      }
    } finally {
      await shell.type(`${process.execPath} ${PROGRAM} down`);
      shell.close();
    }
    return outputs.join('');
  }

  async function type(shell: Shell, { text, output: shown }: DocumentedCommand, urls: Map<string, string>): Promise<string> {
    const command = adapted(text, urls);
    if (/\bcdk-datasync serve /.test(command)) {
      const [line, url] = await shell.start(`${command} --port 0`, /^listening on (\S+)\n/m);
      if (!urls.has('http://127.0.0.1:4580')) urls.set('http://127.0.0.1:4580', url);
      return line;
    }
    const { code, output } = await shell.type(command);
    if (code !== 0) throw new Error(`${text}\nended with ${code}:\n${output}`);
    if (!OTHER_OUTPUT.test(text)) expectLines(output, shown);
    return output;
  }

  function adapted(text: string, urls: Map<string, string>): string {
    let command = text;
    for (const exception of EXCEPTIONS) {
      if (command.search(exception.shown) < 0) continue;
      applied.add(exception);
      command = command.replace(exception.shown, exception.typed(installed()));
    }
    for (const [shown, url] of urls) command = command.replaceAll(shown, url);
    return command;
  }

  function makeFolder(parent: string, name: string, files: Record<string, string> = {}): string {
    const folder = join(parent, name);
    mkdirSync(folder);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return folder;
  }

  test('README.md in TypeScript deploys the first stack, as its picture shows', async () => {
    const folder = makeFolder(installed().app, 'first-stack', { 'app.ts': fileOf('README.md', 'app.ts') });
    const deploy = blockWith('README.md', 'mkdir export');
    const [install, name, aws] = ['npm install cdk-datasync', 'app.ts', 'npx cdk deploy'].map(text => blockWith('README.md', text));
    const output = await walk(folder, [install, name, deploy, aws]);
    const picture = readFileSync(join(REPOSITORY, 'docs/deploy.svg'), 'utf8').replaceAll('&#160;', ' ');
    const [prompt, ...lines] = [...picture.matchAll(/<text [^>]*>(.*)<\/text>/g)].map(([, line]) => line);
    expect(deploy.commands.map(({ text }) => `$ ${text}`)).toContain(prompt);
    expectLines(output, lines);
  }, 5 * MINUTES);

  test('README.md in Python deploys the first stack', async () => {
    const folder = makeFolder(work, 'first-stack', { 'app.py': fileOf('README.md', 'app.py') });
    const output = await walk(folder, ['pip install', 'app.py', 'mkdir export', 'npx cdk deploy'].map(text => blockWith('README.md', text)), {
      path: join(installed().venv, 'bin'), said: command => command.replace(/^npx /, ''),
    });
    expect(output).toMatch(/: SUCCESS, \d items? \(6 B\) copied/); // with the folder itself, if its times differ
  }, 5 * MINUTES);

  test('README.md builds the packages from a clone', async () => {
    await walk(work, [blockWith('README.md', 'git clone')]);
  }, MINUTES);

  test.each(['typescript', 'python'])('examples/README.md deploys the example in %s from a clone', async language => {
    const clone = makeFolder(work, `clone-${language}`);
    const examples = { recursive: true, filter: (path: string) => !/\/(cdk\.out|\.venv|projects)$/.test(path) };
    cpSync(join(REPOSITORY, 'examples'), join(clone, 'examples'), examples);
    for (const name of ['package.json', 'tsconfig.json', 'tsconfig.dev.json', 'assets', 'lib', 'src', 'node_modules']) {
      symlinkSync(join(REPOSITORY, name), join(clone, name));
    }
    const output = await walk(clone, [blockWith('examples/README.md', `cd examples/${language}`)]);
    expect(output).toMatch(/: SUCCESS, \d items? \(6 B\) copied/); // with the folders, if their times differ
  }, 5 * MINUTES);

  test('docs/local-stack.md deploys an app, leads clients there, and localizes an assembly', async () => {
    const folder = makeFolder(installed().app, 'local-stack', {
      'app.ts': fileOf('README.md', 'app.ts'),
      'cdk.json': '{ "app": "npx tsx app.ts" }',
      'files/.keep': '',
      'export/one': 'first',
      'export/two': 'second',
    });
    await walk(folder, blocksOn('docs/local-stack.md'));
  }, 5 * MINUTES);

  test('docs/emulator.md starts the emulator, talks to it, and copies, and docs/watch-an-execution.md watches that', async () => {
    const folder = makeFolder(installed().app, 'emulator', {
      'photos/beach.jpg': 'sand', 'backup/photos/old.jpg': 'snow', 'efs/.keep': '', 'export/.keep': '',
    });
    const miniStack = await startMiniStack();
    try {
      for (const path of ['archive', 'photos', 'photos/2026/beach.jpg']) await fetch(`${miniStack.url}/${path}`, { method: 'PUT' });
      await walk(folder, [...blocksOn('docs/emulator.md'), ...blocksOn('docs/watch-an-execution.md')], { s3: miniStack.url });
    } finally {
      await miniStack.close();
    }
    expect(readFileSync(join(folder, 'backup/photos/beach.jpg'), 'utf8')).toBe('sand');
  }, 5 * MINUTES);

  test('every command of the documentation was typed, and every exception was needed', () => {
    expect(BLOCKS.filter(block => !walked.has(block))).toEqual([]);
    expect(EXCEPTIONS.filter(exception => !applied.has(exception))).toEqual([]);
  });
}

function blocksOn(page: string): Block[] {
  return BLOCKS.filter(block => block.page === page);
}

/** The block of a page that has a command with this text. */
function blockWith(page: string, part: string): Block {
  const [block, ...others] = blocksOn(page).filter(({ commands }) => commands.some(({ text }) => text.includes(part)));
  if (!block || others.length > 0) throw new Error(`${page} has ${others.length + (block ? 1 : 0)} blocks with ${part}`);
  return block;
}

/** Expects these lines, whatever their ids, paths, figures and order are: what goes on at the same time is told in any order. `...` stands for others. */
function expectLines(output: string, shown: readonly string[]): void {
  expect(output.split('\n').map(masked)).toEqual(expect.arrayContaining(shown.map(masked).filter(line => line.trim() !== '...')));
}

function masked(line: string): string {
  return line.trimEnd()
    .replace(/\b(task|exec|agent|loc)-[0-9a-f]{17}\b/g, '$1-<id>')
    .replace(/[0-9A-F]{8}\)$/, '<hash>)')
    .replace(/(?<![\w:/])\/\S+/g, '<path>')
    .replace(/\d+(\.\d+)?/g, '<number>')
    .replace(/\bitems\b/g, 'item');
}
