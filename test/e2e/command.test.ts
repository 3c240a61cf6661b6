/**
 * `cdk-datasync deploy` and its like, in a project of a user who has credentials everywhere.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { callAws } from '../../emulator/local-services/aws-call';
import type { ProcessIdentity } from '../../emulator/local-stack/process-group';
import { isProcessAlive } from '../../emulator/local-stack/process-group';
import type { LocalStackState } from '../../emulator/local-stack/state-file';
import { readState } from '../../emulator/local-stack/state-file';
import type { CommandEnded } from '../support/cdk-project';
import { CdkProject } from '../support/cdk-project';

const MINUTE = 60_000;

/** Two stacks: one that leaves account and Region open, and one that does not. The bucket of the second is not empty, which no template can make it. */
const APP = `
  const copy = new Stack(app, 'Copy');
  new CfnOutput(copy, 'GivenValue', { value: new CfnParameter(copy, 'Given', { default: 'default' }).valueAsString });
  new ec2.Vpc(copy, 'Vpc');
  const bucket = new s3.Bucket(copy, 'Bucket');
  const task = new datasync.Task(copy, 'Task', {
    source: new datasync.NfsLocation(copy, 'Share', {
      serverHostname: 'fileserver.example.com', subdirectory: '/export',
      agents: [datasync.Agent.fromAgentArn(copy, 'Agent', 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0')],
    }),
    destination: new datasync.S3Location(copy, 'Copies', { bucket }),
  });
  new CfnOutput(copy, 'Arn', { value: new datasync.TaskExecution(copy, 'Start', { task }).taskExecutionArn });
  const other = new Stack(app, 'Other', { env: { account: '111122223333', region: 'eu-west-1' } });
  other.addDependency(copy);
  new CfnOutput(other, 'Zones', { value: other.availabilityZones.join(' ') });
  const second = new datasync.Task(other, 'Task', {
    source: new datasync.S3Location(other, 'From', { bucket: new s3.Bucket(other, 'FromBucket') }),
    destination: new datasync.S3Location(other, 'To', { bucket: new s3.Bucket(other, 'ToBucket') }),
  });
  new CfnOutput(other, 'Arn', { value: new datasync.TaskExecution(other, 'Start', { task: second }).taskExecutionArn });
`;

describe('deploy', () => {
  let project: CdkProject;
  let before: Record<string, string>;
  let share: string;
  let deployed: CommandEnded;

  beforeAll(async () => {
    project = new CdkProject();
    project.app(APP);
    before = project.files();
    share = join(project.stackFolder, '..', 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'one'), 'first');
    writeFileSync(join(share, 'two'), 'second');
    deployed = await project.run(['deploy', '--mount', `nfs://fileserver.example.com/export=${share}`, '--env', 'MINE', '--env', 'OTHER=a=b', '--parameters', 'Copy:Given=value']);
  }, 5 * MINUTE);

  afterAll(() => project.remove());

  test('says first where it goes and that functions run with the rights of the user', () => {
    expect(deployed.stdout.split('\n')[0]).toBe('Deploying to this machine. Nothing goes to AWS; functions of the app run here, with your rights.');
    expect(deployed).toMatchObject({ code: 0, stderr: '' });
  });

  test('says what each execution copied, the outputs, and how to stop it', () => {
    expect(deployed.stdout).toMatch(/^exec-[0-9a-f]{17}: SUCCESS, 2 items \(11 B\) copied, 1 skipped, 0 deleted, 0 failed, in /m);
    expect(deployed.stdout).toMatch(/^Outputs:\n( {2}\S+ = .*\n)*? {2}Copy\.Arn = arn:aws:datasync:us-east-1:000000000000:task\/.*\/execution\//m);
    expect(deployed.stdout).toMatch(/^ {2}Copy\.GivenValue = value$/m);
    expect(deployed.stdout).toMatch(/"npx cdk-datasync down" stops it\.\n$/);
  });

  test('answers the lookup of availability zones, which a VPC makes in a stack with an account and Region', () => {
    expect(deployed.stdout).toMatch(/^Availability zones are not looked up in AWS; here they are eu-west-1a, eu-west-1b, eu-west-1c$/m);
    expect(deployed.stdout).toMatch(/^ {2}Other\.Zones = eu-west-1a eu-west-1b eu-west-1c$/m);
  });

  test('says what is not really there', () => {
    expect(deployed.stdout).toMatch(/^Not really there: 2 AWS::EC2::NatGateway \(\w+, \w+\); a stand-in answers for them$/m);
  });

  test('changes nothing in the project and the home folder, also not cdk.out and cdk.context.json', () => {
    expect(project.files()).toEqual(before);
  });

  test('loads no plugin of cdk.json and ~/.cdk.json', () => {
    expect(existsSync(join(project.seen, 'plugin'))).toBe(false);
  });

  test('gives the app the context of the project, its home folder, and no credentials but those of the local stack', () => {
    const environment = project.environment();
    expect(JSON.stringify(environment)).not.toMatch(/AKIAREAL|"real"|prod\b|eu-west-3/);
    expect(JSON.parse(environment.CDK_CONTEXT_JSON)).toMatchObject({ known: 'value' });
    expect(environment).toMatchObject({ HOME: join(project.stackFolder, '..', 'home'), MINE: 'yes', OTHER: 'a=b', AWS_EC2_METADATA_DISABLED: 'true' });
    const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_DATASYNC, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, ...others } = Object.fromEntries(
      Object.entries(environment).filter(([name]) => name.startsWith('AWS_')),
    );
    for (const url of [AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_DATASYNC]) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    for (const file of [AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE]) expect(readFileSync(file, 'utf8')).toBe('');
    expect(others).toEqual({
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
  });

  test('bootstraps and deploys each account and Region that the stacks name', async () => {
    expect(deployed.stdout.match(/^Bootstrapping .*/gm)).toEqual(['Bootstrapping aws://000000000000/us-east-1', 'Bootstrapping aws://111122223333/eu-west-1']);
    expect(deployed.stdout).toMatch(/^ {2}Other\.Arn = arn:aws:datasync:eu-west-1:111122223333:task\//m);
    expect(deployed.stdout.match(/: SUCCESS, /g)).toHaveLength(2);
  });

  test('takes no port that is usual, and what runs is in the state file', () => {
    const { miniStack, emulator } = readState(project.stackFolder)!;
    expect([miniStack, emulator!].map(isProcessAlive)).toEqual([true, true]);
    expect([miniStack.url, emulator!.url].filter(url => /:(4566|4580)$/.test(url))).toEqual([]);
  });

  test('of the unchanged app starts nothing, with the servers that run', async () => {
    const servers = readState(project.stackFolder);
    const { code, stdout } = await project.run(['deploy']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing was started: what is transferred has not changed since the last deployment\.$/m);
    expect(stdout).not.toMatch(/Starting|Availability zones|Bootstrapping|^exec-/m);
    expect(readState(project.stackFolder)).toEqual(servers);
  }, 2 * MINUTE);

  test('cdk passes a command through', async () => {
    const diff = await project.run(['cdk', 'diff', 'Copy']);
    expect(diff.stdout + diff.stderr).toContain('There were no differences');
    expect(diff.code).toBe(0);
    expect(project.files()).toEqual(before);
    expect(existsSync(join(project.seen, 'plugin'))).toBe(false);
  }, 2 * MINUTE);

  test('env prints what leads a client there, and status what is there', async () => {
    const { stdout } = await project.run(['env']);
    expect(stdout).toContain(`export AWS_ENDPOINT_URL='${readState(project.stackFolder)!.miniStack.url}'\n`);
    expect(stdout).toContain('unset AWS_PROFILE\nunset AWS_SESSION_TOKEN\n');
    const other = await project.run(['env', '--account', '111122223333', '--region', 'eu-west-1']);
    expect(other.stdout).toContain("export AWS_ACCESS_KEY_ID='111122223333'\n");
    expect(other.stdout).toContain("export AWS_DEFAULT_REGION='eu-west-1'\n");
    const status = await project.run(['status']);
    expect(status.stdout).toContain(`AWS       ${readState(project.stackFolder)!.miniStack.url}\n`);
    expect(status.stdout).toMatch(/^exec-\S+ +SUCCESS/m);
  });

  test.each([
    ['--root', () => [share]], ['--mount', () => [`nfs://fileserver.example.com/export=${project.folder}`]], ['--port', () => ['4581']],
  ])('another %s than that of the running servers is an error that names down', async (option, value) => {
    const { code, stderr } = await project.run(['deploy', option, ...value()]);
    expect(stderr).toMatch(/^error: the local stack runs with --\w+ \S+; stop it with "npx cdk-datasync down" first, or leave these options out$/m);
    expect(code).toBe(1);
    expect([readState(project.stackFolder)!.miniStack].map(isProcessAlive)).toEqual([true]);
  });

  test('Ctrl-C stops what the command started, and nothing that ran before', async () => {
    const { code, stderr } = await project.run(['deploy'], { onOutput: (output, child) => { if (output.includes('\nSynthesizing')) child.kill('SIGINT'); } });
    expect(stderr).toMatch(/\nStopping\nStopped\n$/);
    expect(code).toBe(130);
    const { miniStack, emulator } = readState(project.stackFolder)!;
    expect([miniStack, emulator!].map(isProcessAlive)).toEqual([true, true]);
  }, MINUTE);

  test('down stops it all, leaves nothing, and can be said again', async () => {
    const { miniStack, emulator } = readState(project.stackFolder)!;
    expect(await project.run(['down'])).toMatchObject({ code: 0, stdout: 'The local stack is stopped.\n' });
    expect([miniStack, emulator!].map(isProcessAlive)).toEqual([false, false]);
    expect(project.left()).toEqual([]);
    expect(await project.run(['down'])).toMatchObject({ code: 0, stdout: 'No local stack was running.\n' });
  }, MINUTE);
});

/** Its execution takes minutes. */
const SLOW = `
  const stack = new Stack(app, 'Slow');
  const task = new datasync.Task(stack, 'Task', {
    source: new datasync.NfsLocation(stack, 'Share', {
      serverHostname: 'fileserver.example.com', subdirectory: '/export',
      agents: [datasync.Agent.fromAgentArn(stack, 'Agent', 'arn:aws:datasync:us-east-1:000000000000:agent/agent-0123456789abcdef0')],
    }),
    destination: new datasync.S3Location(stack, 'Copies', { bucket: new s3.Bucket(stack, 'Bucket') }),
    options: { bytesPerSecond: 1024 },
  });
  new CfnOutput(stack, 'Arn', { value: new datasync.TaskExecution(stack, 'Start', { task }).taskExecutionArn });
`;

const EMPTY = "new s3.Bucket(new Stack(app, 'Stack'), 'Bucket');";

describe('a deployment that cannot be', () => {
  let project: CdkProject;
  beforeEach(() => {
    project = new CdkProject();
    project.app(EMPTY);
  });
  afterEach(() => project.remove());

  /** One clear line, and everything is as it was. */
  async function fails(args: string[], message: RegExp, options: Parameters<CdkProject['run']>[1] = {}): Promise<void> {
    const before = project.files();
    const { code, stderr } = await project.run(args, options);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim().split('\n').filter(line => !line.startsWith('logs: ')).join('\n')).toMatch(message);
    expect(code).toBe(1);
    expect(project.left()).toEqual([]);
    expect(project.files()).toEqual(before);
  }

  test.each<[string, (p: CdkProject) => void, string[], RegExp]>([
    ['an app that does not synthesize', p => p.app("throw new Error('no such thing');"), [], /^error: the app does not synthesize: Error: no such thing/],
    ['an app that misses a variable that is set here', p => p.app("if (!process.env.MINE) throw new Error('MINE must be set');"), [],
      /^error: the app does not synthesize: Error: MINE must be set \(\S+app\.ts:\d+:\d+\); of your environment the app gets only what was asked for: give --env MINE$/],
    ['an app that makes no assembly', p => writeFileSync(join(p.folder, 'cdk.json'), '{ "app": "echo nothing" }'), [],
      /^error: the app does not synthesize: Error: the command of the app has ended well and made no cloud assembly; call app\.synth\(\) at its end$/],
    ['a command that says nothing and fails', p => writeFileSync(join(p.folder, 'cdk.json'), '{ "app": "exit 7" }'), [],
      /^error: the app does not synthesize: it ended with 7$/],
    ['a resource without a stand-in', p => p.app("new CfnResource(new Stack(app, 'Stack'), 'Channel', { type: 'AWS::IVS::Channel' });"), [],
      /^error: Stack\.template\.json: Channel has the type AWS::IVS::Channel, which MiniStack does not have and nothing here can stand in for; leave it out/],
    ['an app that looks up what is in AWS', p => p.app("ec2.Vpc.fromLookup(new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } }), 'Vpc', { isDefault: true });"),
      [], /^error: the app needs a context lookup, which a local stack cannot answer: .*; run "npx cdk synth" once against AWS/],
    ['a parameter without a value', p => p.app("new CfnParameter(new Stack(app, 'Stack'), 'Name');"), [],
      /^error: the deployment failed: .*missing a value: Name; give --parameters Name=VALUE$/],
    ['a location of another account', p => p.app(`const stack = new Stack(app, 'Stack');
      const of = (id: string) => datasync.Location.fromLocationArn(stack, id, 'arn:aws:datasync:us-east-1:999999999999:location/loc-' + id);
      new datasync.Task(stack, 'Task', { source: of('0123456789abcdef0'), destination: of('0123456789abcdef1') });`), [],
    /^error: the deployment failed: Task \(Custom::DataSyncTask\): CreateTask: .*999999999999/],
  ])('%s', async (_, arrange, args, message) => {
    arrange(project);
    await fails(['deploy', ...args], message);
  }, 2 * MINUTE);

  test('a server that dies in the middle', async () => {
    await fails(['deploy'], /^error: MiniStack has ended in the middle of it; look at its log, and start again$/, {
      onOutput: output => {
        if (output.endsWith('Deploying\n')) process.kill(readState(project.stackFolder)!.miniStack.pid, 'SIGKILL');
      },
    });
  }, 2 * MINUTE);

  test.each<[string, (servers: LocalStackState) => ProcessIdentity]>([
    ['the DataSync emulator', ({ emulator }) => emulator!], ['MiniStack', ({ miniStack }) => miniStack],
  ])('%s that dies while the end of an execution is waited for', async (name, server) => {
    project.app(SLOW);
    const share = join(project.seen, 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'large'), 'x'.repeat(100_000));
    let isKilled = false;
    await fails(['deploy', '--mount', `nfs://fileserver.example.com/export=${share}`], new RegExp(`^error: ${name} has ended in the middle of it; look at its log`), {
      onOutput: output => {
        if (isKilled || !output.includes('\nOutputs:')) return;
        isKilled = true;
        process.kill(server(readState(project.stackFolder)!).pid, 'SIGKILL');
      },
    });
  }, 2 * MINUTE);

  test('a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    try {
      await fails(['deploy', '--port', String(port)], new RegExp(`^error: port ${port} cannot be used \\(EADDRINUSE\\); take another --port, or leave it out`));
      const { stdout } = await project.run(['up', '--port', String(port)]);
      expect(stdout).toBe(''); // nothing was started for nothing
    } finally {
      server.close();
    }
  }, MINUTE);

  test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ['no Python 3.10', ['deploy'], { XDG_CACHE_HOME: '/nowhere', PYTHON: '/nowhere/python' },
      /^error: Python 3\.10 or newer is needed, but PYTHON=\/nowhere\/python is not one; install it, or name it in the environment variable PYTHON$/],
    ['a root that is no folder', ['deploy', '--root', 'app.ts'], {}, /^error: option '--root <folder>' argument 'app\.ts' is invalid\. it must be an existing folder\.$/],
    ['a mount that is no folder', ['deploy', '--mount', 'nfs://host/export=app.ts'], {}, /^error: option '--mount <uri=folder>' .*app\.ts/],
    ['a file for outputs in no folder', ['deploy', '--outputs-file', 'none/outputs.json'], {},
      /^error: option '--outputs-file <file>' argument 'none\/outputs\.json' is invalid\. it must be in a folder that exists, and \S+none does not\.$/],
    ['a stack by its name', ['deploy', 'MyStack', 'Other'], {}, /^error: deploy takes all stacks of the app; for some, run "npx cdk-datasync cdk deploy MyStack Other"$/],
    ['an option of the CDK CLI', ['deploy', '--hotswap'], {},
      /^error: unknown option '--hotswap'\n\(An option of the CDK CLI\? Run "npx cdk-datasync cdk deploy" with it\.\)$/],
    ['an account that is none', ['deploy', '--account', '1234'], {}, /^error: option '--account <number>' argument '1234' is invalid\. it must have 12 digits\.$/],
    ['a variable with credentials', ['deploy', '--env', 'AWS_PROFILE'], {}, /a variable that can lead to AWS is not passed on\.$/],
    ['a variable that is not set', ['deploy', '--env', 'NONE'], {}, /argument 'NONE' is invalid\. there is no such variable here; give NONE=VALUE\.$/],
    ['a Region that is none', ['deploy', '--region', 'us-east'], {}, /argument 'us-east' is invalid\. it must be a Region, such as us-east-1\.$/],
    ['a fault plan that is a folder', ['deploy', '--faults', '.'], {}, /^error: option '--faults <file>' argument '\.' is invalid\. there is no such file; give/],
    ['a value of a parameter without a name', ['deploy', '--parameters', 'x'], {}, /argument 'x' is invalid\. it must be NAME=VALUE, or STACK:NAME=VALUE\.$/],
    ['a command that changes the project', ['cdk', 'context', '--clear'], {}, /^error: "cdk context" changes the project and needs no local stack; run "npx cdk context"$/],
    ['a profile', ['cdk', 'deploy', '--profile', 'prod'], {}, /^error: --profile is set by "cdk-datasync cdk" itself; leave it out, or run "npx cdk" against AWS$/],
    ['a local stack in a file', ['up'], { CDK_DATASYNC_STACK: 'app.ts' },
      /^error: \S+app\.ts, the folder of the local stack, cannot be made \(EEXIST\); name another in CDK_DATASYNC_STACK$/],
    ['a local stack in a folder that takes no files', ['up'], { CDK_DATASYNC_STACK: '/proc/self' },
      /^error: \/proc\/self, the folder of the local stack, cannot be written to \(ENOENT\); name another in CDK_DATASYNC_STACK$/],
    ['env without a local stack', ['env'], {}, /^error: no local stack is running; start it with "npx cdk-datasync up"$/],
  ])('%s', async (_, args, env, message) => {
    await fails(args, message, { env });
  }, MINUTE);

  test('no network to install MiniStack leaves no half of an environment', async () => {
    const cache = join(project.seen, 'cache');
    await fails(['deploy'], /^error: cannot install MiniStack: ERROR: .*; the first start needs the network, and pip takes a proxy from HTTPS_PROXY/, {
      env: { XDG_CACHE_HOME: cache, PIP_INDEX_URL: 'http://127.0.0.1:1/simple', PIP_NO_CACHE_DIR: '1', PIP_CONFIG_FILE: '/dev/null' },
    });
    expect(readdirSync(join(cache, 'cdk-datasync/venv'))).toEqual([]);
  }, 2 * MINUTE);

  test.each<[string, (p: CdkProject) => void, RegExp]>([
    ['no cdk.json', p => rmSync(join(p.folder, 'cdk.json')), /^error: there is no \S+cdk\.json; go to the folder of a CDK app, or make one with "npx cdk init/],
    ['a cdk.json that is none', p => writeFileSync(join(p.folder, 'cdk.json'), '{'), /^error: \S+cdk\.json is not JSON: /],
    ['no app', p => writeFileSync(join(p.folder, 'cdk.json'), '{}'), /^error: \S+cdk\.json has no "app": write there how the app is started/],
  ])('%s', async (_, arrange, message) => {
    arrange(project);
    await fails(['deploy'], message);
  });

  test.each([
    ['Starting MiniStack', 'deploy'], ['Starting the DataSync emulator', 'up'], ['Synthesizing', 'deploy'], ['Bootstrapping', 'deploy'],
  ])('Ctrl-C at "%s" of %s stops the servers that it started, and leaves nothing', async (line, command) => {
    const servers: LocalStackState[] = [];
    const { code, stderr } = await project.run([command], {
      onOutput: (output, child) => {
        const state = readState(project.stackFolder);
        if (state) servers.push(state);
        if (output.includes(`\n${line}`) || output.startsWith(line)) child.kill('SIGINT');
      },
    });
    expect(stderr).toBe('\nStopping\nStopped\n');
    expect(code).toBe(130);
    expect(servers.flatMap(({ miniStack, emulator }) => [miniStack, ...emulator ? [emulator] : []]).filter(isProcessAlive)).toEqual([]);
    expect(existsSync(project.stackFolder) ? readdirSync(project.stackFolder) : []).toEqual([]);
  }, MINUTE);

  test('two at once: one of the same app is refused, one of another app goes on when the one that has started the servers fails', async () => {
    project.config({ app: 'sleep 25; exit 7' });
    const other = new CdkProject();
    other.app(EMPTY);
    let both: Promise<CommandEnded[]> | undefined;
    try {
      const first = await project.run(['deploy'], {
        onOutput: output => {
          const env = { CDK_DATASYNC_STACK: project.stackFolder };
          if (output.includes('\nSynthesizing')) both ??= Promise.all([project.run(['deploy']), other.run(['deploy'], { env })]);
        },
      });
      const [same, another] = await both!;
      expect(same).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: process \d+ deploys this app right now; wait until it has ended\n$/) });
      expect(another).toMatchObject({ code: 0, stderr: '' });
      expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining('error: the app does not synthesize: it ended with 7') });
    } finally {
      await project.run(['down']);
      other.remove();
    }
  }, 3 * MINUTE);

  test('an output that another stack begins to read is there for it', async () => {
    const app = (reads: boolean) => `
      const from = new Stack(app, 'From');
      const bucket = new s3.Bucket(from, 'Bucket');
      const to = new Stack(app, 'To');
      new CfnOutput(to, 'Value', { value: ${reads ? 'bucket.bucketArn' : "'none'"} });
      new s3.Bucket(to, 'Bucket');`;
    try {
      project.app(app(false));
      expect(await project.run(['deploy'])).toMatchObject({ code: 0, stdout: expect.stringContaining('\n  To.Value = none\n') });
      project.app(app(true));
      expect(await project.run(['deploy'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n {2}To\.Value = arn:aws:s3:::\S+\n/) });
    } finally {
      await project.run(['down']);
    }
  }, 2 * MINUTE);

  test('executions that fail are seen, and leave the servers for a look', async () => {
    project.app(APP.replace("new ec2.Vpc(copy, 'Vpc');", ''));
    const { code, stdout } = await project.run(['deploy', '--outputs-file', join(project.seen, 'outputs.json')]);
    expect(stdout).toMatch(/^exec-\S+: ERROR, 0 items \(0 B\) copied/m);
    expect(stdout).toMatch(/^ {2}\w+: .*nfs\/fileserver\.example\.com\/export/m);
    expect(stdout).toMatch(/^When the cause is gone, start the task at http:\S+ in a browser: another deployment starts it only if what is transferred has changed\.$/m);
    expect(code).toBe(1);
    const { Copy } = JSON.parse(readFileSync(join(project.seen, 'outputs.json'), 'utf8'));
    const operation = { service: 'datasync', target: 'FmrsService.DescribeTaskExecution' };
    const { Status } = await callAws(readState(project.stackFolder)!.emulator!.url, operation, { account: '000000000000', region: 'us-east-1' }, { TaskExecutionArn: Copy.Arn });
    expect(Status).toBe('ERROR');
    await project.run(['down']);
  }, 2 * MINUTE);
});
