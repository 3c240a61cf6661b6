import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run';

const ROOT = join(__dirname, '..', '..');
const EXAMPLES = join(ROOT, 'examples', 'typescript');

/** Templates of the examples by `<example>/<stack>`. Those in Python are the same: test/package compares them. */
export async function exampleTemplates(): Promise<{ [name: string]: any }> {
  const examples = readdirSync(EXAMPLES, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);
  const output = mkdtempSync(join(tmpdir(), 'examples-'));
  try {
    // An app writes its assembly where CDK_OUTDIR was when it was made.
    const load = examples.map(name => `process.env.CDK_OUTDIR = ${JSON.stringify(join(output, name))}; require(${JSON.stringify(join(EXAMPLES, name, 'app.ts'))});`);
    await run(process.execPath, ['--require', 'tsx/cjs', '--eval', load.join('\n')], {
      cwd: ROOT, env: { ...process.env, TSX_TSCONFIG_PATH: join(ROOT, 'tsconfig.dev.json') },
    });
    return Object.fromEntries(examples.flatMap(name => readdirSync(join(output, name)).filter(file => file.endsWith('.template.json'))
      .map(file => [`${name}/${file.replace('.template.json', '')}`, JSON.parse(readFileSync(join(output, name, file), 'utf8'))])));
  } finally {
    rmSync(output, { recursive: true });
  }
}
