import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateLocationS3Command, ListLocationsCommand, ListTaskExecutionsCommand } from '@aws-sdk/client-datasync';
import type { CfnResource } from 'aws-cdk-lib';
import { App, CfnCondition, Duration, CfnOutput, CfnParameter, Fn, Stack, Token } from 'aws-cdk-lib';
import { CfnLocationEFS, CfnLocationNFS, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { CfnFileSystem } from 'aws-cdk-lib/aws-efs';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { ProvisionOptions } from '../../../emulator';
import type { TaskExecutionProps } from '../../../src';
import { Agent, Completion, Filter, Location, NfsLocation, PreserveDeletedFiles, S3Location, Task, TaskExecution, VerifyMode } from '../../../src';
import type { TestEmulator } from '../../support/emulator';
import { startTestEmulator } from '../../support/emulator';

const AGENT = 'arn:aws:datasync:us-east-1:111122223333:agent/agent-0123456789abcdef0';
const LOCATION = 'arn:aws:datasync:us-east-1:111122223333:location/loc-0123456789abcdef0';
const NFS = { OnPremConfig: { AgentArns: [AGENT] }, ServerHostname: 'host', Subdirectory: '/export' };
const S3 = (bucket: string) => ({ S3BucketArn: `arn:aws:s3:::${bucket}`, S3Config: { BucketAccessRoleArn: 'arn:aws:iam::111122223333:role/r' } });

let emulator: TestEmulator;
beforeEach(async () => { emulator = await startTestEmulator({ s3Endpoint: '' }); });
afterEach(() => emulator.close());

/** A stack that copies from one bucket to another, on deploy too. */
function copyStack(app = new App(), id = 'Copy') {
  const stack = new Stack(app, id);
  const source = new S3Location(stack, 'Source', { bucket: new Bucket(stack, 'Inbox') });
  const destination = new S3Location(stack, 'Destination', { bucket: new Bucket(stack, 'Archive', { bucketName: 'archive' }) });
  const task = new Task(stack, 'Task', { source, destination });
  const seed = new TaskExecution(stack, 'Seed', { task, overrideOptions: { verifyMode: VerifyMode.NONE } });
  return { stack, source, destination, task, seed };
}

const write = (folder: string, name: string, content = name) => writeFileSync(join(folder, name), content);

describe('a stack with two S3 locations', () => {
  test('is created, started as on deploy, and run again', async () => {
    const { stack, source, destination, task, seed } = copyStack();
    const local = await emulator.provision(stack, { starts: false });
    expect(() => local.execution(seed)).toThrow('Copy/Seed is no start on deploy that was created; there is none');

    const again = await emulator.provision(stack, { prepare: prepared => write(prepared.location(source).folder, 'a.txt') });
    expect(again.execution(seed)).toMatchObject({ status: 'SUCCESS', files: ['/a.txt'], failed: [], counters: { bytesTransferred: 5, filesVerified: 0 } });
    const { folder } = again.location(destination);
    expect(folder).toBe(join(emulator.root, 's3/archive'));
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('a.txt');

    write(again.location(source).folder, 'b.txt');
    write(again.location(source).folder, 'c.tmp');
    write(folder, 'old');
    const run = await again.run(task, { overrideOptions: { preserveDeletedFiles: PreserveDeletedFiles.REMOVE }, excludes: ['*.tmp'] });
    expect(run).toMatchObject({ status: 'SUCCESS', files: ['/b.txt'], deleted: ['/old'], counters: { filesDeleted: 1 } });
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'b.txt']);
  });

  test('says what is left out: all but DataSync and the buckets', async () => {
    const { stack } = copyStack();
    const { ignored } = await emulator.provision(stack);
    expect([...new Set(ignored.map(({ type }) => type))].sort()).toEqual([
      'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup',
    ]);
    expect(ignored).toContainEqual({ logicalId: expect.stringMatching(/^SourceRole/), type: 'AWS::IAM::Role' });
  });

  test('is found by logical id and ARN, too', async () => {
    const { stack, task, source } = copyStack();
    const local = await emulator.provision(stack);
    const { logicalId, arn } = local.task(task);
    expect(logicalId).toBe(stack.resolve(task.taskArn).Ref);
    expect(local.task(logicalId)).toEqual(local.task(task));
    expect(local.task(arn)).toEqual(local.task(task));
    expect(local.location(source).uri).toMatch(/^s3:\/\/copy-inbox\w+-\w{8}\/$/);
    expect(() => local.location(task)).toThrow('Copy/Task is no location but a AWS::DataSync::Task; give a location');
    expect(() => local.task('Nope')).toThrow(`Nope is no task that was created; there are ${logicalId}`);
    expect(() => local.task(stack)).toThrow('Copy is no location, task or start; give one, or a logical id');
  });

  test('can be in two emulators of one process at once', async () => {
    const other = await startTestEmulator({ s3Endpoint: '' });
    const { stack, source, destination, seed } = copyStack();
    const [one, two] = await Promise.all([emulator, other].map((each, index) =>
      each.provision(stack, { prepare: local => write(local.location(source).folder, `of-${index}`) })));
    expect(one.execution(seed).files).toEqual(['/of-0']);
    expect(two.execution(seed).files).toEqual(['/of-1']);
    expect(readdirSync(one.location(destination).folder)).toEqual(['of-0']);
    expect(readdirSync(two.location(destination).folder)).toEqual(['of-1']);
    await other.close();
  });

  test('is taken as a template, by its path, and as an assembly', async () => {
    const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'assembly-')) });
    const { stack, task } = copyStack(app);
    const { directory } = app.synth();
    const file = join(directory, stack.templateFile);
    for (const given of [JSON.parse(readFileSync(file, 'utf8')), file, directory]) {
      const local = await emulator.provision(given);
      expect((await local.run(task)).status).toBe('SUCCESS');
    }
    rmSync(directory, { recursive: true });
  });

  test('tells why a run is refused, and gives one that fails as a result', async () => {
    const { stack, task, destination } = copyStack();
    const local = await emulator.provision(stack);
    await expect(local.run(task, { overrideOptions: { verifyMode: 'SOMETIMES' } })).rejects.toThrow(/^run of Task\w+ was refused: .*SOMETIMES/);
    rmSync(local.location(destination).folder, { recursive: true });
    expect(await local.run(task)).toMatchObject({ status: 'ERROR', errorDetail: expect.stringContaining('does not exist; create it') });
  });
});

describe.each([['in one request', 45], ['in links', 120]])('a start that is to succeed, waited for %s', (_, minutes) => {
  const succeeding = (props: Partial<TaskExecutionProps> = {}) => {
    const copy = copyStack();
    copy.stack.node.tryRemoveChild('Seed');
    const seed = new TaskExecution(copy.stack, 'Waited', {
      task: copy.task, completion: Completion.succeeded({ timeout: Duration.minutes(minutes) }), includes: Filter.simplePattern('/a'), ...props,
    });
    const after = new TaskExecution(copy.stack, 'After', { task: copy.task, triggers: { status: seed.status, files: seed.filesTransferred } });
    return { ...copy, seed, after };
  };

  test('has ended when what comes after it is created, with its attributes', async () => {
    const { stack, source, seed, after } = succeeding();
    const local = await emulator.provision(stack, { prepare: ({ location }) => write(location(source).folder, 'a') });
    expect(local.execution(seed)).toMatchObject({ status: 'SUCCESS', files: ['/a'] });
    expect(local.execution(after).status).toBe('SUCCESS');
    expect(local.execution(after).arn).not.toBe(local.execution(seed).arn);
  });

  test('is an error when it fails, as of a deployment', async () => {
    const { stack, destination } = succeeding();
    await expect(emulator.provision(stack, { prepare: ({ location }) => rmSync(location(destination).folder, { recursive: true }) }))
      .rejects.toThrow(/exec-[0-9a-f]{17} failed.*does not exist; create it/s);
  });
});

test('a stack of L1 constructs, from NFS to a file system that it makes, is created and run', async () => {
  const stack = new Stack(new App(), 'Share', { env: { account: '222233334444', region: 'eu-west-1' } });
  const fileSystem = new CfnFileSystem(stack, 'FileSystem');
  const nfs = new CfnLocationNFS(stack, 'Nfs', { onPremConfig: { agentArns: [AGENT] }, serverHostname: 'fileserver', subdirectory: '/projects' });
  const efs = new CfnLocationEFS(stack, 'Efs', {
    efsFilesystemArn: fileSystem.attrArn,
    ec2Config: {
      subnetArn: stack.formatArn({ service: 'ec2', resource: 'subnet', resourceName: 'subnet-01234567' }),
      securityGroupArns: [stack.formatArn({ service: 'ec2', resource: 'security-group', resourceName: 'sg-01234567' })],
    },
  });
  const task = new CfnTask(stack, 'Task', { sourceLocationArn: nfs.ref, destinationLocationArn: efs.attrLocationArn, options: { bytesPerSecond: Token.asNumber(Fn.ref('Limit')) } });
  new CfnParameter(stack, 'Limit', { type: 'Number', default: 1048576 });
  const seed = new TaskExecution(stack, 'Seed', { task: Task.fromTaskArn(stack, 'Imported', task.ref) });

  emulator.write('nfs/fileserver/projects/app/main.py', 'print(1)');
  const local = await emulator.provision(stack);
  expect(local.location(nfs).arn).toMatch(/^arn:aws:datasync:eu-west-1:222233334444:location/);
  expect(local.location(nfs).folder).toBe(join(emulator.root, 'nfs/fileserver/projects'));
  expect(local.location(efs).uri).toMatch(/^efs:\/\/eu-west-1\.fs-[0-9a-f]{17}\/$/);
  expect(local.execution(seed)).toMatchObject({ status: 'SUCCESS', files: ['/app/main.py'] });
  expect(readFileSync(join(local.location(efs).folder, 'app/main.py'), 'utf8')).toBe('print(1)');
  expect((await local.run(task)).files).toEqual([]);
  expect(local.ignored).toContainEqual({ logicalId: 'FileSystem', type: 'AWS::EFS::FileSystem' });
});

test('stacks that import from each other are created together, and one of them with what it needs', async () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'assembly-')) });
  const { stack, source, destination } = copyStack(app, 'Locations');
  const tasks = new Stack(app, 'Tasks');
  const task = new Task(tasks, 'Task', { source, destination });
  const local = await emulator.provision(tasks);
  write(local.location(source).folder, 'a');
  expect((await local.run(task)).files).toEqual(['/a']);
  expect((await (await emulator.provision(app.outdir)).run(task)).status).toBe('SUCCESS');
  expect(stack.templateFile).not.toBe(tasks.templateFile);
  rmSync(app.outdir, { recursive: true });
});

test('what a condition leaves out is not created, and a start that depends on it neither', async () => {
  const { stack, task, seed } = copyStack();
  const parameter = new CfnParameter(stack, 'Enabled', { default: 'no', allowedValues: ['yes', 'no'] });
  const enabled = new CfnCondition(stack, 'IsEnabled', { expression: Fn.conditionEquals(parameter, 'yes') });
  for (const construct of [task, seed]) (construct.node.defaultChild as CfnResource).cfnOptions.condition = enabled;
  const without = await emulator.provision(stack);
  expect(() => without.task(task)).toThrow('Copy/Task is no task that was created; there is none');
  const local = await emulator.provision(stack, { parameters: { Enabled: 'yes' } });
  expect(local.execution(seed).status).toBe('SUCCESS');
  await expect(emulator.provision(stack, { parameters: { Enabled: 'maybe' } })).rejects.toThrow('the parameter Enabled is "maybe"; it must be one of yes, no');
});

describe('a resource that depends on others', () => {
  const start = (more: object = {}) => ({
    Type: 'Custom::DataSyncTaskExecution', Properties: { TaskArn: { Ref: 'T' }, IfRunning: 'QUEUE', RunOn: 'CHANGE' }, ...more,
  });
  const withStarts = (starts: object, more: object = {}) => ({
    Resources: {
      ...starts,
      T: { Type: 'AWS::DataSync::Task', Properties: { SourceLocationArn: { Ref: 'A' }, DestinationLocationArn: { Ref: 'B' } } },
      A: { Type: 'AWS::DataSync::LocationNFS', Properties: NFS },
      B: { Type: 'AWS::DataSync::LocationS3', Properties: S3('vault') },
      Never: { Type: 'AWS::DataSync::LocationNFS', Properties: NFS, Condition: 'No' },
      Queue: { Type: 'AWS::SQS::Queue' },
    },
    Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
    ...more,
  });

  test.each<[string, object]>([
    ['a later one', { Second: start({ DependsOn: 'First' }), First: start() }],
    ['later ones', { Second: start({ DependsOn: ['T', 'First'] }), First: start() }],
    ['one by way of another', { Second: start({ DependsOn: 'Between' }), Between: start({ DependsOn: ['First'] }), First: start() }],
    ['what is not created, too', { Second: start({ DependsOn: ['Queue', 'Never', 'First'] }), First: start() }],
  ])('is created after them: %s', async (_, starts) => {
    emulator.write('nfs/host/export/a', 'a');
    const local = await emulator.provision(withStarts(starts));
    expect([local.execution('First').files, local.execution('Second').files]).toEqual([['/a'], []]);
  });

  test('fails as those do, and each failure is told once', async () => {
    const failing = start({ Properties: { TaskArn: 'x', IfRunning: 'QUEUE', RunOn: 'CHANGE' } });
    const error = await emulator.provision(withStarts({ Second: start({ DependsOn: 'First' }), First: failing, Third: start({ DependsOn: 'First' }) })).catch((thrown: Error) => thrown) as Error;
    expect(error.message).toMatch(/^template: First: Nothing was started because of its properties: TaskArn[^\n]*$/);
    const { client } = emulator;
    expect((await client.send(new ListTaskExecutionsCommand({}))).TaskExecutions).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['of two', { First: start({ DependsOn: ['Between', 'Second'] }), Between: start(), Second: start({ DependsOn: 'First' }) }, 'First: it depends on itself, by First -> Second -> First'],
    ['of one', { First: start({ DependsOn: 'First' }) }, 'First: it depends on itself, by First -> First'],
    [
      'that others lead to', { Before: start({ DependsOn: 'First' }), First: start({ DependsOn: 'Second' }), Second: start({ DependsOn: 'First' }) },
      'First: it depends on itself, by First -> Second -> First',
    ],
  ])('is an error in a circle %s', async (_, starts, message) => {
    await expect(emulator.provision(withStarts(starts))).rejects.toThrow(new Error(`template: ${message}; end the circle in the template`));
  });
});

describe('a location that the app imports', () => {
  function importing() {
    const stack = new Stack(new App(), 'Importing');
    const share = Location.fromLocationArn(stack, 'Share', LOCATION);
    const agents = [Agent.fromAgentArn(stack, 'Agent', AGENT)];
    const task = new Task(stack, 'Task', { source: new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/export', agents }), destination: share });
    return { stack, share, task };
  }

  test('is what the options say that stands in for it', async () => {
    const { stack, share, task } = importing();
    const local = await emulator.provision(stack, { imports: { [LOCATION]: { Type: 'AWS::DataSync::LocationS3', Properties: S3('vault') } } });
    emulator.write('nfs/host/export/a', 'a');
    expect((await local.run(task)).files).toEqual(['/a']);
    expect(readdirSync(local.location(share).folder)).toEqual(['a']);
  });

  test('is made once, for all that take it', async () => {
    const { stack, share } = importing();
    new Task(stack, 'Other', { source: new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket') }), destination: share });
    await emulator.provision(stack, { imports: { [LOCATION]: { Type: 'AWS::DataSync::LocationS3', Properties: S3('vault') } } });
    const { Locations = [] } = await emulator.clientOf({ account: '000000000000' }).send(new ListLocationsCommand({}));
    expect(Locations.filter(({ LocationUri }) => LocationUri === 's3://vault/')).toHaveLength(1);
  });

  test.each([[1], [150]])('is itself where the emulator has it, behind %i other(s)', async others => {
    const client = emulator.clientOf({ account: '000000000000' });
    for (const bucket of ['other', 'vault']) emulator.mkdir(`s3/${bucket}`);
    for (let i = 0; i < others; i++) await client.send(new CreateLocationS3Command(S3('other')));
    const { LocationArn } = await client.send(new CreateLocationS3Command(S3('vault')));
    const local = await emulator.provision({
      Resources: {
        A: { Type: 'AWS::DataSync::LocationNFS', Properties: NFS },
        T: { Type: 'AWS::DataSync::Task', Properties: { SourceLocationArn: { Ref: 'A' }, DestinationLocationArn: LocationArn } },
      },
    });
    emulator.write('nfs/host/export/a', 'a');
    expect((await local.run('T')).files).toEqual(['/a']);
    expect(readdirSync(join(emulator.root, 's3/vault'))).toEqual(['a']);
  });

  test('is an error that shows how to say it', async () => {
    await expect(emulator.provision(importing().stack)).rejects.toThrow(new RegExp(
      `^Importing: Task\\w+\\.DestinationLocationArn: ${LOCATION} is a location that the app imports, and the emulator does not have it; `
      + `say what stands in for it: \\{ imports: \\{ '${LOCATION}': \\{ Type: 'AWS::DataSync::LocationS3', Properties: \\{ \\.\\.\\. \\} \\} \\} \\}$`));
  });
});

describe('what cannot be resolved', () => {
  const task = (properties: object) => ({
    Resources: {
      A: { Type: 'AWS::DataSync::LocationNFS', Properties: NFS },
      B: { Type: 'AWS::DataSync::LocationS3', Properties: S3('vault') },
      T: { Type: 'AWS::DataSync::Task', Properties: { SourceLocationArn: { Ref: 'A' }, DestinationLocationArn: { Ref: 'B' }, ...properties } },
      Queue: { Type: 'AWS::SQS::Queue' },
      Never: { Type: 'AWS::IAM::Role', Condition: 'No' },
    },
    Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
    Parameters: {
      Name: { Type: 'String' },
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/name' },
    },
  });

  test.each<[string, unknown, string, ProvisionOptions]>([
    [
      'an attribute of a resource that is not created', { 'Fn::GetAtt': ['Queue', 'QueueName'] },
      "template: T.Name: QueueName of Queue, a AWS::SQS::Queue, is not known, because it is not created here; say what it is: { values: { 'Queue.QueueName': '...' } }",
      { values: { 'Queue.QueueName': 'named' } },
    ],
    [
      'the name of a resource that is not created', { Ref: 'Queue' },
      "template: T.Name: Ref of Queue, a AWS::SQS::Queue, is not known, because it is not created here; say what it is: { values: { 'Queue': '...' } }",
      { values: { Queue: 'named' } },
    ],
    [
      'a reference to nothing', { Ref: 'Gone' },
      "template: T.Name: it refers to Gone, which the template does not have as a parameter nor as a resource; correct the reference, or say what it is: { values: { 'Gone': '...' } }",
      { values: { Gone: 'named' } },
    ],
    [
      'a parameter without a default', { Ref: 'Name' },
      "template: T.Name: the parameter Name has no default; give its value: { parameters: { 'Name': '...' } }",
      { parameters: { Name: 'named' } },
    ],
    [
      'a parameter in the Parameter Store', { Ref: 'Stored' },
      "template: T.Name: the parameter Stored is the value of /name in the Parameter Store, which a deployment looks up in AWS; give its value: { parameters: { 'Stored': '...' } }",
      { parameters: { Stored: 'named' } },
    ],
    [
      'a dynamic reference', '{{resolve:ssm:/name}}',
      "template: T.Name: {{resolve:ssm:/name}} is looked up in AWS by a deployment; say what it is: { values: { '{{resolve:ssm:/name}}': '...' } }",
      { values: { '{{resolve:ssm:/name}}': 'named' } },
    ],
    [
      'an export of nobody', { 'Fn::ImportValue': 'Shared' },
      "template: T.Name: it imports Shared, which no stack here exports; give the folder of the assembly, or say what it is: { values: { 'Shared': '...' } }",
      { values: { Shared: 'named' } },
    ],
    [
      'an output of a stack that is not here', { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Name' } },
      "template: T.Name: it takes the output Name of Other, which is not here; give the folder of the assembly, or say what it is: { values: { 'Other.Name': '...' } }",
      { values: { 'Other.Name': 'named' } },
    ],
    [
      'a resource whose condition does not hold', { 'Fn::GetAtt': ['Never', 'Arn'] },
      'template: T.Name: it refers to Never, which is not created because its condition No does not hold; give parameters with which it does, or put the reference into Fn::If',
      { values: { 'Never.Arn': 'named' } },
    ],
  ])('%s is one line, and its remedy helps', async (_, Name, message, remedy) => {
    const template = task({ Name });
    await expect(emulator.provision(template)).rejects.toThrow(new Error(message));
    expect((await emulator.provision(template, remedy)).task('T').logicalId).toBe('T');
  });

  test.each<[string, () => [any, ProvisionOptions?], string]>([
    ['a path that does not exist', () => ['/does/not/exist'], '/does/not/exist does not exist; give a template, or the folder of a cloud assembly'],
    ['a folder that is no assembly', () => [emulator.root], 'is not a cloud assembly: it has no manifest.json; synthesize the app first'],
    ['a file that is no JSON', () => {
      emulator.write('a.yaml', 'Resources: {}');
      return [join(emulator.root, 'a.yaml')];
    }, 'cannot be read as JSON'],
    ['an object that is no template', () => [{ resources: {} }], 'the template is not a CloudFormation template: it has no Resources'],
    ['nothing', () => [undefined], 'the template is not a CloudFormation template'],
    ['a parameter that is none', () => [task({}), { parameters: { Nam: 'x' } }], 'parameters has Nam, which is no parameter of the template; it has Name, Stored'],
    ['an account that is none', () => [task({}), { account: '1' }], 'account is "1"; it must be 12 digits'],
    ['a Region that is none', () => [task({}), { region: 'Frankfurt' }], 'region is "Frankfurt"; it must be a Region such as us-east-1'],
    ['a property that the service refuses', () => [task({ Options: { VerifyMode: 'SOMETIMES' } })], 'template: T: its AWS::DataSync::Task was refused: CreateTask: '],
    [
      'a type that the emulator does not have', () => [{ Resources: { X: { Type: 'AWS::DataSync::StorageSystem' } } }],
      'template: X: its type AWS::DataSync::StorageSystem is none that the emulator has; it has AWS::DataSync::Agent, ',
    ],
    [
      'resources that depend on each other', () => [{
        Resources: {
          A: { Type: 'AWS::DataSync::LocationNFS', Properties: { ...NFS, Subdirectory: { Ref: 'B' } } },
          B: { Type: 'AWS::DataSync::LocationNFS', Properties: { ...NFS, Subdirectory: { Ref: 'A' } } },
        },
      }], 'it depends on itself, by A -> B -> A; end the circle in the template',
    ],
    [
      'a start that fails', () => [{
        Resources: { S: { Type: 'Custom::DataSyncTaskExecution', Properties: { TaskArn: 'x', IfRunning: 'QUEUE', RunOn: 'CHANGE' } } },
      }], 'template: S: Nothing was started because of its properties: TaskArn',
    ],
  ])('%s is one clear line', async (_, given, message) => {
    const error = await emulator.provision(...given()).catch((thrown: Error) => thrown) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
  });

  test('everything that is wrong is told at once', async () => {
    await expect(emulator.provision(task({ Name: { Ref: 'Name' }, CloudWatchLogGroupArn: { 'Fn::GetAtt': ['Queue', 'Arn'] } })))
      .rejects.toThrow(/^template: T\.Name: .*\ntemplate: T\.CloudWatchLogGroupArn: .*$/);
  });
});

test('with a mounted folder its content is used, and nothing is made in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mounted-'));
  const mounting = await startTestEmulator({ s3Endpoint: '', mounts: { 'nfs://host': folder } });
  const local = await mounting.provision({ Resources: { A: { Type: 'AWS::DataSync::LocationNFS', Properties: NFS } } });
  expect(local.location('A').folder).toBe(join(folder, 'export'));
  expect(existsSync(local.location('A').folder)).toBe(false);
  await mounting.close();
  rmSync(folder, { recursive: true });
});

test('outputs, unused buckets and other resources do not matter', async () => {
  const stack = new Stack(new App(), 'Other');
  const bucket = new CfnBucket(stack, 'Bucket');
  new CfnOutput(stack, 'Name', { value: bucket.attrWebsiteUrl });
  expect((await emulator.provision(stack)).ignored).toEqual([{ logicalId: 'Bucket', type: 'AWS::S3::Bucket' }]);
});
