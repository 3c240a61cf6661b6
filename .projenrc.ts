import { existsSync } from 'node:fs';
import { awscdk, javascript, JsonFile, typescript } from 'projen';

const CDK_CLI = '2.1148.1'; // 3.x on the registry is an old build that cannot read today's cloud assemblies
const AWS_SDK = '3.1048.0';
const CDK_LATEST = { 'aws-cdk-lib': '2.276.0', 'constructs': '10.8.1' };

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-datasync',
  description: 'AWS DataSync for the AWS CDK: typed tasks, options and filters, started on deploy or on a schedule',
  author: 'cdk-datasync maintainers',
  authorAddress: 'maintainers@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-datasync/cdk-datasync.git',
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-datasync authors',
  keywords: ['aws', 'cdk', 'datasync', 'emulator', 'migration', 's3', 'nfs', 'transfer'],
  stability: 'experimental',
  packageManager: javascript.NodePackageManager.NPM,
  sampleCode: false,
  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() },

  // 2.257.0 is the first release whose L1s carry every credential shape of every location type,
  // and the first that runs on Node 20 and later only, as the handlers and the emulator do.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1', // what cdk-nag 3 asks for
  jsiiVersion: '~6.0.16',
  typescriptVersion: '~6.0.3',

  publishToPypi: { distName: 'cdk-datasync', module: 'cdk_datasync', trustedPublishing: true },
  npmTrustedPublishing: true,
  npmAccess: javascript.NpmAccess.PUBLIC,
  workflowNodeVersion: '24', // trusted publishing needs its npm
  depsUpgradeOptions: { cooldown: 5 },
  bin: { 'cdk-datasync': 'assets/emulator/cli/index.js' },

  devDeps: [
    `aws-cdk@${CDK_CLI}`,
    // bundled into the handler and the emulator, never a dependency of the published package
    ...['client-cloudformation', 'client-datasync', 'client-s3', 'client-ssm', 'lib-storage'].map(name => `@aws-sdk/${name}@${AWS_SDK}`),
    '@azure/storage-blob@12.32.0', // the last release for Node 20
    '@commitlint/cli@20.5.3', // 21 needs Node 22
    '@smithy/node-http-handler',
    '@types/aws-lambda',
    '@types/cli-progress',
    '@types/node@^20',
    'azurite@3.35.0', // a Blob endpoint for the tests; the last release for Node 20
    'cdk-nag@^3.0.2',
    'cli-progress',
    'commander@^14', // 15 needs Node 22
    'fast-check@^4',
    'jest-environment-node@^30.5.2',
    'playwright-core@1.60.0', // drives the emulator's page in the tests, in the browser that is installed
    'tsx@^4',
  ],

  // Everything that is not the library itself lives outside `src`, so jsii never sees it.
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: {
      isolatedModules: true,
      types: ['node', 'jest'],
      esModuleInterop: true,
      paths: { 'cdk-datasync': ['./src'], 'cdk-datasync/emulator': ['./emulator'] }, // examples import the library as its users do
    },
  },
  eslintOptions: {
    dirs: ['src', 'emulator'],
    devdirs: ['test', 'examples', 'bench', 'tools'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
  },
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      maxWorkers: '100%', // no test shares a port or a folder with another one
      testEnvironment: '<rootDir>/test/support/jest-environment.ts',
      globalSetup: '<rootDir>/test/support/temporary-folder.ts',
      globalTeardown: '<rootDir>/test/support/remove-temporary-folder.ts',
      testTimeout: 30 * 60_000, // only what hangs takes so long: how fast a machine is must not decide about a test
      moduleNameMapper: { '^cdk-datasync$': '<rootDir>/src', '^cdk-datasync/emulator$': '<rootDir>/emulator' },
    },
  },
  gitignore: ['/.local/', 'cdk.out/', '__pycache__/', '.venv/', '/examples/*/*/projects/', '/.jsii.tabl.json'],
});

// 1.13.0 came without the binaries of most platforms, and a lock file that lacks them cannot be installed.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// The tarball, and with it the wheel, holds the library and its bundles only.
for (const path of ['.ci', '.local', 'bench', 'docs', 'emulator', 'examples', 'python', 'rosetta', 'tools', 'CONTRIBUTING.md', 'SECURITY.md', 'lib/custom-resource/*.*', 'lib/task-execution/handler', 'lib/agent/activation/handler', 'lib/agent/activation/fetcher', '.jsii.tabl.json']) {
  project.addPackageIgnore(`/${path}`);
}

for (const folder of ['emulator', 'examples', 'bench', 'tools']) project.tsconfigDev.addInclude(`${folder}/**/*.ts`);
project.tsconfigDev.addInclude('.projenrc.ts');

project.tryRemoveFile('projenrc/tsconfig.json'); // there is no projenrc/ folder

/** What `import.meta.url` is in CommonJS, under another name. */
const MODULE_URL = "const moduleUrl=require('url').pathToFileURL(__filename).href;";

// The Lambda functions: one bundle with the SDK inside, so that it never depends on the SDK of the runtime.
project.bundler.addBundle('src/task-execution/handler/index.ts', {
  platform: 'node',
  target: 'node20',
  minify: true,
  outfile: '../index.js', // assets/task-execution/handler/index.js
  esbuildArgs: {
    '--main-fields': 'module,main', // a third of the size: what is not used can be told from ES modules only
    // In Lambda the credentials stand in the environment; the SDK's search through files, SSO and metadata services stays outside.
    '--alias:@aws-sdk/credential-provider-node': './src/custom-resource/environment-credentials',
  },
  watchTask: false,
});
for (const name of ['handler', 'fetcher']) {
  project.bundler.addBundle(`src/agent/activation/${name}/index.ts`, {
    platform: 'node',
    target: 'node20',
    minify: true,
    outfile: '../index.js', // assets/agent/activation/<name>/index.js
    esbuildArgs: { '--main-fields': 'module,main', '--alias:@aws-sdk/credential-provider-node': './src/custom-resource/environment-credentials' },
    watchTask: false,
  });
}
// The command: chunks, of which each command loads what it needs and nothing else. esbuild splits ES modules only, and Node.js loads CommonJS
// faster, so that each chunk is turned into it. They have names by their content, so that old ones have to go.
project.bundler.bundleTask.exec([
  'rm -rf .local/command assets/emulator/cli',
  '&& esbuild --bundle index=emulator/cli.ts --splitting --format=esm --outdir=.local/command --chunk-names=[name]-[hash]',
  '--platform=node --target=node20 --main-fields=module,main --define:import.meta.url=moduleUrl --log-level=warning',
  '&& esbuild .local/command/*.js --format=cjs --outdir=assets/emulator/cli --platform=node --target=node20 --minify --supported:dynamic-import=false',
  `--log-level=warning --banner:js="'use strict';${MODULE_URL}"`,
  '&& chmod +x assets/emulator/cli/index.js',
].join(' '));
// The emulator: one file with everything inside for `import { startEmulator } from 'cdk-datasync/emulator'`.
const emulatorBundle = {
  platform: 'node',
  target: 'node20',
  minify: true,
  watchTask: false,
  esbuildArgs: {
    '--main-fields': 'module,main',
    // the client of Azure asks ES modules where they are, which a bundle for require() knows by another name
    '--define:import.meta.url': 'moduleUrl',
    // Jest refuses import() in what it loads with require(), and the SDK asks for node:http that way
    '--supported:dynamic-import': 'false',
    '--banner:js': MODULE_URL,
  },
};
// What it puts into templates, of which they take 4,096 characters.
project.bundler.addBundle('emulator/cdk/custom-resource.ts', { platform: 'node', target: 'node20', minify: true, watchTask: false, outfile: '../../cli/custom-resource.js' });
project.bundler.addBundle('emulator/index.ts', emulatorBundle);
project.bundler.addBundle('emulator/backends/directory/thread.ts', emulatorBundle); // a thread of the emulator needs a file of its own
project.bundler.addBundle('emulator/console/page/main.ts', { platform: 'browser', target: 'es2022', minify: true, watchTask: false }); // the script of the emulator's page
// What the command needs of MiniStack's packages, beside the bundle that reads it.
project.bundler.bundleTask.exec('cp emulator/local-stack/requirements.txt assets/emulator/cli/');
project.bundler.bundleTask.exec([
  'tsc --ignoreConfig emulator/index.ts --rootDir . --outDir assets/emulator/types --declaration --emitDeclarationOnly',
  '--target es2022 --module node16 --types node --strict --esModuleInterop --resolveJsonModule --skipLibCheck',
].join(' '));
// Of all the types that the compiler writes, those of `startEmulator` and what they refer to are shipped.
project.addPackageIgnore('/assets/**/*.d.ts');
for (const name of ['index', 'options', 'clock', 'faults/plan', 'model/events', 'model/task-availability', 'provision/types']) {
  project.addPackageIgnore(`!/assets/emulator/types/emulator/${name}.d.ts`);
}
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './emulator': { types: './assets/emulator/types/emulator/index.d.ts', default: './assets/emulator/index/index.js' },
  './*': './*', // everything else as it would be without `exports`; jsii needs package.json and .jsii
});
project.package.addField('typesVersions', { '*': { emulator: ['assets/emulator/types/emulator/index.d.ts'] } }); // for compilers that do not know `exports`

project.jest!.addTestMatch('<rootDir>/examples/**/*.test.ts'); // that of an example runs as it is shown

// `npm test` is the tests and nothing else, from a fresh clone: the bundles come first, lint has a task of its own.
project.testTask.reset('jest --ci', { receiveArgs: true });
project.testTask.prependSpawn(project.bundler.bundleTask);

// The floor is what is installed; the newest release has to do as well.
const latest = '.local/cdk-latest';
project.addTask('test:latest', {
  description: `Run the tests of the constructs on aws-cdk-lib ${CDK_LATEST['aws-cdk-lib']}`,
  steps: [
    { spawn: project.bundler.bundleTask.name },
    { exec: `npm install --no-save --no-audit --no-fund --prefix ${latest} ${Object.entries(CDK_LATEST).map(([name, version]) => `${name}@${version}`).join(' ')}` },
    {
      execArgs: [
        'jest', '--ci',
        '--testPathPatterns', 'test/[^/]*\\.test\\.ts$', 'test/(location|monitoring|private|validation)/',
        'test/(agent|task-execution)/[^/]*\\.test\\.ts$', 'test/api/l1-coverage',
        '--moduleNameMapper',
        JSON.stringify(Object.fromEntries(Object.keys(CDK_LATEST).map(name => [`^${name}($|/.*)`, `<rootDir>/${latest}/node_modules/${name}$1`]))),
      ],
    },
  ],
});

// The changelog and the next version are made of the commits' messages, so they are checked: a prefix that says what kind of change it is, and a body that says why.
new JsonFile(project, '.commitlintrc.json', {
  marker: false, // commitlint refuses members that it does not know
  obj: {
    parserPreset: {
      parserOpts: {
        headerPattern: '^(\\w*)(?:\\(([^()]*)\\))?!?: (.*)$', // the default one does not know the `!` of a breaking change
        headerCorrespondence: ['type', 'scope', 'subject'],
        noteKeywords: ['BREAKING CHANGE', 'BREAKING-CHANGE'],
      },
    },
    defaultIgnores: false, // merges, "fixup!" and the like do not stay in the history
    rules: {
      'type-enum': [2, 'always', ['feat', 'fix', 'docs', 'test', 'refactor', 'perf', 'build', 'ci', 'chore', 'style', 'revert']],
      'type-empty': [2, 'never'],
      'type-case': [2, 'always', 'lower-case'],
      'subject-empty': [2, 'never'],
      'header-max-length': [2, 'always', 100],
      'header-trim': [2, 'always'],
      'body-leading-blank': [2, 'always'],
      'body-empty': [2, 'never'],
    },
  },
});
project.addPackageIgnore('/.commitlintrc.json');
project.addPackageIgnore('/.gitmessage');
project.addTask('commits', { description: 'Check the messages of the commits', exec: '.ci/check-commits' });

project.addTask('typecheck', { description: 'Check the types of everything, tests and tools included', exec: 'tsc --noEmit -p tsconfig.dev.json' });

// Without source maps the library is a third of the size, and imports faster. Nobody debugs it from a package.
for (const option of ['inlineSourceMap', 'inlineSources']) project.tsconfig!.file.addOverride(`compilerOptions.${option}`, false);

// Users load what they use. A build by jsii alone works as well, and loads everything.
project.compileTask.exec('tsx tools/load-when-used.ts');

// Every snippet of the README and of the docstrings compiles, or the build fails.
const rosetta = project.addTask('rosetta', { description: 'Compile every documentation snippet', exec: 'jsii-rosetta extract --strict' });
project.postCompileTask.spawn(rosetta);
project.package.addField('jsii', { ...project.package.manifest.jsii, metadata: { jsii: { rosetta: { strict: true } } } });

// Values in `src` are imported one way, from the top of this list to the bottom: index, monitoring, task-execution, task, location and agent, private (what
// constructs are made with), validation (rules, without a construct), ground (values that need nothing, which the functions carry too).
// Types may be imported from anywhere.
const GROUND = {
  '': ['filter', 'options', 'task-mode', 'task-status'],
  'location/': ['location-kinds', 'location-type', 's3-storage-class'],
  'task-execution/': ['compared-fields', 'completion', 'contract', 'cron-grammar', 'date-pattern', 'field', 'filter-grammar', 'if-running', 'normal-form', 'on-delete-failure', 'on-timeout', 'run-on', 'task-execution-status'],
};
const ground = Object.values(GROUND).flat().join('|');
const LAYERS: Array<{ readonly files: string[]; /** What imports of it look like. */ readonly modules: string }> = [
  { files: ['src/index.ts'], modules: 'index$' },
  { files: ['src/monitoring/**'], modules: 'monitoring/' },
  { files: ['src/task-execution/*.ts', 'src/task-execution/provider/**'], modules: `task-execution/(?!(${ground})$)` },
  { files: ['src/task.ts', 'src/task-*.ts', 'src/manifest.ts'], modules: '(manifest|task(-base|-events|-grants|-metrics|-report|-schedule)?)$' },
  { files: ['src/location/**', 'src/agent/**'], modules: `(location|agent)/(?!(${ground})$)` },
  { files: ['src/private/**'], modules: 'private/' },
  { files: ['src/validation/**'], modules: 'validation/' },
];
const oneWay = (files: string[], regex: string, message: string) => project.eslint?.addOverride({
  files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex, allowTypeImports: true, message }] }] },
});
for (const [index, { files }] of LAYERS.entries()) {
  const above = LAYERS.slice(0, index).map(({ modules }) => modules);
  if (above.length > 0) oneWay(files, `^(\\.\\.?/)+(${above.join('|')})`, 'Values are imported from the same layer or one below: see LAYERS in .projenrc.ts. Types may be: import type.');
}
oneWay(Object.entries(GROUND).flatMap(([folder, names]) => names.map(name => `src/${folder}${name}.ts`)), `^\\.(?!.*/(${ground})$)`,
  'What is at the ground needs nothing of the other layers: see GROUND in .projenrc.ts. Types may be: import type.');
oneWay(['src/task-execution/handler/**', 'src/agent/activation/handler/**', 'src/agent/activation/fetcher/**'], '^(aws-cdk-lib|constructs)', 'The functions do not carry the CDK. Types may be: import type.');

// One hand everywhere: these are decided here, not by who writes.
project.eslint?.addRules({
  'import/enforce-node-protocol-usage': ['error', 'always'],
  'import/consistent-type-specifier-style': ['error', 'prefer-top-level'],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/array-type': ['error', { default: 'array-simple' }],
  '@typescript-eslint/explicit-member-accessibility': ['error', { overrides: { constructors: 'no-public' } }],
});

// What is bundled is a development dependency, also where it is imported.
project.eslint?.addOverride({
  files: ['emulator/**', 'src/custom-resource/**', 'src/task-execution/handler/**', 'src/agent/activation/handler/**'],
  rules: { 'import/no-extraneous-dependencies': ['error', { devDependencies: true }] },
});

// The wheel has a command of our own, as the one that jsii generates takes 10 seconds to start.
project.tasks.tryFind('package:python')!.reset('python/build dist/python');

// In the emulator values are imported towards the ground only: from what comes before in these lists. What is only a type may come from anywhere.
const EMULATOR_FROM_THE_GROUND = [
  'errors', 'clock', 'system', 'text', 'option-checks', 'options', 'engine', 'model', 'local-services', 'http', 'faults', 'schedule', 'manifest', 'report',
  'observe', 'backends', 'lifecycle', 'persistence', 'state', 'api', 'console', 'control-api', 'server', 'cdk', 'provision', 'index', 'local-stack', 'cli',
];
const BACKENDS_FROM_THE_GROUND = ['owner-names', 'implied-folders', 'object-metadata', 'object-source', 'directory', 's3', 'azure-blob', 'decorators'];
interface ForbiddenImport {
  readonly regex: string;
  readonly allowTypeImports: true;
  readonly message: string;
}
function importDownwards(root: string, names: readonly string[], forbidden: readonly ForbiddenImport[] = []): void {
  const message = `values are imported towards the ground only: see the order of what is in ${root} in .projenrc.ts`;
  names.slice(0, -1).forEach((name, index) => {
    const isFile = existsSync(`${root}/${name}.ts`);
    const regex = `^${isFile ? '\\./' : '(?:\\.\\./)+'}(?:${names.slice(index + 1).join('|')})(?:/|$)`;
    const patterns = [...forbidden, { regex, allowTypeImports: true as const, message }];
    project.eslint?.addOverride({
      files: [`${root}/${name}${isFile ? '.ts' : '/**'}`],
      rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
    });
    if (name === 'backends') importDownwards(`${root}/${name}`, BACKENDS_FROM_THE_GROUND, patterns);
  });
}
importDownwards('emulator', EMULATOR_FROM_THE_GROUND);

project.eslint?.addOverride({
  files: ['emulator/**'],
  rules: {
    'no-restricted-syntax': ['error', {
      selector: 'CallExpression[callee.name=/^mkdir/] Property[key.name="recursive"]',
      message: 'Below a folder such as /proc it never comes back: use makeFolder of system/make-folder.',
    }],
  },
});

// The publisher's default registry is the right one; no need to name it.
project.tryFindObjectFile('.github/workflows/release.yml')?.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');

project.addTask('demo', { description: 'Deploy an example app to a local stack and copy real files', receiveArgs: true })
  .spawn(project.bundler.bundleTask);
project.tasks.tryFind('demo')!.exec('tsx examples/local-demo/demo.ts', { receiveArgs: true });

project.addTask('bench', { description: 'Measure the budgets', receiveArgs: true })
  .spawn(project.bundler.bundleTask);
project.tasks.tryFind('bench')!.spawn(project.compileTask); // the library is measured as users load it
project.tasks.tryFind('bench')!.exec('tsx bench/bench.ts', { receiveArgs: true });

project.synth();
