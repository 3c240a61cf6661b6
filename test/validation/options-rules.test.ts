import { Fn, Lazy, Token } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Options, OverwriteMode } from '../../src';
import {
  Atime, Filter, Gid, LocationType, LogLevel, Mtime, ObjectMetadata, ObjectStorageAuthentication, ObjectStorageLocation, ObjectTags,
  PosixPermissions, PreserveDeletedFiles, PreserveDevices, S3Location, S3StorageClass, SecurityDescriptorCopyFlags, Task, TaskExecution,
  TaskMode, TaskQueueing, TransferMode, Uid, VerifyMode,
} from '../../src';
import { locationOf, messageOf, newStack, TASK_ARN, warningsOf } from '../support/stacks';

type Type = Exclude<keyof typeof LocationType, 'of' | 'prototype'>;

interface Given {
  readonly mode?: TaskMode;
  readonly source?: Type;
  readonly destination?: Type;
  readonly options: Options;
}

function declare({ mode, source, destination, options }: Given): { message: string; warnings: string[] } {
  const stack = newStack();
  const message = messageOf(() => new Task(stack, 'Task', {
    source: locationOf(stack, 'Source', source && LocationType[source]),
    destination: locationOf(stack, 'Destination', destination && LocationType[destination]),
    taskMode: mode,
    options,
  }));
  return { message, warnings: message === 'no error' ? warningsOf(stack) : [] };
}

const together = 'in Basic mode, access time and modification time are copied together or not at all';

/** What differs from the plainest way to break a rule, of which test/validation/rules/tasks.ts has a row each. */
const REFUSED: Array<[string, Given, ...string[]]> = [
  ['access time without modification time',
    { options: { atime: Atime.BEST_EFFORT, mtime: Mtime.NONE } },
    `options.mtime "NONE" with options.atime "BEST_EFFORT": ${together}; set atime to Atime.NONE, or leave both out to copy both`],
  ['modification time without access time',
    { options: { atime: Atime.NONE, mtime: Mtime.PRESERVE } },
    `options.atime "NONE" with options.mtime "PRESERVE": ${together}; set mtime to Mtime.NONE, or leave both out to copy both`],
  ['POSIX metadata between object stores',
    { source: 'S3', destination: 'S3', options: { posixPermissions: PosixPermissions.PRESERVE, uid: Uid.INT_VALUE, gid: Gid.INT_VALUE } },
    'options.posixPermissions "PRESERVE": there is no POSIX metadata between source of type S3 and destination of type S3; '
    + 'leave posixPermissions out, or set it to NONE',
    'options.uid "INT_VALUE": there is no POSIX metadata between source of type S3 and destination of type S3; leave uid out, or set it to NONE',
    'options.gid "INT_VALUE": there is no POSIX metadata between source of type S3 and destination of type S3; leave gid out, or set it to NONE'],
  ['half a byte', { options: { bytesPerSecond: 0.5 } },
    'options.bytesPerSecond 0.5: must be a whole number of bytes per second, -1 or more; use 1048576 for 1 MiB/s, or -1 for no limit'],
  ['not a number', { options: { bytesPerSecond: NaN } },
    'options.bytesPerSecond NaN: must be a whole number of bytes per second, -1 or more; use 1048576 for 1 MiB/s, or -1 for no limit'],
  ['a value that is no member of the enum',
    { options: { overwriteMode: 'SOMETIMES' as OverwriteMode } },
    'options.overwriteMode "SOMETIMES": must be one of ALWAYS, NEVER; use a member of the enum'],
];

test.each(REFUSED)('a task refuses %s', (_, given, ...problems) => {
  expect(declare(given).message).toBe(`DataSyncValidationError: ${problems.map(problem => `[Stack/Task] ${problem}`).join('\n')}`);
});

const token = (value: string) => Fn.importValue(value);

test.each<[string, Given]>([
  ['no options', { options: {} }],
  ['neither time', { options: { atime: Atime.NONE, mtime: Mtime.NONE } }],
  ['no access time in Enhanced mode', { mode: TaskMode.ENHANCED, options: { atime: Atime.NONE } }],
  ['everything without deleting', { options: { transferMode: TransferMode.ALL, preserveDeletedFiles: PreserveDeletedFiles.PRESERVE } }],
  ['no limit', { options: { bytesPerSecond: -1 } }],
  ['POSIX metadata from a file system', { source: 'NFS', destination: 'S3', options: { posixPermissions: PosixPermissions.PRESERVE, uid: Uid.INT_VALUE, gid: Gid.INT_VALUE } }],
  ['POSIX metadata, one side unknown', { source: 'S3', options: { posixPermissions: PosixPermissions.PRESERVE } }],
  ['no POSIX metadata between object stores', { source: 'S3', destination: 'S3', options: { posixPermissions: PosixPermissions.NONE, uid: Uid.NONE, gid: Gid.NONE } }],
  ['security descriptors between Windows shares',
    { source: 'SMB', destination: 'FSX_WINDOWS', options: { securityDescriptorCopyFlags: SecurityDescriptorCopyFlags.OWNER_DACL_SACL } }],
  ['security descriptors, kinds unknown', { options: { securityDescriptorCopyFlags: SecurityDescriptorCopyFlags.OWNER_DACL } }],
  ['devices elsewhere', { source: 'NFS', destination: 'FSX_LUSTRE', options: { preserveDevices: PreserveDevices.PRESERVE } }],
  ['a token in the place of a rule', { options: { atime: Atime.NONE, mtime: token('PRESERVE') as Mtime } }],
  ['tokens only', {
    options: {
      transferMode: token('ALL') as TransferMode,
      preserveDeletedFiles: token('REMOVE') as PreserveDeletedFiles,
      verifyMode: token('anything') as VerifyMode,
      bytesPerSecond: Token.asNumber(Fn.importValue('Limit')),
      uid: token('NONE') as Uid,
    },
  }],
  ['a dynamic reference', { options: { verifyMode: '{{resolve:ssm:/mode}}' as VerifyMode } }],
  ['a mode that is a token', { mode: token('ENHANCED') as TaskMode, options: { mtime: Mtime.NONE, verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT } }],
  ['the tags of objects', { source: 'NFS', destination: 'S3', options: { objectTags: ObjectTags.PRESERVE, objectMetadata: ObjectMetadata.NONE } }],
])('a task accepts %s', (_, given) => {
  expect(declare(given)).toEqual({ message: 'no error', warnings: [] });
});

test('a start refuses a token in the place of all its options', () => {
  const options = Lazy.any({ produce: () => ({ verifyMode: 'NONE' }) }) as Options;
  const stack = newStack();
  expect(messageOf(() => new TaskExecution(stack, 'Run', { task: Task.fromTaskArn(stack, 'Task', TASK_ARN), overrideOptions: options }))).toBe(
    'DataSyncValidationError: [Stack/Run] overrideOptions (known at deployment): must be an object, whose values may be tokens; '
    + 'give the value to an option: overrideOptions: { verifyMode: ... }');
});

test('a task tells everything that is wrong with it at once', () => {
  const stack = newStack();
  const message = messageOf(() => new Task(stack, 'Task', {
    source: locationOf(stack, 'Source', LocationType.NFS),
    destination: locationOf(stack, 'Destination', LocationType.SMB),
    taskName: 'no/such*name',
    options: { atime: Atime.NONE, bytesPerSecond: -7 },
  }));
  expect(message.split('\n').map(line => line.replace(/^DataSyncValidationError: /, ''))).toEqual([
    '[Stack/Task] taskName "no/such*name": may only contain letters, digits, white space and + = . _ : @ / -; use a name such as "Nightly copy", or leave it out',
    '[Stack/Task] source of type NFS with destination of type SMB: one side must be an AWS storage service; '
    + 'transfer by way of an S3 location, with two tasks',
    '[Stack/Task] options.bytesPerSecond -7: must be a whole number of bytes per second, -1 or more; use 1048576 for 1 MiB/s, or -1 for no limit',
    `[Stack/Task] options.atime "NONE" with mtime left to the service: ${together}; set mtime to Mtime.NONE, or leave both out to copy both`,
  ]);
});

const half = 'AWS documents owner and group as one setting, and not what becomes of half of it; set both to the same value [ack: cdk-datasync:ownershipHalf]';

test.each<[Options, string]>([
  [{ uid: Uid.NONE }, `options.uid "NONE" with gid left to the service: ${half}`],
  [{ gid: Gid.NONE, uid: Uid.INT_VALUE }, `options.uid "INT_VALUE" with options.gid "NONE": ${half}`],
  [{ uid: Uid.NAME, gid: Gid.INT_VALUE },
    'options.uid "NAME": the service does not support this value today; use INT_VALUE or NONE [ack: cdk-datasync:ownershipUnsupported]'],
  [{ logLevel: LogLevel.TRANSFER },
    'options.logLevel "TRANSFER": nothing is logged, as the task has no log group, and the service may refuse the task with '
    + 'LogLevelSetWithNoLogGroup (reported, not documented); give the task a logGroup [ack: cdk-datasync:logLevelWithoutLogGroup]'],
])('a task warns of %j', (options, warning) => {
  expect(declare({ options })).toEqual({ message: 'no error', warnings: [`/Stack/Task ${warning}`] });
});

const SMB_PAIRS: Array<[Type, Type | undefined]> = [['SMB', undefined], ['SMB', 'S3'], ['S3', 'SMB'], ['NFS', 'FSX_WINDOWS'], ['FSX_ONTAP_SMB', 'EFS']];

test.each(SMB_PAIRS)('a task warns of POSIX options between %s and %s', (source, destination) => {
  const warning = (name: string, value: string) => `/Stack/Task options.${name} "${value}": there is no POSIX metadata to copy between source of type ${source} and `
    + `destination of type ${destination ?? 'unknown'}, and it is not known what the service makes of the option; leave ${name} out, or set it to NONE `
    + '[ack: cdk-datasync:posixOptionsOverSmb]';
  expect(declare({ source, destination, options: { posixPermissions: PosixPermissions.PRESERVE } }))
    .toEqual({ message: 'no error', warnings: [warning('posixPermissions', 'PRESERVE')] });
  expect(declare({ source, destination, options: { uid: Uid.INT_VALUE, gid: Gid.INT_VALUE } }).warnings.filter(text => text.includes('POSIX'))).toHaveLength(2);
  expect(declare({ source, destination, options: { posixPermissions: PosixPermissions.NONE, uid: Uid.NONE, gid: Gid.NONE } })).toEqual({ message: 'no error', warnings: [] });
});

test.each<[string, Options, string]>([
  ['left out', {}, 'logLevel left to the service'],
  ['off', { logLevel: LogLevel.OFF }, 'options.logLevel "OFF"'],
])('a task warns of a log group that nothing is logged to, as the level is %s', (_, options, subject) => {
  const stack = newStack();
  new Task(stack, 'Task', { source: locationOf(stack, 'A'), destination: locationOf(stack, 'B'), options, logGroup: new LogGroup(stack, 'Logs') });
  expect(warningsOf(stack)).toEqual([
    `/Stack/Task ${subject}: nothing is logged, although the task has a log group; use LogLevel.BASIC or LogLevel.TRANSFER [ack: cdk-datasync:logGroupUnused]`,
  ]);
});

describe.each([S3StorageClass.GLACIER, S3StorageClass.DEEP_ARCHIVE])('a destination of storage class %s', storageClass => {
  const declareArchive = (options: Options, mode?: TaskMode) => {
    const stack = newStack();
    const destination = new S3Location(stack, 'Archive', { bucket: new Bucket(stack, 'Bucket'), storageClass });
    const message = messageOf(() => new Task(stack, 'Task', { source: locationOf(stack, 'Source'), destination, options, taskMode: mode }));
    return { message, warnings: message === 'no error' ? warningsOf(stack) : [] };
  };

  test('cannot be verified as a whole', () => {
    expect(declareArchive({ verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT }).message).toBe(
      `DataSyncValidationError: [Stack/Task] options.verifyMode "POINT_IN_TIME_CONSISTENT": a destination of storage class ${storageClass} `
      + 'cannot be read back; use VerifyMode.ONLY_FILES_TRANSFERRED or VerifyMode.NONE');
  });

  test('needs a verify mode in Basic mode', () => {
    expect(declareArchive({})).toEqual({
      message: 'no error',
      warnings: [
        `/Stack/Task verifyMode left to the service: the service would check everything, which a destination of storage class ${storageClass} `
        + 'does not allow; use VerifyMode.ONLY_FILES_TRANSFERRED or VerifyMode.NONE [ack: cdk-datasync:verifyModeOfArchive]',
      ],
    });
    expect(declareArchive({}, TaskMode.ENHANCED)).toEqual({ message: 'no error', warnings: [] });
    expect(declareArchive({ verifyMode: VerifyMode.ONLY_FILES_TRANSFERRED })).toEqual({ message: 'no error', warnings: [] });
  });
});

describe('the options of an execution', () => {
  const execute = (own: Options, ofTask: Options | undefined, mode?: TaskMode) => {
    const stack = newStack();
    const task = ofTask
      ? new Task(stack, 'Task', { source: locationOf(stack, 'A'), destination: locationOf(stack, 'B'), options: ofTask, taskMode: mode })
      : Task.fromTaskArn(stack, 'Task', TASK_ARN);
    return messageOf(() => new TaskExecution(stack, 'Run', { task, overrideOptions: own }));
  };

  test.each<[string, Options, Options | undefined, TaskMode | undefined, string]>([
    ['together with those of the task',
      { transferMode: TransferMode.ALL }, { preserveDeletedFiles: PreserveDeletedFiles.REMOVE }, undefined,
      'overrideOptions.transferMode "ALL" with options.preserveDeletedFiles "REMOVE": a transfer that does not compare cannot delete; '
      + 'use TransferMode.CHANGED, or PreserveDeletedFiles.PRESERVE'],
    ['with what the task leaves to the service', { atime: Atime.NONE }, {}, undefined,
      `overrideOptions.atime "NONE" with mtime left to the service: ${together}; set mtime to Mtime.NONE, or leave both out to copy both`],
    ['with the mode of the task', { verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT }, {}, TaskMode.ENHANCED,
      'overrideOptions.verifyMode "POINT_IN_TIME_CONSISTENT": Enhanced mode verifies transferred data only; '
      + 'use VerifyMode.ONLY_FILES_TRANSFERRED or VerifyMode.NONE'],
    ['by themselves', { transferMode: TransferMode.ALL, preserveDeletedFiles: PreserveDeletedFiles.REMOVE }, undefined, undefined,
      'overrideOptions.transferMode "ALL" with overrideOptions.preserveDeletedFiles "REMOVE": a transfer that does not compare cannot delete; '
      + 'use TransferMode.CHANGED, or PreserveDeletedFiles.PRESERVE'],
  ])('are checked %s', (_, own, ofTask, mode, message) => {
    expect(execute(own, ofTask, mode)).toBe(`DataSyncValidationError: [Stack/Run] ${message}`);
  });

  test.each<[string, Options, Options | undefined]>([
    ['what replaces a conflicting option of the task',
      { transferMode: TransferMode.ALL, preserveDeletedFiles: PreserveDeletedFiles.PRESERVE }, { preserveDeletedFiles: PreserveDeletedFiles.REMOVE }],
    ['what only an imported task could contradict', { atime: Atime.NONE, verifyMode: VerifyMode.POINT_IN_TIME_CONSISTENT }, undefined],
    ['what completes the options of the task', { taskQueueing: TaskQueueing.ENABLED }, { atime: Atime.NONE, mtime: Mtime.NONE }],
  ])('may be %s', (_, own, ofTask) => {
    expect(execute(own, ofTask)).toBe('no error');
  });

  test('are not warned of again for what the task was warned of', () => {
    const stack = newStack();
    const task = new Task(stack, 'Task', {
      source: locationOf(stack, 'A'), destination: locationOf(stack, 'B'), options: { uid: Uid.NAME, gid: Gid.NAME }, logGroup: new LogGroup(stack, 'Logs'),
    });
    new TaskExecution(stack, 'Run', { task, overrideOptions: { verifyMode: VerifyMode.NONE } });
    expect(warningsOf(stack).map(warning => /^(\S+) (\S+) .*:(\w+)\]$/.exec(warning)!.slice(1).join(' '))).toEqual([
      '/Stack/Task logLevel logGroupUnused', '/Stack/Task options.uid ownershipUnsupported', '/Stack/Task options.gid ownershipUnsupported',
    ]);
  });

  test('are not refused or warned of for what only an imported task could be', () => {
    const stack = newStack();
    const source = new ObjectStorageLocation(stack, 'Google', {
      serverHostname: 'storage.googleapis.com', bucketName: 'bucket', authentication: ObjectStorageAuthentication.anonymous(),
    });
    const destination = new S3Location(stack, 'S3', { bucket: new Bucket(stack, 'Bucket'), writable: true });
    const noTags = Task.fromTaskAttributes(stack, 'NoTags', { taskArn: TASK_ARN, taskMode: TaskMode.ENHANCED, options: {}, source, destination });
    new TaskExecution(stack, 'OfNoTags', { task: noTags, includes: Filter.simplePattern('/a') });
    const mayLog = Task.fromTaskAttributes(stack, 'MayLog', { taskArn: TASK_ARN, taskMode: TaskMode.BASIC });
    new TaskExecution(stack, 'OfMayLog', { task: mayLog, overrideOptions: { logLevel: LogLevel.BASIC } });
    expect(warningsOf(stack).filter(warning => !warning.includes('locationUnused'))).toEqual([]);
  });
});
