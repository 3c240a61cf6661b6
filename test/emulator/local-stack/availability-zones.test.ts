import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { answerZones, zonesOf } from '../../../emulator/local-stack/availability-zones';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'zones-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ENV = { account: '111122223333', region: 'eu-west-1' };
const KEY = 'availability-zones:account=111122223333:region=eu-west-1';
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

/** The assembly of an app, synthesized with what was answered so far. */
function synthesized(build: (app: App) => void): string {
  const app = new App({ outdir: join(folder, 'cdk.out'), context: zonesOf(folder) });
  build(app);
  return app.synth().directory;
}

test('an app that lacks availability zones alone finds them at its next synthesis', () => {
  const build = (app: App) => { new Vpc(new Stack(new Stage(app, 'Stage'), 'Stack', { env: ENV }), 'Vpc'); };
  expect(answerZones(folder, synthesized(build))).toEqual(ZONES);
  expect(zonesOf(folder)).toEqual({ [KEY]: ZONES });
  expect(answerZones(folder, synthesized(build))).toBeUndefined();
});

test('what was answered before is kept', () => {
  for (const region of ['eu-west-1', 'us-east-1']) answerZones(folder, synthesized(app => { new Vpc(new Stack(app, 'Stack', { env: { ...ENV, region } }), 'Vpc'); }));
  expect(Object.keys(zonesOf(folder))).toEqual([KEY, 'availability-zones:account=111122223333:region=us-east-1']);
});

test.each<[string, (stack: Stack) => void]>([
  ['lacks something else as well', stack => { new Vpc(stack, 'Vpc'); Vpc.fromLookup(stack, 'Other', { isDefault: true }); }],
  ['lacks nothing', () => undefined],
])('an app that %s gets no answer', (_, build) => {
  expect(answerZones(folder, synthesized(app => build(new Stack(app, 'Stack', { env: ENV }))))).toBeUndefined();
  expect(zonesOf(folder)).toEqual({});
});

test('an app that was not synthesized gets no answer', () => {
  expect(answerZones(folder, join(folder, 'cdk.out'))).toBeUndefined();
});
