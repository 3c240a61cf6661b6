/**
 * What the build of the Python package makes of docstrings: they come from TypeScript, and jsii turns their examples only.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findPython } from '../../emulator/local-stack/python';
import { run } from '../support/run';

const SCRIPT = path.resolve(__dirname, '..', '..', 'python', 'docstrings');
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-docstrings-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function rewritten(source: string): Promise<string> {
  const file = path.join(folder, 'module.py');
  fs.writeFileSync(file, source);
  await run((await findPython()).command, [SCRIPT, file], { cwd: folder });
  return fs.readFileSync(file, 'utf8');
}

const moduleWith = (docstring: string) => `'''The README has \`\`taskName\`\`.'''\n\n\nclass Task:\n    r'''${docstring}'''\n    of = "\`\`taskName\`\`"\n`;

test.each<[string, string, string]>([
  ['a property', 'Not with ``logGroup``: see taskName.', 'Not with ``log_group``: see taskName.'],
  ['a property of a property', '``options.logLevel``', '``options.log_level``'],
  ['a method', '``Bucket.fromBucketAttributes()``', '``Bucket.from_bucket_attributes()``'],
  ['a digit', '``krb5Conf``', '``krb5_conf``'],
  ['a literal', '``false``, ``undefined`` or ``this``', '``False``, ``None`` or ``self``'],
  ['a construct', '``new SnsAction(topic)``', '``SnsAction(topic)``'],
  ['a list', '``...parameter.valueAsList``', '``*parameter.value_as_list``'],
  ['an object', '``{ days: -1 }``', '``{"days": -1}``'],
  ['a default', ':param a: A. Default: true\n    :param b: B. Default: AgentEndpoint.publicEndpoint()', ':param a: A. Default: True\n    :param b: B. Default: AgentEndpoint.public_endpoint()'],
  ['a default of its own line', ':default: false\n', ':default: False\n'],
  ['a default in words', 'Default: - as ``reportLevel``', 'Default: - as ``report_level``'],
  ['a text that is no code', 'iSCSI, pNFS. Default: true enough', 'iSCSI, pNFS. Default: true enough'],
  ['a service\'s name', '``kms:GenerateDataKey``, ``s3://myBucket/myKey`` and ``/myFolder``', '``kms:GenerateDataKey``, ``s3://myBucket/myKey`` and ``/myFolder``'],
  ['an escape and a letter beyond ASCII', '``taskName`` – ``\\``, ``logGroup``', '``task_name`` – ``\\``, ``log_group``'],
])('a docstring has %s as Python has it', async (_, docstring, expected) => {
  expect(await rewritten(moduleWith(docstring))).toBe(moduleWith(expected));
});
