import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { AssemblyError, isAssembly, isStackArtifact, readManifests } from '../../../emulator/cdk/manifest';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'manifest-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the manifest of an app comes before those of its stages, and stages in them', () => {
  const app = new App({ outdir: folder });
  new Stack(app, 'Open');
  const stage = new Stage(app, 'Prod', { env: { account: '111122223333' } });
  new Stack(stage, 'Named', { stackName: 'mine' });
  new Stack(new Stage(stage, 'Inner', { env: { region: 'eu-west-1' } }), 'Deep');
  app.synth();

  const stacks = readManifests(folder).map(({ artifacts }) => artifacts.filter(isStackArtifact));
  expect(stacks.map(found => found.map(({ displayName, account, region }) => ({ displayName, account, region })))).toEqual([
    [{ displayName: 'Open', account: undefined, region: undefined }],
    [{ displayName: 'Prod/Named', account: '111122223333', region: undefined }],
    [{ displayName: 'Prod/Inner/Deep', account: '111122223333', region: 'eu-west-1' }],
  ]);
});

test('a folder without a manifest is no assembly, and it is said how to make one', () => {
  expect(isAssembly(folder)).toBe(false);
  expect(() => readManifests(folder)).toThrow(new AssemblyError(
    `${folder} is not a cloud assembly: it has no manifest.json; synthesize the app first, for example with "cdk synth"`));
});

test('a manifest that is not JSON is named', () => {
  writeFileSync(join(folder, 'manifest.json'), '{');
  expect(() => readManifests(folder)).toThrow(`${join(folder, 'manifest.json')} is not JSON: `);
});

test('a stage whose folder is gone is named', () => {
  const app = new App({ outdir: folder });
  new Stack(new Stage(app, 'Prod'), 'Stack');
  app.synth();
  rmSync(join(folder, 'assembly-Prod'), { recursive: true });
  expect(() => readManifests(folder)).toThrow(`${join(folder, 'assembly-Prod')} is not a cloud assembly`);
});
