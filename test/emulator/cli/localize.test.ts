import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnLocationNFS } from 'aws-cdk-lib/aws-datasync';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Command } from 'commander';
import { registerLocalize } from '../../../emulator/cli/localize';

let assembly: string;

beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'localize-'));
  const app = new App({ outdir: assembly });
  const stack = new Stack(app, 'Stack');
  new CfnRule(stack, 'Rule', { eventPattern: { source: ['aws.datasync'] } });
  new CfnLocationNFS(stack, 'Share', { onPremConfig: { agentArns: ['arn'] }, serverHostname: 'host', subdirectory: '/' });
  app.synth();
});

afterEach(() => rmSync(assembly, { recursive: true, force: true }));

/** Runs the command line and returns what it wrote, and the exit code of a failure. */
function run(...args: string[]): { out: string; err: string; code?: number } {
  const result: { out: string; err: string; code?: number } = { out: '', err: '' };
  const out = jest.spyOn(process.stdout, 'write').mockImplementation(text => Boolean(result.out += text));
  const program = new Command().exitOverride(({ exitCode }) => { throw Object.assign(new Error(), { exitCode }); });
  program.configureOutput({ writeErr: text => { result.err += text; } });
  registerLocalize(program);
  try {
    program.parse(['localize', ...args], { from: 'user' });
  } catch (error) {
    result.code = (error as { exitCode?: number }).exitCode;
  } finally {
    out.mockRestore();
  }
  return result;
}

test('it says what it changed, and when there is nothing to do', () => {
  const endpoint = 'http://127.0.0.1:4999';
  expect(run(assembly, '--endpoint', endpoint)).toEqual({
    out: `${assembly}: 1 DataSync resource(s) call ${endpoint}, 1 template(s) rewritten\n`, err: '',
  });
  expect(run(assembly, '--endpoint', endpoint)).toEqual({ out: `${assembly}: nothing to do\n`, err: '' });
});

test('it tells rules where the events come from', () => {
  const rule = () => JSON.parse(readFileSync(join(assembly, 'Stack.template.json'), 'utf8')).Resources.Rule.Properties.EventPattern.source;
  run(assembly);
  expect(rule()).toEqual(['aws.datasync', 'local.datasync']);
  run(assembly, '--events-source', 'mine');
  expect(rule()).toEqual(['aws.datasync', 'local.datasync', 'mine']);
});

test('an error is one line', () => {
  const missing = join(assembly, 'missing');
  expect(run(missing)).toEqual({
    out: '',
    err: `error: ${missing} is not a cloud assembly: it has no manifest.json; synthesize the app first, for example with "cdk synth"\n`,
    code: 1,
  });
});
