/**
 * How a transfer works: the service's `Options`.
 *
 * The options of a task hold for all its executions; those of a `TaskExecution` or a `ScheduledTaskExecution` replace them,
 * one by one, for the executions that it starts. An option that is left out is not sent, because the service chooses its
 * default by the kinds of the two locations.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/API_Options.html
 */
export interface Options {
  /**
   * What to check at the end of the transfer. Everything is checksummed in flight in any case.
   *
   * @default - POINT_IN_TIME_CONSISTENT in Basic mode, ONLY_FILES_TRANSFERRED in Enhanced mode
   */
  readonly verifyMode?: VerifyMode;

  /**
   * Whether an existing item at the destination is replaced when the source differs.
   *
   * @default - ALWAYS
   */
  readonly overwriteMode?: OverwriteMode;

  /**
   * Whether to copy the time of last access. In Basic mode it goes together with `mtime`.
   *
   * @default - BEST_EFFORT
   */
  readonly atime?: Atime;

  /**
   * Whether to copy the time of last modification. Tasks that run more than once need it to tell what changed.
   * In Enhanced mode it cannot be NONE.
   *
   * @default - PRESERVE
   */
  readonly mtime?: Mtime;

  /**
   * Whether to copy the numeric owner. AWS documents it as one setting with `gid`: what the service does if they differ is not known.
   *
   * @default - INT_VALUE between file systems with POSIX metadata, and between those and S3; NONE otherwise
   */
  readonly uid?: Uid;

  /**
   * Whether to copy the numeric group. AWS documents it as one setting with `uid`: what the service does if they differ is not known.
   *
   * @default - INT_VALUE between file systems with POSIX metadata, and between those and S3; NONE otherwise
   */
  readonly gid?: Gid;

  /**
   * Whether to copy the permission bits.
   *
   * @default - PRESERVE between file systems with POSIX metadata, and between those and S3; NONE otherwise
   */
  readonly posixPermissions?: PosixPermissions;

  /**
   * What to do with items at the destination that the source does not have.
   *
   * @default - PRESERVE: they are kept
   */
  readonly preserveDeletedFiles?: PreserveDeletedFiles;

  /**
   * Whether to recreate block and character devices (never their content). Not supported for Amazon EFS.
   *
   * @default - NONE
   */
  readonly preserveDevices?: PreserveDevices;

  /**
   * Limit of the bandwidth, in bytes per second; 1048576 is 1 MiB/s. -1 is no limit.
   *
   * @default - no limit
   */
  readonly bytesPerSecond?: number;

  /**
   * Whether an execution that cannot start at once, because the task or its agent is busy, waits for its turn.
   *
   * @default - ENABLED
   */
  readonly taskQueueing?: TaskQueueing;

  /**
   * What is logged. In Basic mode it needs the task's `logGroup`: without one nothing is logged, or the service refuses the task.
   *
   * @default - OFF
   */
  readonly logLevel?: LogLevel;

  /**
   * Whether to compare source and destination first.
   *
   * @default - CHANGED
   */
  readonly transferMode?: TransferMode;

  /**
   * Which parts of the Windows security descriptor to copy. Only between SMB, FSx for Windows File Server and
   * FSx for NetApp ONTAP over SMB.
   *
   * @default - OWNER_DACL for such a pair, NONE for any other
   */
  readonly securityDescriptorCopyFlags?: SecurityDescriptorCopyFlags;

  /**
   * Whether to copy the tags of objects, between object stores. Must be NONE for a store without tags, such as
   * Google Cloud Storage.
   *
   * @default - PRESERVE
   */
  readonly objectTags?: ObjectTags;

  /**
   * Whether to copy the metadata of objects.
   *
   * @default - PRESERVE
   */
  readonly objectMetadata?: ObjectMetadata;
}

/** What is checked at the end of a transfer. */
export enum VerifyMode {
  /** Scan both sides and compare everything. Not in Enhanced mode, not for the storage classes GLACIER and DEEP_ARCHIVE. */
  POINT_IN_TIME_CONSISTENT = 'POINT_IN_TIME_CONSISTENT',
  /** Compare content and metadata of what was transferred. */
  ONLY_FILES_TRANSFERRED = 'ONLY_FILES_TRANSFERRED',
  /** Nothing more than the checksums in flight. */
  NONE = 'NONE',
}

/** Whether existing items are replaced. */
export enum OverwriteMode {
  /** Replace an item that differs from the source. */
  ALWAYS = 'ALWAYS',
  /** Never touch an item that exists at the destination. */
  NEVER = 'NEVER',
}

/** Whether the time of last access is copied. */
export enum Atime {
  /** Try to copy the time that an item had before the execution read it. */
  BEST_EFFORT = 'BEST_EFFORT',
  /** Do not copy it. */
  NONE = 'NONE',
}

/** Whether the time of last modification is copied. */
export enum Mtime {
  /** Copy it. */
  PRESERVE = 'PRESERVE',
  /** Do not copy it. Not in Enhanced mode. */
  NONE = 'NONE',
}

/** Whether the owner is copied. */
export enum Uid {
  /** Copy the number. */
  INT_VALUE = 'INT_VALUE',
  /** Do not copy it. */
  NONE = 'NONE',
  /** Part of the service's vocabulary, but not supported by it today. */
  NAME = 'NAME',
  /** Part of the service's vocabulary, but not supported by it today. */
  BOTH = 'BOTH',
}

/** Whether the group is copied. */
export enum Gid {
  /** Copy the number. */
  INT_VALUE = 'INT_VALUE',
  /** Do not copy it. */
  NONE = 'NONE',
  /** Part of the service's vocabulary, but not supported by it today. */
  NAME = 'NAME',
  /** Part of the service's vocabulary, but not supported by it today. */
  BOTH = 'BOTH',
}

/** Whether permission bits are copied. */
export enum PosixPermissions {
  /** Copy them. */
  PRESERVE = 'PRESERVE',
  /** Do not copy them. */
  NONE = 'NONE',
}

/** What happens to items that only the destination has. */
export enum PreserveDeletedFiles {
  /** They are kept. */
  PRESERVE = 'PRESERVE',
  /** They are deleted. Not with TransferMode.ALL. */
  REMOVE = 'REMOVE',
}

/** Whether devices are recreated. */
export enum PreserveDevices {
  /** They are left out. */
  NONE = 'NONE',
  /** Their names and metadata are copied, never their content. Not for Amazon EFS. */
  PRESERVE = 'PRESERVE',
}

/** Whether executions wait for their turn. */
export enum TaskQueueing {
  /** They wait, first come, first served; at most 50 per task. */
  ENABLED = 'ENABLED',
  /** They are refused. */
  DISABLED = 'DISABLED',
}

/** What is logged. */
export enum LogLevel {
  /** Nothing. */
  OFF = 'OFF',
  /** Errors and the like. */
  BASIC = 'BASIC',
  /** Every item that is transferred or verified. */
  TRANSFER = 'TRANSFER',
}

/** What is transferred. */
export enum TransferMode {
  /** What is new or differs. */
  CHANGED = 'CHANGED',
  /** Everything, without looking at the destination. */
  ALL = 'ALL',
}

/** Which parts of a Windows security descriptor are copied. */
export enum SecurityDescriptorCopyFlags {
  /** None. */
  NONE = 'NONE',
  /** Owner and discretionary access control list. */
  OWNER_DACL = 'OWNER_DACL',
  /** Owner, discretionary and system access control list; the latter needs the right SE_SECURITY_NAME. */
  OWNER_DACL_SACL = 'OWNER_DACL_SACL',
}

/** Whether the tags of objects are copied. */
export enum ObjectTags {
  /** They are copied. */
  PRESERVE = 'PRESERVE',
  /** They are not copied. */
  NONE = 'NONE',
}

/** Whether the metadata of objects is copied. */
export enum ObjectMetadata {
  /** It is copied. */
  PRESERVE = 'PRESERVE',
  /** Only the time of last modification is copied. */
  NONE = 'NONE',
}
