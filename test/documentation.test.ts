/**
 * What the documentation says, held against the code. Its commands are typed in test/package/walkthroughs.ts; rosetta compiles what the README
 * shows in TypeScript.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import * as ts from 'typescript';
import { PAGES, pageText } from './support/documented';

const ROOT = resolve(__dirname, '..');
const REPOSITORY = 'https://github.com/cdk-datasync/cdk-datasync';
const { peerDependencies, repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** All code that a user runs, in which a text that spans lines is one. */
const CODE = ['src', 'emulator'].flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true }).map(file => join(ROOT, folder, String(file))))
  .filter(file => file.endsWith('.ts')).map(file => readFileSync(file, 'utf8').replace(/['`]\s*\n\s*\+ ['`]/g, '')).join('\n');

/** What the groups of a pattern find, each time that it matches. */
function groups(text: string, pattern: RegExp): string[][] {
  return [...text.matchAll(pattern)].map(([, ...found]) => found);
}

test('the tests in the documentation are those that run', () => {
  const shown = groups(pageText('docs/test-a-transfer.md'), /<!-- the file that follows is (\S+) -->\n```\w+\n([^]*?)```/g);
  expect(shown.map(([name]) => name)).toEqual([
    'examples/typescript/test-a-transfer/backup-stack.ts',
    'examples/typescript/test-a-transfer/backup.test.ts',
    'examples/python/test-a-transfer/test_backup.py',
  ]);
  for (const [name, text] of shown) expect(text).toBe(readFileSync(join(ROOT, name), 'utf8'));
});

describe('a message that the documentation explains', () => {
  /** The code spans of the first cell of each row of the tables of messages. */
  const messages = ['README.md', 'docs/troubleshooting.md'].flatMap(page => groups(`${pageText(page)}\n`, /^(\| message[^]*?)\n\n/gm))
    .flatMap(([table]) => table.split('\n').slice(2)).flatMap(row => groups(row.split(' | ')[0], /`([^`]+)`/g).flat());

  test('is in a table', () => expect(messages.length).toBeGreaterThan(20));

  test.each(messages)('is one of the code: %s', message => {
    const parts = message.split('...').map(part => part.trim()).filter(part => /\w{2}/.test(part));
    expect(parts.filter(part => !CODE.includes(part))).toEqual([]);
  });
});

describe('what happens in every event and fault', () => {
  const [table] = /^\| event or fault [^]*?\n\n/m.exec(pageText('docs/executions.md'))!;
  const rows = table.trim().split('\n').slice(2).map(row => row.split(' | '));

  test('is a long table', () => expect(rows.length).toBeGreaterThan(40));

  test.each(rows.map(cells => [cells[0].slice(2), cells.at(-1)!]))('is held by a test: %s', (_, cell) => {
    const [, file, title] = /^`([\w/.-]+\.test\.ts)`: (.+) \|$/.exec(cell)!;
    const path = join(ROOT, file.startsWith('test/') ? file : `test/task-execution/handler/${file}`);
    expect(readFileSync(path, 'utf8').replaceAll("\\'", "'")).toContain(title.replaceAll('\\|', '|'));
  });
});

test('every warning is explained', () => {
  const ids = groups(readFileSync(join(ROOT, 'src/validation/warnings.ts'), 'utf8'), /^ {2}\| '(\w+)'/gm).flat();
  const [table] = /^\| warning [^]*?\n\n/m.exec(pageText('docs/troubleshooting.md'))!;
  expect(groups(table, /^\| (`.*?`) \|/gm).flatMap(([cell]) => groups(cell, /`(\w+)`/g).flat()).sort()).toEqual(ids.sort());
});

test('the README names the versions that the package asks for', () => {
  const floor = peerDependencies['aws-cdk-lib'].slice(1);
  expect(pageText('README.md')).toContain(`It works with aws-cdk-lib ${floor} and later`);
  expect(pageText('README.md')).toContain(`aws--cdk--lib-%E2%89%A5%20${floor}-blue`);
});

describe('links', () => {
  const links = (page: string) => groups(pageText(page), /\]\(([^)\s]+)\)/g).flat();
  const OWN = [`${REPOSITORY}/blob/main/`, `${REPOSITORY}/tree/main/`, `${REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/main/`];

  test('of the README are absolute, as the registries resolve no others', () => {
    expect(repository.url).toBe(`${REPOSITORY}.git`);
    expect(links('README.md').filter(link => !/^https:\/\//.test(link))).toEqual([]);
  });

  test.each(PAGES)('of %s lead to something', page => {
    const targets = links(page).map(link => {
      const own = OWN.find(start => link.startsWith(start));
      if (own) return link.slice(own.length);
      if (/^https:/.test(link)) return ''; // not ours
      return link.startsWith('#') ? page + link : relative(ROOT, resolve(ROOT, dirname(page), link));
    });
    expect(targets.filter(target => target !== '' && !leads(target))).toEqual([]);
  });

  function leads(target: string): boolean {
    const [file, anchor] = target.split('#');
    if (!existsSync(join(ROOT, file))) return false;
    if (anchor === undefined) return true;
    const headings = readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.*)$/gm);
    return [...headings].some(([, heading]) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-') === anchor);
  }
});

test('every page is in the index', () => {
  const index = pageText('docs/README.md');
  const pages = readdirSync(join(ROOT, 'docs')).filter(name => name.endsWith('.md') && name !== 'README.md');
  expect(pages.filter(name => !index.includes(`(${name})`))).toEqual([]);
});

test('the snippets of the pages compile, with the imports that they show', () => {
  const fixture = readFileSync(join(ROOT, 'rosetta/readme.ts-fixture'), 'utf8');
  const snippets = PAGES.filter(page => page.startsWith('docs/')).flatMap(page => groups(pageText(page), /^```ts\n([^]*?)^```/gm).map(([text], i) => {
    const imports = text.split('\n').filter(line => line.startsWith('import '));
    const body = text.split('\n').filter(line => !line.startsWith('import '));
    return [join(ROOT, `${page}.${i}.ts`), `${imports.join('\n')}\n${fixture.replace('/// here', () => body.join('\n'))}`] as const;
  }));
  expect(snippets.length).toBeGreaterThan(3);
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['src/index.ts'] }, ts.sys, ROOT);
  const files = new Map(snippets);
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  Object.assign(host, {
    readFile: (name: string) => files.get(name) ?? readFile(name),
    fileExists: (name: string) => files.has(name) || fileExists(name),
    getSourceFile: (name: string, version: ts.ScriptTarget) => {
      return files.has(name) ? ts.createSourceFile(name, files.get(name)!, version) : getSourceFile(name, version);
    },
  });
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false, noUnusedParameters: false, skipLibCheck: true }, host);
  const problems = [...files.keys()].flatMap(name => program.getSemanticDiagnostics(program.getSourceFile(name)));
  const told = problems.map(({ file, messageText }) => `${relative(ROOT, file!.fileName)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  expect(told).toEqual([]);
});
