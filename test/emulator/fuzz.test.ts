import fc from 'fast-check';
import { handlerOf } from '../../emulator/api/handlers';
import { OPERATIONS, shape } from '../../emulator/model/api';
import { problemsOf } from '../../emulator/model/validation';
import { problemsOfAnswer } from '../support/checked-handler';
import { AGENT_ARN, EFS_CONFIG, startTestEmulator, TestEmulator } from '../support/emulator';
import { rawOperation } from '../support/raw-request';
import { createNfsToEfsTask, TestTask } from '../support/tasks';

/** What is deleted cannot be described: deletions come last. */
const CORE = Object.keys(OPERATIONS).filter(operation => handlerOf(operation))
  .sort((one, other) => Number(one.startsWith('Delete')) - Number(other.startsWith('Delete')));

let emulator: TestEmulator;
/** Values that get past the patterns, so that the fuzz reaches what lies behind them. */
const known: string[] = [
  AGENT_ARN, ...EFS_CONFIG.SecurityGroupArns, EFS_CONFIG.SubnetArn, 'arn:aws:elasticfilesystem:us-east-1:000000000000:file-system/fs-01234567',
  'F0EFT-7FPPR-GG7MC-3I9R3-27DOH', 'arn:aws:s3:::bucket', 'arn:aws:iam::000000000000:role/r',
  'arn:aws:fsx:us-east-1:000000000000:file-system/fs-01234567', 'https://host/container', '/fsx/a', 'SIMPLE_PATTERN', '/a', '/export', '*', 'fileserver', '2020-01-01 00:00:00',
];
let task: TestTask;

beforeAll(async () => {
  emulator = await startTestEmulator({ s3Endpoint: '' });
  task = await createNfsToEfsTask(emulator);
  const { body } = await rawOperation(emulator.url, 'StartTaskExecution', JSON.stringify({ TaskArn: task.task }));
  known.push(task.task, task.source, task.destination, body.TaskExecutionArn);
  // Rules between their members make it unlikely that the fuzz creates one of these itself.
  const { SecurityGroupArns } = EFS_CONFIG;
  const FsxFilesystemArn = 'arn:aws:fsx:us-east-1:000000000000:file-system/fs-01234567';
  const StorageVirtualMachineArn = 'arn:aws:fsx:us-east-1:000000000000:storage-virtual-machine/fs-01234567/svm-0123456789abcdef0';
  const user = { User: 'u', Password: 'p' };
  for (const [api, input] of [
    ['FsxWindows', { FsxFilesystemArn, SecurityGroupArns, ...user }],
    ['FsxOpenZfs', { FsxFilesystemArn, SecurityGroupArns, Protocol: { NFS: {} } }],
    ['FsxOntap', { StorageVirtualMachineArn, SecurityGroupArns, Protocol: { SMB: user } }],
    ['Smb', { ServerHostname: 'h', Subdirectory: '/a', AgentArns: [AGENT_ARN], ...user }],
  ] as const) {
    known.push((await rawOperation(emulator.url, `CreateLocation${api}`, JSON.stringify(input))).body.LocationArn);
  }
});
afterAll(() => emulator.close());

const anything = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 1e300, '', '..', '/../..', '\u0000', 'x'.repeat(5_000), [], {}, [[[]]], [null], [{}], { a: { b: {} } }),
  fc.string(), fc.double(), fc.jsonValue(),
);

const succeeded = new Set<string>();

/** Something of the shape, mostly right, with something wrong in it here and there. */
function nearly(name: string): fc.Arbitrary<unknown> {
  const { type, members, required, member, enum: values } = shape(name);
  const right: () => fc.Arbitrary<unknown> = () => {
    switch (type) {
      case 'structure':
        return fc.shuffledSubarray(Object.keys(members!).filter(key => !required?.includes(key)))
          .chain(optional => fc.record(Object.fromEntries([...required ?? [], ...optional.slice(0, 2)].map(key => [key, nearly(members![key])]))));
      case 'list':
        return fc.array(nearly(member!), { maxLength: 3 });
      case 'string':
        return values ? fc.constantFrom(...values) : fc.nat({ max: 1_000 }).map(index => {
          const fitting = known.filter(value => problemsOf(name, value).length === 0);
          return fitting.length ? fitting[index % fitting.length] : 'nothing fits';
        });
      case 'blob':
        return fc.base64String();
      default:
        return fc.integer({ min: -1, max: 200 });
    }
  };
  return fc.oneof({ weight: 40, arbitrary: right() }, { weight: 1, arbitrary: anything });
}

test.each(CORE)('%s: every answer is a success or an error of the API', async operation => {
  await fc.assert(fc.asyncProperty(nearly(OPERATIONS[operation].input), async input => {
    const { status, body } = await rawOperation(emulator.url, operation, JSON.stringify(input));
    expect(problemsOfAnswer(operation, status, body)).toEqual([]);
    expect({ input, status, body }).not.toMatchObject({ status: 500 });
    for (const arn of [body.AgentArn, body.LocationArn, body.TaskArn, body.TaskExecutionArn]) if (status === 200 && arn) known.push(arn);
    if (status === 200) succeeded.add(operation);
  }), { numRuns: 40, seed: 20_260_101 });
});

test('the fuzz got past the validation, and the server still answers', async () => {
  // Without a server there is neither S3 nor object storage; the others depend on the state of one execution, or on rules between members.
  const lucky = CORE.filter(operation => /^(?:Cancel|Update)TaskExecution$|^UpdateLocation|^(?:Create|Describe)Location(?!Efs|Nfs)/.test(operation));
  expect([...succeeded].filter(operation => !lucky.includes(operation))).toEqual(CORE.filter(operation => !lucky.includes(operation)));
  expect((await rawOperation(emulator.url, 'ListTasks', '{}')).status).toBe(200);
});
