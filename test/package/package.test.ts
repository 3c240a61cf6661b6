/**
 * The two packages as a user gets them: built, installed outside of the repository, and put to work.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findPython } from '../../emulator/local-stack/python';
import { run } from '../support/run';

const REPOSITORY = path.resolve(__dirname, '..', '..');
const MINUTES = 60_000;

const manifest = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'));
let work: string;
let tarball: string;
let wheel: string;

beforeAll(async () => {
  work = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-package-'));
  await run('npx', ['jsii', '--silence-warnings=reserved-word'], { cwd: REPOSITORY });
  await run('npx', ['jsii-pacmak', '--targets', 'js', '--targets', 'python', '--outdir', path.join(work, 'dist')], { cwd: REPOSITORY });
  [tarball] = files(path.join(work, 'dist', 'js'), '.tgz');
  [wheel] = files(path.join(work, 'dist', 'python'), '.whl');
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

  test('has the command behind its bin', async () => {
    const help = await run(path.join(app, 'node_modules', '.bin', 'cdk-datasync'), ['--help'], { cwd: app });
    for (const command of ['deploy', 'serve', 'localize']) expect(help).toContain(command);
  }, MINUTES);

  test('has what the local stack needs beside the command', () => {
    const folder = path.join(app, 'node_modules', 'cdk-datasync', 'assets', 'emulator', 'cli');
    expect(fs.readdirSync(folder).sort()).toEqual(['caller.js', 'index.js', 'requirements.txt']);
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
      'clock.d.ts', 'faults/plan.d.ts', 'index.d.ts', 'model/events.d.ts', 'model/task-availability.d.ts', 'provision/types.d.ts',
    ]);
  });
});

describe('the Python wheel', () => {
  let python: string;

  beforeAll(async () => {
    const venv = path.join(work, 'venv');
    await run((await findPython()).command, ['-m', 'venv', venv]);
    python = path.join(venv, 'bin', 'python');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await run(python, [...pip, '--require-hashes', '-r', path.join(__dirname, 'requirements.txt')]);
    await run(python, [...pip, '--no-deps', wheel]);
  }, 10 * MINUTES);

  test('synthesizes the same template as its TypeScript twin', async () => {
    const twins = { python: path.join(work, 'out-python'), typescript: path.join(work, 'out-typescript') };
    const environment = { ...process.env, AWS_REGION: undefined, CDK_DEFAULT_ACCOUNT: undefined, CDK_DEFAULT_REGION: undefined };
    await run(python, [path.join(REPOSITORY, 'examples', 'python', 'deploy-time-seed', 'app.py')],
      { cwd: work, env: { ...environment, CDK_OUTDIR: twins.python } });
    const typescript = path.join(REPOSITORY, 'examples', 'typescript');
    await run('npx', ['tsx', '--tsconfig', path.join(typescript, 'tsconfig.json'), path.join(typescript, 'deploy-time-seed', 'app.ts')],
      { cwd: REPOSITORY, env: { ...environment, CDK_OUTDIR: twins.typescript } });
    expect(readTemplate(twins.python)).toEqual(readTemplate(twins.typescript));
  }, 5 * MINUTES);

  test('tests a transfer with pytest, as the example does', async () => {
    const folder = path.join(REPOSITORY, 'examples', 'python', 'test-a-transfer');
    const environment = { ...process.env, CDK_DATASYNC: path.join(path.dirname(python), 'cdk-datasync') };
    const output = await run(python, ['-m', 'pytest', '-p', 'no:cacheprovider', folder], { cwd: work, env: { ...environment, PYTHONDONTWRITEBYTECODE: '1' } });
    expect(output).toContain('1 passed');
  }, 10 * MINUTES);

  test('has the command behind its console script', async () => {
    const help = await run(path.join(path.dirname(python), 'cdk-datasync'), ['--help']);
    expect(help).toContain('serve');
  }, 3 * MINUTES); // jsii unpacks all of aws-cdk-lib first
});

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
