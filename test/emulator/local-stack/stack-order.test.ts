import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, DefaultStackSynthesizer, LegacyStackSynthesizer, Stack, Stage } from 'aws-cdk-lib';
import { environmentsOf, inOrder, stacksOf } from '../../../emulator/local-stack/stack-order';

const CLIENT = { account: '000000000000', region: 'us-east-1' };
const ONE = { account: '111111111111', region: 'eu-west-1' };
const TWO = { account: '222222222222', region: 'eu-west-2' };

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'manifest-')); });
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

function synthesized(build: (app: App) => void) {
  const app = new App({ outdir });
  build(app);
  app.synth();
  return stacksOf(outdir);
}

test('stacks have the account and Region that they name, and the id that selects them', () => {
  expect(synthesized(app => {
    const first = new Stack(app, 'First', { stackName: 'another-name' });
    new Stack(app, 'Second', { env: ONE }).addDependency(first);
    new Stack(new Stage(app, 'Stage'), 'Third', { env: { account: TWO.account } });
  })).toEqual([
    { id: 'First', name: 'another-name', template: expect.stringMatching(/\/First\.template\.json$/), account: undefined, region: undefined, qualifier: 'hnb659fds', dependencies: [] },
    { id: 'Second', name: 'Second', template: expect.stringMatching(/\/Second\.template\.json$/), ...ONE, qualifier: 'hnb659fds', dependencies: ['First'] },
    { id: 'Stage/Third', name: 'Stage-Third', template: expect.stringMatching(/\/assembly-Stage\/\S+\.template\.json$/), account: TWO.account, region: undefined, qualifier: 'hnb659fds', dependencies: [] },
  ]);
});

test('each account, Region and qualifier is bootstrapped once, and a stack without bootstrap not at all', () => {
  const stacks = synthesized(app => {
    new Stack(app, 'Open');
    new Stack(app, 'Same', { env: CLIENT });
    new Stack(app, 'One', { env: ONE });
    new Stack(app, 'Own', { env: ONE, synthesizer: new DefaultStackSynthesizer({ qualifier: 'mine' }) });
    new Stack(app, 'Legacy', { env: TWO, synthesizer: new LegacyStackSynthesizer() });
  });
  expect(environmentsOf(stacks, CLIENT)).toEqual([
    { ...CLIENT, qualifier: 'hnb659fds' }, { ...ONE, qualifier: 'hnb659fds' }, { ...ONE, qualifier: 'mine' },
  ]);
});

test('stacks of one account are deployed together as far as their dependencies allow', () => {
  const stacks = synthesized(app => {
    const [a, b, c] = [new Stack(app, 'A', { env: ONE }), new Stack(app, 'B', { env: TWO }), new Stack(app, 'C', { env: ONE })];
    new Stack(app, 'D', { env: ONE });
    b.addDependency(a);
    c.addDependency(b);
  });
  expect(inOrder(stacks, CLIENT)).toEqual([
    { account: ONE.account, ids: ['A', 'D'] }, { account: TWO.account, ids: ['B'] }, { account: ONE.account, ids: ['C'] },
  ]);
});

test('a stack that names no account is deployed to that of the client', () => {
  expect(inOrder(synthesized(app => { new Stack(app, 'Open'); }), CLIENT)).toEqual([{ account: CLIENT.account, ids: ['Open'] }]);
});
