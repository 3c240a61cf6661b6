/**
 * The two packages as a user gets them: built, installed outside of the repository, and put to work.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describeWalkthroughs } from './walkthroughs';
import { findPython } from '../../emulator/local-stack/python';
import { run } from '../support/run';

const REPOSITORY = path.resolve(__dirname, '..', '..');
const EXAMPLES = path.join(REPOSITORY, 'examples');
const TWINS = foldersIn(path.join(EXAMPLES, 'typescript'));
const MINUTES = 60_000;

const manifest = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'));
let work: string;
let tarball: string;
let wheel: string;
let sdist: string;

beforeAll(async () => {
  work = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-package-'));
  await run('npx', ['projen', 'compile'], { cwd: REPOSITORY });
  await run('npx', ['jsii-pacmak', '--targets', 'js', '--outdir', path.join(work, 'dist')], { cwd: REPOSITORY });
  await run('python/build', [path.join(work, 'dist', 'python')], { cwd: REPOSITORY });
  [tarball] = files(path.join(work, 'dist', 'js'), '.tgz');
  [wheel] = files(path.join(work, 'dist', 'python'), '.whl');
  [sdist] = files(path.join(work, 'dist', 'python'), '.tar.gz');
}, 10 * MINUTES);

afterAll(() => fs.rmSync(work, { recursive: true, force: true }));

describe('the npm tarball', () => {
  let app: string;

  beforeAll(async () => {
    app = path.join(work, 'npm-app');
    fs.mkdirSync(app);
    fs.writeFileSync(path.join(app, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
    const { 'aws-cdk-lib': lib, constructs } = manifest.devDependencies;
    await run('npm', ['install', '--no-audit', '--no-fund', tarball, `aws-cdk-lib@${lib}`, `constructs@${constructs}`], { cwd: app });
  }, 5 * MINUTES);

  test('synthesizes an app with the function bundle inside', async () => {
    fs.copyFileSync(path.join(__dirname, 'app.js'), path.join(app, 'app.js'));
    await run('node', ['app.js'], { cwd: app });
    const template = readTemplate(path.join(app, 'cdk.out'));
    expect(typesOf(template)).toContain('Custom::DataSyncTaskExecution');
    expect(assetsOf(path.join(app, 'cdk.out'))).toContain('index.js');
  }, MINUTES);

  test('loads what makes schedules when a schedule is made', async () => {
    fs.writeFileSync(path.join(app, 'load.cjs'), `
      const isLoaded = () => Object.keys(require.cache).some(file => file.endsWith('scheduled-task-execution.js'));
      const datasync = require('cdk-datasync');
      console.log(datasync.Task.name, isLoaded());
      console.log(datasync.ScheduledTaskExecution.name, isLoaded());`);
    expect(await run('node', ['load.cjs'], { cwd: app })).toBe('Task false\nScheduledTaskExecution true\n');
  }, MINUTES);

  test('tells ES modules its names', async () => {
    fs.writeFileSync(path.join(app, 'names.mjs'), "import { S3Location, Task } from 'cdk-datasync'; console.log(S3Location.name, Task.name);");
    expect(await run('node', ['names.mjs'], { cwd: app })).toBe('S3Location Task\n');
  }, MINUTES);

  test('has the command behind its bin', async () => {
    const help = await run(path.join(app, 'node_modules', '.bin', 'cdk-datasync'), ['--help'], { cwd: app });
    for (const command of ['deploy', 'serve', 'localize']) expect(help).toContain(command);
  }, MINUTES);

  test('has what the local stack needs beside the command', () => {
    const folder = path.join(app, 'node_modules', 'cdk-datasync', 'assets', 'emulator', 'cli');
    expect(fs.readdirSync(folder)).toEqual(expect.arrayContaining(['custom-resource.js', 'index.js', 'requirements.txt']));
  });

  test('copies large folders in threads, whose script comes along', async () => {
    const [source, destination] = [path.join(app, 'source'), path.join(app, 'destination')];
    for (const folder of [source, destination]) fs.mkdirSync(folder);
    for (let i = 0; i < 2000; i++) fs.writeFileSync(path.join(source, String(i)), '');
    fs.writeFileSync(path.join(app, 'tell.cjs'), `const threads = require('worker_threads');
      threads.Worker = class extends threads.Worker { constructor(...args) { super(...args); console.log('a thread begins'); } };`);
    const bin = path.join(app, 'node_modules', '.bin', 'cdk-datasync');
    const output = await run('node', ['--require', './tell.cjs', bin, 'run', source, destination], { cwd: app });
    expect(output).toContain('a thread begins');
    expect(output).toContain('transferred 2,001 items');
    expect(fs.readdirSync(destination)).toHaveLength(2000);
  }, MINUTES);

  test.each([
    ['require', 'require.cjs', "const { startEmulator, ManualClock } = require('cdk-datasync/emulator');"],
    ['import', 'import.mjs', "import { startEmulator, ManualClock } from 'cdk-datasync/emulator';"],
  ])('has the emulator to %s', async (_, file, first) => {
    fs.writeFileSync(path.join(app, file), `${first}
      startEmulator({ port: 0, root: '.', clock: new ManualClock(new Date()) }).then(async emulator => {
        const response = await fetch(emulator.url, { method: 'POST', headers: { 'X-Amz-Target': 'FmrsService.ListTasks' } });
        console.log(await response.text());
        console.log((await (await fetch(emulator.url)).text()).match(/<h2[^>]*>[a-z]+/gi).length, 'sections of the page');
        await emulator.close();
      });`);
    expect(await run('node', [file], { cwd: app })).toBe('{"Tasks":[]}\n6 sections of the page\n');
  }, MINUTES);

  test('has the emulator for a test with Jest as the documentation shows it, which loads it in its own way', async () => {
    const folder = path.join(app, 'test-a-transfer');
    fs.mkdirSync(folder);
    for (const name of ['backup-stack.ts', 'backup.test.ts']) fs.copyFileSync(path.join(EXAMPLES, 'typescript', 'test-a-transfer', name), path.join(folder, name));
    const transform = { '\\.ts$': [path.join(REPOSITORY, 'node_modules', 'ts-jest'), { diagnostics: false, tsconfig: { target: 'es2022', esModuleInterop: true } }] };
    const jest = path.join(REPOSITORY, 'node_modules', '.bin', 'jest');
    await run(jest, ['--config', JSON.stringify({ rootDir: folder, transform }), '--forceExit'], { cwd: folder });
  }, 10 * MINUTES);

  test.each([
    ['node16'], ['esnext', '--moduleResolution', 'bundler'], ['commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'],
  ])('has types of the emulator that need nothing else, with module %s', async (...module) => {
    fs.copyFileSync(path.join(__dirname, 'types.ts'), path.join(app, 'types.ts'));
    const tsc = path.join(REPOSITORY, 'node_modules', '.bin', 'tsc');
    await run(tsc, ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--module', ...module, 'types.ts'], { cwd: app });
  }, MINUTES);

  test('brings no dependency of its own', () => {
    const installed = JSON.parse(fs.readFileSync(path.join(app, 'node_modules', 'cdk-datasync', 'package.json'), 'utf8'));
    expect(installed.dependencies ?? {}).toEqual({});
  });

  test('ships the library and nothing of the workshop', () => {
    const top = fs.readdirSync(path.join(app, 'node_modules', 'cdk-datasync')).sort();
    expect(top).toEqual(['.jsii', 'API.md', 'LICENSE', 'README.md', 'assets', 'lib', 'package.json']);
    const assets = fs.readdirSync(path.join(app, 'node_modules', 'cdk-datasync', 'assets'), { recursive: true }).map(String);
    expect(assets.filter(name => /\.ts$/.test(name)).map(name => path.relative('emulator/types/emulator', name)).sort()).toEqual([
      'clock.d.ts', 'faults/plan.d.ts', 'index.d.ts', 'model/events.d.ts', 'model/task-availability.d.ts', 'options.d.ts', 'provision/types.d.ts',
    ]);
  });
});

test('every example is there in both languages, and in the index', () => {
  expect(foldersIn(path.join(EXAMPLES, 'python'))).toEqual(TWINS);
  const index = fs.readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');
  expect([...index.matchAll(/\]\((\w+\/[\w-]+)\)/g)].map(([, folder]) => folder).sort())
    .toEqual(['python', 'typescript'].flatMap(language => TWINS.map(name => `${language}/${name}`)));
});

describe('the Python wheel', () => {
  let python: string;
  let command: string;

  beforeAll(async () => {
    const venv = path.join(work, 'venv');
    await run((await findPython()).command, ['-m', 'venv', venv]);
    python = path.join(venv, 'bin', 'python');
    command = path.join(venv, 'bin', 'cdk-datasync');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(python, [...pip, '--require-hashes', '-r', path.join(__dirname, 'requirements.txt')]);
    await run(python, [...pip, '--no-deps', wheel]);
  }, 10 * MINUTES);

  test.each(TWINS)('synthesizes the same template of %s as its TypeScript twin', async name => {
    const assemblies = { python: path.join(work, name, 'python'), typescript: path.join(work, name, 'typescript') };
    const environment = { ...process.env, AWS_REGION: undefined, CDK_DEFAULT_ACCOUNT: undefined, CDK_DEFAULT_REGION: undefined, PYTHONDONTWRITEBYTECODE: '1' };
    const typescript = path.join(EXAMPLES, 'typescript');
    await Promise.all([
      run(python, [path.join(EXAMPLES, 'python', name, 'app.py')], { cwd: work, env: { ...environment, CDK_OUTDIR: assemblies.python } }),
      run('npx', ['tsx', '--tsconfig', path.join(typescript, 'tsconfig.json'), path.join(typescript, name, 'app.ts')],
        { cwd: REPOSITORY, env: { ...environment, CDK_OUTDIR: assemblies.typescript } }),
    ]);
    expect(readTemplate(assemblies.python)).toEqual(readTemplate(assemblies.typescript));
  }, 5 * MINUTES);

  test('tests a transfer with pytest, as the example does', async () => {
    const folder = path.join(REPOSITORY, 'examples', 'python', 'test-a-transfer');
    const environment = { ...process.env, CDK_DATASYNC: command, XDG_CACHE_HOME: path.join(work, 'cache') };
    const output = await run(python, ['-m', 'pytest', '-p', 'no:cacheprovider', folder], { cwd: work, env: { ...environment, PYTHONDONTWRITEBYTECODE: '1' } });
    expect(output).toContain('1 passed');
  }, 10 * MINUTES);

  test('says what is wrong in the names of Python, with the name of the error, for a constructor as for a static method', async () => {
    const said = JSON.parse(await run(python, [path.join(__dirname, 'errors.py')], { cwd: work }));
    const host = 'must be a host name of ASCII letters, digits, hyphens and dots, or an IPv4 address (CloudFormation takes no IPv6 address)';
    expect(said).toEqual({
      'S3Location': 'DataSyncValidationError: [Stack/S3] subdirectory "a//b": must not contain "//", "/./" or "/../"; '
        + 'the service cannot transfer such keys: write "a/b/"',
      'NfsLocation': `DataSyncValidationError: [Stack/Nfs] server_hostname "a host": ${host}; give the name of the server alone, without protocol, port or path\n`
        + '[Stack/Nfs] agents (0 given): must have between 1 and 8 agents; add one',
      'Task': 'DataSyncValidationError: [Stack/Task] task_name "": must not be empty; use a name such as "Nightly copy", or leave it out',
      'TaskExecution': 'DataSyncValidationError: [Stack/Execution] triggers["a"]: must be a text, a number, a boolean, a token, '
        + 'or a list or object of those; of a construct, name the attribute that counts, such as its ARN',
      'Task.from_task_arn': 'DataSyncValidationError: [Stack/Other task] task_arn "task-0123456789abcdef0": must be the ARN of a task, such as '
        + 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0; copy the whole ARN from the console or from list-tasks',
    });
  }, 5 * MINUTES);

  test('has docstrings with names and code of Python', async () => {
    expect(JSON.parse(await run(python, [path.join(__dirname, 'docstrings.py')], { cwd: work }))).toEqual([]);
  }, MINUTES);

  describe('has a command that', () => {
    const program = path.join(REPOSITORY, 'assets', 'emulator', 'cli', 'index.js');
    let cache: string;

    beforeEach(() => {
      cache = fs.mkdtempSync(path.join(work, 'cache-'));
    });

    /** Runs the command, or another program, to its end, however that is. */
    function call(args: string[], env: NodeJS.ProcessEnv = {}, file = command): Promise<Called> {
      return new Promise(resolve => execFile(file, args, { env: { ...process.env, JSII_NODE: undefined, XDG_CACHE_HOME: cache, ...env } },
        (error, stdout, stderr) => resolve({ status: error ? error.code : 0, stdout, stderr })));
    }

    const VERSION: Called = { status: 0, stdout: `${manifest.version}\n`, stderr: '' };

    /** What is in the cache, and which file it is. */
    const cached = () => fs.readdirSync(cache, { recursive: true }).map(String).sort()
      .map(name => {
        const { mode, size, ino, mtimeMs } = fs.statSync(path.join(cache, name));
        return { name, mode, size, ino, mtimeMs };
      });
    /** The folder that the command is in. */
    const unpacked = () => path.join(cache, cached().find(({ name }) => path.basename(name) === 'sizes.json')!.name, '..');

    test('runs on Node.js without jsii and aws-cdk-lib', async () => {
      const { status, stderr } = await call(['--version'], { PYTHONPROFILEIMPORTTIME: '1' });
      expect(status).toBe(0);
      expect(stderr).toMatch(/\| +hashlib\n/);
      expect(stderr).not.toMatch(/jsii|aws_cdk|cdk_datasync/);
    });

    test('unpacks itself for its user alone at the first use, and nothing at the second', async () => {
      expect(await call(['--version'])).toEqual(VERSION);
      const first = cached();
      expect(first.filter(({ mode }) => !mode.toString(8).endsWith('00'))).toEqual([]);
      expect(await call(['--version'])).toEqual(VERSION);
      expect(cached()).toEqual(first);
    });

    test('can be used by several at once from the first use on', async () => {
      await call(['--version']);
      const names = cached().map(({ name }) => name);
      fs.rmSync(cache, { recursive: true });
      expect(await Promise.all(Array.from({ length: 6 }, () => call(['--version'])))).toEqual(Array(6).fill(VERSION));
      expect(cached().map(({ name }) => name)).toEqual(names);
    });

    test.each<[string, () => void]>([
      ['lacks a file', () => fs.rmSync(path.join(unpacked(), 'assets/emulator/cli/index.js'))],
      ['has a file that was cut off', () => fs.truncateSync(path.join(unpacked(), 'assets/emulator/cli/index.js'), 1000)],
      ['has an empty list of its files', () => fs.truncateSync(path.join(unpacked(), 'sizes.json'))],
      ['lacks its list of files', () => fs.rmSync(path.join(unpacked(), 'sizes.json'))],
    ])('mends a cache that %s', async (_, spoil) => {
      await call(['--version']);
      const sizes = () => cached().map(({ name, size }) => `${name}: ${size}`);
      const before = sizes();
      spoil();
      expect(sizes()).not.toEqual(before);
      expect(await call(['--version'])).toEqual(VERSION);
      expect(sizes()).toEqual(before);
    });

    test('refuses a cache folder that cannot be one', async () => {
      const file = path.join(cache, 'file');
      fs.writeFileSync(file, '');
      expect(await call(['--version'], { XDG_CACHE_HOME: file })).toEqual({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(new RegExp(
          `^error: cannot unpack the command into ${file}/cdk-datasync/command/\\S+: Not a directory; name a folder of your own in the environment variable XDG_CACHE_HOME\\n$`)),
      });
    });

    test.each<[string, (archive: string) => void]>([
      ['was cut off', archive => fs.truncateSync(archive, 100_000)],
      ['is empty', archive => fs.truncateSync(archive)],
      ['is something else', archive => fs.writeFileSync(archive, 'not an archive')],
    ])('refuses a package whose archive %s', async (_, spoil) => {
      const archives = path.join(path.dirname(command), '..', 'lib');
      const archive = path.join(archives, fs.readdirSync(archives, { recursive: true }).map(String).find(name => /cdk_datasync.*\.jsii\.tgz$/.test(name))!);
      const content = fs.readFileSync(archive);
      try {
        spoil(archive);
        expect(await call(['--version'])).toEqual({
          status: 1,
          stdout: '',
          stderr: expect.stringMatching(
            /^error: the package cdk-datasync is damaged, at \S+\.jsii\.tgz; install it again with ".* -m pip install --force-reinstall cdk-datasync"\n$/),
        });
      } finally {
        fs.writeFileSync(archive, content);
      }
      expect(await call(['--version'])).toEqual(VERSION);
    });

    // only root can give a folder away
    (process.getuid!() === 0 ? test : test.skip)('refuses what another user has unpacked (tested as root only)', async () => {
      await call(['--version']);
      fs.chownSync(unpacked(), 65534, 65534);
      expect(await call(['--version'])).toEqual({
        status: 1,
        stdout: '',
        stderr: `error: cannot unpack the command into ${unpacked()}: it belongs to another user; `
          + 'name a folder of your own in the environment variable XDG_CACHE_HOME\n',
      });
    });

    test.each<[string, () => NodeJS.ProcessEnv, string]>([
      ['there is no Node.js on the path', () => ({ PATH: cache }), 'there is none on the path'],
      ['JSII_NODE names nothing', () => ({ JSII_NODE: '/nowhere/node' }), 'JSII_NODE=/nowhere/node cannot be run'],
      ['JSII_NODE names a fake Node.js that is too old', () => ({ JSII_NODE: fakeNode('v20.15.1') }), 'CACHE/node is v20.15.1'],
      ['JSII_NODE names something else', () => ({ JSII_NODE: fakeNode('hello') }), 'CACHE/node does not tell its version'],
    ])('says what to do when %s', async (_, env, reason) => {
      expect(await call(['--version'], env())).toEqual({
        status: 1,
        stdout: '',
        stderr: `error: Node.js 20.16 or newer is needed, but ${reason.replace('CACHE', cache)}; install it, or name it in the environment variable JSII_NODE\n`,
      });
    });

    function fakeNode(version: string): string {
      const file = path.join(cache, 'node');
      fs.writeFileSync(file, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
      return file;
    }

    test('takes the Node.js of JSII_NODE, as jsii does', async () => {
      expect(await call(['--version'], { PATH: cache, JSII_NODE: process.execPath })).toEqual(VERSION);
    });

    test('passes on arguments, what they lead to, and how it ended', async () => {
      const args = ['run', 'no such folder', "it's\n$HOME"];
      const { status, stderr, ...rest } = await call(args);
      expect({ status, stderr, ...rest }).toEqual(await call([program, ...args], {}, process.execPath));
      expect(status).toBe(1);
      expect(stderr).toContain('no such folder');
    });

    test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])('lets a server end by itself at %s', async signal => {
      const serve = async (file: string, ...args: string[]) => {
        const child = spawn(file, [...args, 'serve', '--port', '0', '--root', cache], { env: { ...process.env, XDG_CACHE_HOME: cache } });
        const [line] = await once(child.stdout, 'data');
        expect(String(line)).toContain('listening on');
        child.kill(signal);
        return once(child, 'close'); // not before nobody can write to its output any more
      };
      expect(await serve(command)).toEqual(await serve(process.execPath, program));
    });

    test('goes without a trace, and is in the sdist as well', async () => {
      const pip = (...args: string[]) => run(python, ['-m', 'pip', '--disable-pip-version-check', ...args]);
      const traces = () => fs.readdirSync(path.join(command, '..', '..'), { recursive: true }).map(String).filter(name => /cdk.datasync/.test(name));
      expect(await pip('check')).toBe('No broken requirements found.\n');
      await pip('uninstall', '--quiet', '--yes', 'cdk-datasync');
      expect(traces()).toEqual([]);
      await pip('install', '--quiet', '--no-deps', sdist);
      expect(await call(['--version'])).toEqual(VERSION);
    });
  });
});

interface Called {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the documentation', () => {
  describeWalkthroughs(() => ({ tarball, wheels: path.dirname(wheel), app: path.join(work, 'npm-app'), venv: path.join(work, 'venv') }));
});

function foldersIn(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name).sort();
}

function files(folder: string, ending: string): string[] {
  return fs.readdirSync(folder).filter(name => name.endsWith(ending)).map(name => path.join(folder, name));
}

function readTemplate(assembly: string): { Resources: { [id: string]: { Type: string } } } {
  const [template] = files(assembly, '.template.json');
  return JSON.parse(fs.readFileSync(template, 'utf8'));
}

function typesOf(template: { Resources: { [id: string]: { Type: string } } }): string[] {
  return Object.values(template.Resources).map(resource => resource.Type);
}

function assetsOf(assembly: string): string[] {
  return fs.readdirSync(assembly).filter(name => name.startsWith('asset.')).flatMap(name => fs.readdirSync(path.join(assembly, name)));
}
