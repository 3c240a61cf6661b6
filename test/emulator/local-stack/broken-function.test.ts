import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokenFunction, failuresToLoad } from '../../../emulator/local-stack/broken-function';

const ID = 'CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536';
const NAME = 'Main-CustomCDKBucketDeployment8693BB64968944B69AAFB7BAC8581F0448';
const line = (name: string, reason = "Worker init failed: No module named 'boto3'") =>
  `2026-11-26 23:27:44 ERROR [lambda] Warm worker execution error for ${name}: ${reason}\n`;

let assembly: string;
beforeEach(() => {
  assembly = mkdtempSync(join(tmpdir(), 'broken-function-'));
  const Resources = {
    [ID]: { Type: 'AWS::Lambda::Function' },
    Upload: { Type: 'Custom::CDKBucketDeployment', Properties: { ServiceToken: { 'Fn::GetAtt': [ID, 'Arn'] } } },
    Unasked: { Type: 'AWS::Lambda::Function' },
  };
  mkdirSync(join(assembly, 'assembly-Stage'));
  writeFileSync(join(assembly, 'assembly-Stage', 'Main.template.json'), JSON.stringify({ Resources }));
});
afterEach(() => rmSync(assembly, { recursive: true }));

test('a function behind a custom resource that cannot be loaded is found, in a stage as well', () => {
  expect(brokenFunction(failuresToLoad(`started\n${line(NAME)}more\n`), assembly)).toEqual({ name: NAME, reason: "Worker init failed: No module named 'boto3'" });
});

test.each<[string, string]>([
  ['a quiet log', 'INFO all is well\n'],
  ['a function that fails when it is called', line(NAME, 'TypeError: x')],
  ['a function that nothing waits for', line('Main-Unasked0123456789')],
])('%s is no reason to stop', (_, log) => {
  expect(brokenFunction(failuresToLoad(log), assembly)).toBeUndefined();
});
