import type { Options, TaskMode } from '@aws-sdk/client-datasync';
import type { LocationType } from '../../../emulator/model/location';
import { completeOptions } from '../../../emulator/model/options';

const NFS: LocationType = { name: 'NFS', aws: false, posix: true };
const EFS: LocationType = { name: 'EFS', aws: true, posix: true };
const S3: LocationType = { name: 'S3', aws: true, posix: false };

const SMB: LocationType = { name: 'SMB', aws: false, posix: false, windows: true };
const FSX_WINDOWS: LocationType = { name: 'FSX_WINDOWS', aws: true, posix: false, windows: true };

const PAIRS = {
  nfsToS3: [NFS, S3],
  s3ToNfs: [S3, NFS],
  nfsToEfs: [NFS, EFS],
  s3ToS3: [S3, S3],
  smbToWindows: [SMB, FSX_WINDOWS],
  smbToS3: [SMB, S3],
  smbToEfs: [SMB, EFS],
} as const;

function complete(pair: keyof typeof PAIRS, mode: TaskMode, options?: Options, storageClass?: string) {
  const [source, destination] = PAIRS[pair];
  return completeOptions({ mode, source, destination, storageClass }, options);
}

const BASIC_NFS_TO_S3 = {
  Atime: 'BEST_EFFORT',
  BytesPerSecond: -1,
  Gid: 'INT_VALUE',
  LogLevel: 'OFF',
  Mtime: 'PRESERVE',
  ObjectTags: 'PRESERVE',
  ObjectMetadata: 'PRESERVE',
  OverwriteMode: 'ALWAYS',
  PosixPermissions: 'PRESERVE',
  PreserveDeletedFiles: 'PRESERVE',
  PreserveDevices: 'NONE',
  SecurityDescriptorCopyFlags: 'NONE',
  TaskQueueing: 'ENABLED',
  TransferMode: 'CHANGED',
  Uid: 'INT_VALUE',
  VerifyMode: 'POINT_IN_TIME_CONSISTENT',
};

describe('the options of a task', () => {
  test.each<[keyof typeof PAIRS, TaskMode, string | undefined, object]>([
    ['nfsToS3', 'BASIC', 'STANDARD', {}],
    ['s3ToNfs', 'BASIC', undefined, {}],
    ['nfsToEfs', 'BASIC', undefined, {}],
    ['nfsToS3', 'ENHANCED', 'STANDARD', { VerifyMode: 'ONLY_FILES_TRANSFERRED' }],
    ['nfsToS3', 'BASIC', 'GLACIER', { VerifyMode: 'ONLY_FILES_TRANSFERRED' }],
    ['s3ToS3', 'BASIC', 'STANDARD', { Uid: 'NONE', Gid: 'NONE', PosixPermissions: 'NONE' }],
    ['smbToS3', 'BASIC', 'STANDARD', { Uid: 'NONE', Gid: 'NONE', PosixPermissions: 'NONE' }],
    ['smbToEfs', 'BASIC', undefined, { Uid: 'NONE', Gid: 'NONE', PosixPermissions: 'NONE' }],
    ['smbToWindows', 'BASIC', undefined, { Uid: 'NONE', Gid: 'NONE', PosixPermissions: 'NONE', SecurityDescriptorCopyFlags: 'OWNER_DACL' }],
    ['s3ToS3', 'ENHANCED', 'STANDARD', { Uid: 'NONE', Gid: 'NONE', PosixPermissions: 'NONE', VerifyMode: 'ONLY_FILES_TRANSFERRED' }],
  ])('have defaults: of %s in mode %s, to storage class %s', (pair, mode, storageClass, different) => {
    expect(complete(pair, mode, undefined, storageClass)).toEqual({ ...BASIC_NFS_TO_S3, ...different });
  });
});

test('a later layer wins, and an absent member of it changes nothing', () => {
  const context = { mode: 'BASIC', source: NFS, destination: S3 } as const;
  const options = completeOptions(context, { VerifyMode: 'NONE', OverwriteMode: 'NEVER' }, undefined, { VerifyMode: 'ONLY_FILES_TRANSFERRED', LogLevel: undefined });
  expect(options).toEqual({ ...BASIC_NFS_TO_S3, VerifyMode: 'ONLY_FILES_TRANSFERRED', OverwriteMode: 'NEVER' });
});

describe('what is accepted:', () => {
  test.each<[keyof typeof PAIRS, TaskMode, Options]>([
    ['smbToWindows', 'BASIC', { SecurityDescriptorCopyFlags: 'NONE' }],
    ['smbToWindows', 'BASIC', { SecurityDescriptorCopyFlags: 'OWNER_DACL_SACL' }],
    ['nfsToS3', 'BASIC', { Atime: 'NONE', Mtime: 'NONE' }],
    ['nfsToS3', 'ENHANCED', { Atime: 'NONE' }],
    ['nfsToS3', 'BASIC', { Uid: 'NONE', Gid: 'NONE' }],
    ['nfsToS3', 'BASIC', { Uid: 'NONE', Gid: 'INT_VALUE' }],
    ['nfsToS3', 'BASIC', { Gid: 'NONE' }],
    ['smbToS3', 'BASIC', { PosixPermissions: 'PRESERVE', Uid: 'INT_VALUE', Gid: 'INT_VALUE' }],
    ['smbToWindows', 'BASIC', { PosixPermissions: 'PRESERVE' }],
    ['nfsToS3', 'BASIC', { BytesPerSecond: 1 }],
    ['nfsToS3', 'BASIC', { TransferMode: 'ALL' }],
    ['nfsToS3', 'BASIC', { PreserveDevices: 'PRESERVE' }],
    ['s3ToS3', 'BASIC', { PosixPermissions: 'NONE', Uid: 'NONE', Gid: 'NONE' }],
  ])('a task of %s in mode %s may have %j', (pair, mode, options) => {
    expect(complete(pair, mode, options)).toMatchObject(options);
  });
});

describe('what is refused:', () => {
  test.each<[keyof typeof PAIRS, TaskMode, Options, string]>([
    ['nfsToS3', 'BASIC', { TransferMode: 'ALL', PreserveDeletedFiles: 'REMOVE' },
      'Invalid SyncOption value. Option: TransferMode,PreserveDeletedFiles, Value: ALL,REMOVE.'],
    ['s3ToS3', 'BASIC', { PosixPermissions: 'PRESERVE' },
      'Invalid SyncOption value. Option: PosixPermissions, Value: PRESERVE invalid for non-POSIX transfer. please use NONE.'],
    ['s3ToS3', 'ENHANCED', { Uid: 'INT_VALUE', Gid: 'INT_VALUE' },
      'Invalid SyncOption value. Option: Uid, Value: INT_VALUE invalid for non-POSIX transfer. please use NONE.'],
    ['s3ToS3', 'BASIC', { Gid: 'INT_VALUE' },
      'Invalid SyncOption value. Option: Gid, Value: INT_VALUE invalid for non-POSIX transfer. please use NONE.'],
    ['nfsToS3', 'BASIC', { Uid: 'NAME', Gid: 'NAME' },
      'Invalid SyncOption value. Option: Uid, Value: NAME is not supported. please use INT_VALUE or NONE.'],
    ['nfsToS3', 'BASIC', { Gid: 'BOTH' },
      'Invalid SyncOption value. Option: Gid, Value: BOTH is not supported. please use INT_VALUE or NONE.'],
    ['nfsToS3', 'BASIC', { Atime: 'NONE' },
      'Invalid SyncOption value. Option: Atime,Mtime, Value: NONE,PRESERVE. please use BEST_EFFORT,PRESERVE or NONE,NONE.'],
    ['nfsToS3', 'BASIC', { Mtime: 'NONE' },
      'Invalid SyncOption value. Option: Atime,Mtime, Value: BEST_EFFORT,NONE. please use BEST_EFFORT,PRESERVE or NONE,NONE.'],
    ['nfsToS3', 'ENHANCED', { Mtime: 'NONE' },
      'Invalid SyncOption value. Option: Mtime, Value: NONE invalid for task mode ENHANCED. please use PRESERVE.'],
    ['nfsToS3', 'ENHANCED', { VerifyMode: 'POINT_IN_TIME_CONSISTENT' },
      'Invalid SyncOption value. Option: VerifyMode, Value: POINT_IN_TIME_CONSISTENT invalid for task mode ENHANCED. please use ONLY_FILES_TRANSFERRED or NONE.'],
    ['smbToS3', 'BASIC', { SecurityDescriptorCopyFlags: 'OWNER_DACL' },
      'Invalid SyncOption value. Option: SecurityDescriptorCopyFlags, Value: OWNER_DACL invalid for non-SMB transfer. please use NONE.'],
    ['nfsToS3', 'BASIC', { SecurityDescriptorCopyFlags: 'OWNER_DACL' },
      'Invalid SyncOption value. Option: SecurityDescriptorCopyFlags, Value: OWNER_DACL invalid for non-SMB transfer. please use NONE.'],
    ['nfsToEfs', 'BASIC', { PreserveDevices: 'PRESERVE' },
      'Invalid SyncOption value. Option: PreserveDevices, Value: PRESERVE invalid for Amazon EFS. please use NONE.'],
    ['nfsToS3', 'BASIC', { BytesPerSecond: 0 },
      'Invalid SyncOption value. Option: BytesPerSecond, Value: 0. please use -1 for no limit.'],
  ])('a task of %s in mode %s may not have %j', (pair, mode, options, message) => {
    expect(() => complete(pair, mode, options)).toThrow(message);
  });

  test.each(['GLACIER', 'DEEP_ARCHIVE'])('a task may not verify all of %s', storageClass => {
    expect(() => complete('nfsToS3', 'BASIC', { VerifyMode: 'POINT_IN_TIME_CONSISTENT' }, storageClass)).toThrow(
      `Value: POINT_IN_TIME_CONSISTENT invalid for storage class ${storageClass}. please use ONLY_FILES_TRANSFERRED or NONE.`,
    );
  });
});
