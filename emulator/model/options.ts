import type { Options as SdkOptions, TaskMode } from '@aws-sdk/client-datasync';
import { InvalidRequestError } from '../errors';
import type { LocationType } from './location';

/** The options of the API, which has one more than the SDK. */
export interface Options extends SdkOptions {
  ObjectMetadata?: 'PRESERVE' | 'NONE';
}

/** Every option with a value, as the service reports them and the engine takes them. */
export type CompleteOptions = Readonly<Required<{ [Option in keyof Options]: NonNullable<Options[Option]> }>>;

/** What the defaults and the rules depend on. */
export interface OptionsContext {
  readonly mode: TaskMode;
  readonly source: LocationType;
  readonly destination: LocationType;
  /** Of an S3 destination, or the access tier of one in Azure. */
  readonly storageClass?: string;
}

/** Objects in these classes cannot be read back at once, so a full verification is impossible. */
const ARCHIVES: ReadonlyArray<string | undefined> = ['GLACIER', 'DEEP_ARCHIVE', 'Archive'];

/**
 * The options in force: the service's defaults for this pair of locations, overlaid by each layer in turn.
 *
 * @throws InvalidRequestError when the result breaks a rule between options
 */
export function completeOptions(context: OptionsContext, ...layers: Array<Options | undefined>): CompleteOptions {
  const options = { ...defaultsFor(context) };
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      if (value !== undefined) Object.assign(options, { [name]: value });
    }
  }
  checkOptions(options, context);
  return options;
}

function defaultsFor(context: OptionsContext): CompleteOptions {
  const ownership = isPosix(context) ? 'INT_VALUE' : 'NONE';
  const fullVerification = context.mode === 'BASIC' && !ARCHIVES.includes(context.storageClass);
  return {
    VerifyMode: fullVerification ? 'POINT_IN_TIME_CONSISTENT' : 'ONLY_FILES_TRANSFERRED',
    OverwriteMode: 'ALWAYS',
    Atime: 'BEST_EFFORT',
    Mtime: 'PRESERVE',
    Uid: ownership,
    Gid: ownership,
    PreserveDeletedFiles: 'PRESERVE',
    PreserveDevices: 'NONE',
    PosixPermissions: isPosix(context) ? 'PRESERVE' : 'NONE',
    BytesPerSecond: -1,
    TaskQueueing: 'ENABLED',
    LogLevel: 'OFF',
    TransferMode: 'CHANGED',
    SecurityDescriptorCopyFlags: isWindows(context) ? 'OWNER_DACL' : 'NONE',
    ObjectTags: 'PRESERVE',
    ObjectMetadata: 'PRESERVE',
  };
}

/** POSIX metadata is kept when at least one side knows it: objects carry it for their counterpart, what SMB reaches does not. */
function isPosix({ source, destination }: OptionsContext): boolean {
  return !source.windows && !destination.windows && (source.posix || destination.posix);
}

function isBetweenObjects({ source, destination }: OptionsContext): boolean {
  return [source, destination].every(({ posix, windows }) => !posix && !windows);
}

/** Security descriptors are kept only between two that have them. */
function isWindows({ source, destination }: OptionsContext): boolean {
  return Boolean(source.windows && destination.windows);
}

function checkOptions(options: CompleteOptions, context: OptionsContext): void {
  const refuse = (names: Array<keyof CompleteOptions>, hint = '') => {
    throw new InvalidRequestError(
      `Invalid SyncOption value. Option: ${names.join(',')}, Value: ${names.map(name => options[name]).join(',')}${hint || '.'}`,
    );
  };
  const enhanced = context.mode === 'ENHANCED';

  if (options.TransferMode === 'ALL' && options.PreserveDeletedFiles === 'REMOVE') refuse(['TransferMode', 'PreserveDeletedFiles']);
  for (const name of ['Uid', 'Gid'] as const) {
    if (options[name] === 'NAME' || options[name] === 'BOTH') refuse([name], ' is not supported. please use INT_VALUE or NONE.');
  }
  // Of SMB it is not known that they are refused: there they are taken, and there is nothing for them to keep.
  if (isBetweenObjects(context)) {
    for (const name of ['PosixPermissions', 'Uid', 'Gid'] as const) {
      if (options[name] !== 'NONE') refuse([name], ' invalid for non-POSIX transfer. please use NONE.');
    }
  }
  if (enhanced && options.Mtime === 'NONE') refuse(['Mtime'], ' invalid for task mode ENHANCED. please use PRESERVE.');
  if (!enhanced && (options.Atime === 'NONE') !== (options.Mtime === 'NONE')) {
    refuse(['Atime', 'Mtime'], '. please use BEST_EFFORT,PRESERVE or NONE,NONE.');
  }
  if (options.VerifyMode === 'POINT_IN_TIME_CONSISTENT') {
    if (enhanced) refuse(['VerifyMode'], ' invalid for task mode ENHANCED. please use ONLY_FILES_TRANSFERRED or NONE.');
    if (ARCHIVES.includes(context.storageClass)) {
      refuse(['VerifyMode'], ` invalid for storage class ${context.storageClass}. please use ONLY_FILES_TRANSFERRED or NONE.`);
    }
  }
  if (options.SecurityDescriptorCopyFlags !== 'NONE' && !isWindows(context)) {
    refuse(['SecurityDescriptorCopyFlags'], ' invalid for non-SMB transfer. please use NONE.');
  }
  if (options.PreserveDevices === 'PRESERVE' && [context.source, context.destination].some(({ name }) => name === 'EFS')) {
    refuse(['PreserveDevices'], ' invalid for Amazon EFS. please use NONE.');
  }
  if (options.BytesPerSecond === 0) refuse(['BytesPerSecond'], '. please use -1 for no limit.');
}
