import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Built } from './built';
import { EXAMPLES, manifest, MINUTES, readTemplate, REPOSITORY } from './built';
import { run } from '../support/run';

/** @param built known when the tests run */
export function describeNpmTarball(built: () => Built): void {
  describe('the npm tarball', () => {
    let app: string;

    beforeAll(async () => {
      app = path.join(built().work, 'npm-app');
      fs.mkdirSync(app);
      fs.writeFileSync(path.join(app, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
      const { 'aws-cdk-lib': lib, constructs } = manifest.devDependencies;
      await run('npm', ['install', '--no-audit', '--no-fund', built().tarball, `aws-cdk-lib@${lib}`, `constructs@${constructs}`], { cwd: app });
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
}

function typesOf(template: { Resources: { [id: string]: { Type: string } } }): string[] {
  return Object.values(template.Resources).map(resource => resource.Type);
}

function assetsOf(assembly: string): string[] {
  return fs.readdirSync(assembly).filter(name => name.startsWith('asset.')).flatMap(name => fs.readdirSync(path.join(assembly, name)));
}
