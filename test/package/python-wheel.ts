import * as path from 'node:path';
import type { Built } from './built';
import { EXAMPLES, MINUTES, readTemplate, REPOSITORY, TWINS } from './built';
import { describeCommandOfWheel } from './python-command';
import { findPython } from '../../emulator/local-stack/python';
import { run } from '../support/run';

/** @param built known when the tests run */
export function describePythonWheel(built: () => Built): void {
  describe('the Python wheel', () => {
    let python: string;
    let command: string;

    beforeAll(async () => {
      const venv = path.join(built().work, 'venv');
      await run((await findPython()).command, ['-m', 'venv', venv]);
      python = path.join(venv, 'bin', 'python');
      command = path.join(venv, 'bin', 'cdk-datasync');
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
      await run(python, [...pip, '--require-hashes', '-r', path.join(__dirname, 'requirements.txt')]);
      await run(python, [...pip, '--no-deps', built().wheel]);
    }, 10 * MINUTES);

    test.each(TWINS)('synthesizes the same template of %s as its TypeScript twin', async name => {
      const assemblies = { python: path.join(built().work, name, 'python'), typescript: path.join(built().work, name, 'typescript') };
      const environment = { ...process.env, AWS_REGION: undefined, CDK_DEFAULT_ACCOUNT: undefined, CDK_DEFAULT_REGION: undefined, PYTHONDONTWRITEBYTECODE: '1' };
      const typescript = path.join(EXAMPLES, 'typescript');
      await Promise.all([
        run(python, [path.join(EXAMPLES, 'python', name, 'app.py')], { cwd: built().work, env: { ...environment, CDK_OUTDIR: assemblies.python } }),
        run('npx', ['tsx', '--tsconfig', path.join(typescript, 'tsconfig.json'), path.join(typescript, name, 'app.ts')],
          { cwd: REPOSITORY, env: { ...environment, CDK_OUTDIR: assemblies.typescript } }),
      ]);
      expect(readTemplate(assemblies.python)).toEqual(readTemplate(assemblies.typescript));
    }, 5 * MINUTES);

    test('tests a transfer with pytest, as the example does', async () => {
      const folder = path.join(REPOSITORY, 'examples', 'python', 'test-a-transfer');
      const environment = { ...process.env, CDK_DATASYNC: command, XDG_CACHE_HOME: path.join(built().work, 'cache') };
      const output = await run(python, ['-m', 'pytest', '-p', 'no:cacheprovider', folder], { cwd: built().work, env: { ...environment, PYTHONDONTWRITEBYTECODE: '1' } });
      expect(output).toContain('1 passed');
    }, 10 * MINUTES);

    test('says what is wrong in the names of Python, with the name of the error, for a constructor as for a static method', async () => {
      const said = JSON.parse(await run(python, [path.join(__dirname, 'errors.py')], { cwd: built().work }));
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
      expect(JSON.parse(await run(python, [path.join(__dirname, 'docstrings.py')], { cwd: built().work }))).toEqual([]);
    }, MINUTES);

    describeCommandOfWheel(() => ({ ...built(), python, command }));
  });
}
