/**
 * The two packages as a user gets them: built, installed outside of the repository, and put to work.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Built } from './built';
import { EXAMPLES, files, foldersIn, MINUTES, REPOSITORY, TWINS } from './built';
import { describeNpmTarball } from './npm-tarball';
import { describePythonWheel } from './python-wheel';
import { describeWalkthroughs } from './walkthroughs';
import { run } from '../support/run';

let work: string;
let built: Built;

beforeAll(async () => {
  work = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-datasync-package-'));
  await run('npx', ['projen', 'compile'], { cwd: REPOSITORY });
  await run('npx', ['jsii-pacmak', '--targets', 'js', '--outdir', path.join(work, 'dist')], { cwd: REPOSITORY });
  await run('python/build', [path.join(work, 'dist', 'python')], { cwd: REPOSITORY });
  const [tarball] = files(path.join(work, 'dist', 'js'), '.tgz');
  const [wheel] = files(path.join(work, 'dist', 'python'), '.whl');
  const [sdist] = files(path.join(work, 'dist', 'python'), '.tar.gz');
  built = { work, tarball, wheel, sdist };
}, 10 * MINUTES);

afterAll(() => fs.rmSync(work, { recursive: true, force: true }));

describeNpmTarball(() => built);

test('every example is there in both languages, and in the index', () => {
  expect(foldersIn(path.join(EXAMPLES, 'python'))).toEqual(TWINS);
  const index = fs.readFileSync(path.join(EXAMPLES, 'README.md'), 'utf8');
  expect([...index.matchAll(/\]\((\w+\/[\w-]+)\)/g)].map(([, folder]) => folder).sort())
    .toEqual(['python', 'typescript'].flatMap(language => TWINS.map(name => `${language}/${name}`)));
});

describePythonWheel(() => built);

describe('the documentation', () => {
  describeWalkthroughs(() => {
    const { tarball, wheel } = built;
    return { tarball, wheels: path.dirname(wheel), app: path.join(work, 'npm-app'), venv: path.join(work, 'venv') };
  });
});
