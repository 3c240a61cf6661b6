import type { Options } from '../../src';
import {
  Atime, Gid, LogLevel, Mtime, ObjectMetadata, ObjectTags, OverwriteMode, PosixPermissions, PreserveDeletedFiles, PreserveDevices,
  SecurityDescriptorCopyFlags, TaskQueueing, TransferMode, Uid, VerifyMode,
} from '../../src';

/** Every option, for a task from a POSIX file system to S3 in Basic mode. The type makes it complete. */
export const ALL_OPTIONS: Required<Options> = {
  verifyMode: VerifyMode.ONLY_FILES_TRANSFERRED,
  overwriteMode: OverwriteMode.NEVER,
  atime: Atime.NONE,
  mtime: Mtime.NONE,
  uid: Uid.NONE,
  gid: Gid.NONE,
  posixPermissions: PosixPermissions.NONE,
  preserveDeletedFiles: PreserveDeletedFiles.REMOVE,
  preserveDevices: PreserveDevices.PRESERVE,
  bytesPerSecond: 1_048_576,
  taskQueueing: TaskQueueing.DISABLED,
  logLevel: LogLevel.TRANSFER,
  transferMode: TransferMode.CHANGED,
  securityDescriptorCopyFlags: SecurityDescriptorCopyFlags.NONE,
  objectTags: ObjectTags.NONE,
  objectMetadata: ObjectMetadata.NONE,
};
