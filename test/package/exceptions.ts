import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What has been built and installed outside of the repository. */
export interface Installed {
  readonly tarball: string;
  /** Folder with the wheel. */
  readonly wheels: string;
  /** Folder of an npm project that has the tarball. */
  readonly app: string;
  /** Virtual environment that has the wheel. */
  readonly venv: string;
}

/** What of a command cannot be typed here as it is shown. */
export interface Exception {
  readonly shown: RegExp;
  /** What is typed instead, in terms of `String.replace()`. */
  readonly typed: (installed: Installed) => string;
  readonly reason: string;
}

const NOT_PUBLISHED = 'the package is not published';
const NEWEST = 'what others publish tomorrow must not fail a test';
const PIP = '--quiet --no-index --find-links';

export const EXCEPTIONS: readonly Exception[] = [
  {
    shown: /(?<=^npm install )cdk-datasync aws-cdk-lib constructs$/,
    typed: ({ tarball }) => `--no-audit --no-fund ${tarball} ${pinned('aws-cdk-lib')} ${pinned('constructs')}`,
    reason: `${NOT_PUBLISHED}, and ${NEWEST}`,
  },
  { shown: /(?<=^npm install --save-dev )aws-cdk tsx$/, typed: () => `--no-audit --no-fund ${pinned('aws-cdk')} ${pinned('tsx')}`, reason: NEWEST },
  { shown: /(?<=^npm install --save-dev )cdk-datasync$/, typed: ({ tarball }) => `--no-audit --no-fund ${tarball}`, reason: NOT_PUBLISHED },
  { shown: /(?<=^pip install )cdk-datasync$/, typed: ({ wheels }) => `${PIP} ${wheels} cdk-datasync`, reason: NOT_PUBLISHED },
  { shown: /(?<=^pip install )--find-links \S+/, typed: ({ wheels }) => `${PIP} ${wheels}`, reason: 'the wheel is elsewhere' },
  { shown: /^npm install --global aws-cdk$/, typed: () => 'cdk --version', reason: 'a test does not change the machine; a CDK CLI is on the path' },
  { shown: /^git clone .*\/([\w-]+)\.git$/, typed: () => 'mkdir $1', reason: 'a test does not depend on the server of the repository' },
  {
    shown: /^(npm ci|npx projen (bundle|compile|package-all|package:python))$/,
    typed: () => 'true',
    reason: 'the repository is installed, and the packages were built from it, before anything is typed',
  },
  { shown: /^python3 -m venv \.venv$/, typed: ({ venv }) => `ln -s ${venv} .venv`, reason: 'an environment with pinned packages is there' },
  { shown: /(?<=\bcdk )deploy$/, typed: () => 'synth --quiet', reason: 'there is no AWS account' },
  { shown: /(?<=\bcdk-datasync status) --watch$/, typed: () => '', reason: 'it never ends' },
  {
    shown: /^npx cdk deploy --outputs-file outputs.json$/,
    typed: () => 'echo "{\\"Copy\\":{\\"TaskExecutionArn\\":\\"$$EXECUTION\\"}}" > outputs.json',
    reason: 'there is no AWS account',
  },
  { shown: / --profile work\b/, typed: () => ' --s3-endpoint http://127.0.0.1:4566', reason: 'there is no AWS account' },
  { shown: /\$\(jq -r .Copy.TaskExecutionArn outputs.json\)/, typed: () => '$$(node -p "require(\'./outputs.json\').Copy.TaskExecutionArn")', reason: 'jq may not be here' },
  { shown: / \| jq .*$/, typed: () => '', reason: 'jq may not be here' },
  { shown: /(?<= status )"\$ARN"/, typed: () => '"$$EXECUTION"', reason: 'the page leaves open which execution it is' },
  { shown: /(?<= status )arn:aws:datasync:\S+/, typed: () => '"$$EXECUTION"', reason: 'ids are made anew' },
  { shown: /(?<= --task )arn:aws:datasync:\S+/, typed: () => '"$$TASK" --endpoint http://127.0.0.1:4580', reason: 'ids are made anew, and there is no AWS account' },
  { shown: /(?<==)\/(data|mnt)\b|(?<= )\/mnt\b/g, typed: () => '$WALK', reason: 'a test writes nothing outside of its folder' },
  {
    shown: /^aws datasync describe-task-execution .*$/,
    typed: () => 'until [[ $($&) =~ SUCCESS|ERROR ]]; do sleep 0.2; done; $&',
    reason: 'a person is slower than the copy, a test has to wait for it',
  },
];

/** Commands whose output is not compared: it shows files and tasks that the page does not make. */
export const OTHER_OUTPUT = /cdk-datasync (plan|status)\b/;

function pinned(name: string): string {
  return `${name}@${JSON.parse(readFileSync(resolve(__dirname, '../../node_modules', join(name, 'package.json')), 'utf8')).version}`;
}
