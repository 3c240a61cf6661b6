import * as path from 'node:path';
import { build } from 'esbuild';

const REPOSITORY = path.resolve(__dirname, '..');

/**
 * Compiles a script to plain JavaScript, so that what is timed is not the compiler. The library itself is the one that jsii compiled to `lib/`,
 * file by file as users load it.
 *
 * @returns the script's path
 */
export async function compileScript(entry: string): Promise<string> {
  const outfile = path.join(REPOSITORY, '.local', 'bench', `${path.basename(entry, '.ts')}.js`);
  await build({
    entryPoints: [path.join(REPOSITORY, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['aws-cdk-lib', 'constructs'],
    logLevel: 'error',
    plugins: [{
      name: 'library-as-compiled',
      setup: bundler => bundler.onResolve({ filter: /\/src$/ }, () => ({ path: path.join(REPOSITORY, 'lib', 'index.js'), external: true })),
    }],
  });
  return outfile;
}
