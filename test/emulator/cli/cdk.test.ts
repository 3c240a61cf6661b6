import { join } from 'node:path';
import { parse } from '../../../emulator/cli/cdk';

test.each<[string[], { app?: string; args: string[] }]>([
  [['diff', 'Stack'], { args: ['diff', 'Stack'] }],
  [['deploy', '--all', '-c', 'stage=dev'], { args: ['deploy', '--all', '-c', 'stage=dev'] }],
  [['deploy', '--app', 'node app.js'], { app: 'node app.js', args: ['deploy'] }],
  [['deploy', '--app=node app.js'], { app: 'node app.js', args: ['deploy'] }],
  [['-a', 'node app.js', 'ls'], { app: 'node app.js', args: ['ls'] }],
  [['deploy', '-O', 'out.json'], { args: ['deploy', '-O', join(process.cwd(), 'out.json')] }],
  [['deploy', '--outputs-file=out.json'], { args: ['deploy', '--outputs-file', join(process.cwd(), 'out.json')] }],
])('%j is passed on, with absolute paths', (command, expected) => {
  expect(parse(command)).toEqual(expected);
});

test.each([
  [['context', '--clear'], '"cdk context" changes the project and needs no local stack; run "npx cdk context"'],
  [['--verbose', 'acknowledge', '1'], '"cdk acknowledge" changes the project and needs no local stack; run "npx cdk acknowledge"'],
  [['deploy', '--profile', 'prod'], '--profile is set by "cdk-datasync cdk" itself; leave it out, or run "npx cdk" against AWS'],
  [['deploy', '--output=cdk.out'], '--output is set by "cdk-datasync cdk" itself; leave it out, or run "npx cdk" against AWS'],
  [['synth', '--lookups'], '--lookups is set by "cdk-datasync cdk" itself; leave it out, or run "npx cdk" against AWS'],
  [['deploy', '--app'], '--app needs a value'],
])('%j is refused', (command, message) => {
  expect(() => parse(command)).toThrow(new Error(message));
});
