import { Command, InvalidArgumentError, Option } from 'commander';
import { url } from './arguments';
import { Place, placeOf } from './place';
import { translated } from '../backends/decorators/foreign';
import { Transfer } from '../engine/transfer';
import type { TaskMode, TransferRequest } from '../engine/types';
import { shape } from '../model/api';
import { completeFilters } from '../model/filters';
import { completeOptions } from '../model/options';

/**
 * What each option of the service does, and its default in Basic mode with a folder on one side. The values and the rules between
 * options are those of the service.
 */
export const DESCRIPTIONS: Readonly<Record<string, readonly [text: string, byDefault: string]>> = {
  VerifyMode: ['what to compare at the end: everything, what was transferred, nothing', 'POINT_IN_TIME_CONSISTENT'],
  OverwriteMode: ['whether to replace what is at DEST and differs', 'ALWAYS'],
  TransferMode: ['whether to transfer what differs, or all without comparing', 'CHANGED'],
  PreserveDeletedFiles: ['whether to keep at DEST what SOURCE does not have', 'PRESERVE'],
  BytesPerSecond: ['limit of the bandwidth, -1 for none', '-1'],
  Mtime: ['whether to keep times of modification', 'PRESERVE'],
  Atime: ['whether to keep times of access', 'BEST_EFFORT'],
  Uid: ['whether to keep owners', 'INT_VALUE'],
  Gid: ['whether to keep groups', 'INT_VALUE'],
  PosixPermissions: ['whether to keep permission bits', 'PRESERVE'],
  PreserveDevices: ['whether to copy devices', 'NONE'],
  ObjectTags: ['whether to copy tags of objects', 'PRESERVE'],
  ObjectMetadata: ['whether to copy user metadata from one bucket to another', 'PRESERVE'],
};

/** Options of the service that mean nothing to a copy that runs once, at once, from and to folders and buckets. */
export const LEFT_OUT = ['TaskQueueing', 'LogLevel', 'SecurityDescriptorCopyFlags'];

/** What the parser makes of the options that `run` and `plan` share. */
export interface TransferArguments {
  readonly s3Endpoint?: string;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly taskMode: TaskMode;
  readonly s3StorageClass?: string;
  /** One per option of the service, by its name with a small first letter. */
  readonly [option: string]: unknown;
}

/** Adds SOURCE, DEST and the options that say how to copy. */
export function addTransferOptions(command: Command): Command {
  command
    .argument('<SOURCE>', 'folder or s3://bucket/prefix')
    .argument('<DEST>', 'folder or s3://bucket/prefix, which exists')
    .addOption(new Option('--s3-endpoint <url>', 'S3 endpoint that holds the buckets').env('AWS_ENDPOINT_URL_S3').argParser(url))
    .option('--include <pattern>', "copy only what matches, e.g. '/folder1' or '/reports*'; may be repeated", collect)
    .option('--exclude <pattern>', "leave out what matches, e.g. '*.tmp' or '*/cache'; may be repeated", collect)
    .addOption(new Option('--task-mode <mode>', 'how to count: files and folders together, or apart').choices(shape('TaskMode').enum!).default('BASIC'))
    .addOption(new Option('--s3-storage-class <class>', 'of new objects').choices(shape('S3StorageClass').enum!.filter(name => name !== 'OUTPOSTS')));
  for (const [name, shapeName] of Object.entries(shape('Options').members!)) {
    if (LEFT_OUT.includes(name)) continue;
    const [text, byDefault] = DESCRIPTIONS[name];
    const values = shape(shapeName).enum;
    const option = new Option(`${flagOf(name)} <${values ? 'mode' : 'number'}>`, `${text}; ${byDefault} if not given`);
    command.addOption(values ? option.choices(values) : option.argParser(number));
  }
  return command;
}

/** A transfer that has not begun, and how to let go of both places after it. */
export interface PreparedTransfer {
  readonly transfer: Transfer;
  readonly request: TransferRequest;
  close(): void;
}

/**
 * Makes a transfer of what the user typed.
 *
 * @throws Error whose message is for the user
 */
export function prepareTransfer(source: string, destination: string, args: TransferArguments, preview = false): PreparedTransfer {
  const [from, to] = [placeOf('SOURCE', source, args.s3Endpoint), placeOf('DEST', destination, args.s3Endpoint)];
  const options = checkedOptions(from, to, args);
  const { includes, excludes } = completeFilters(ruleOf(args.include), ruleOf(args.exclude));
  const [sourceBackend, destinationBackend] = [from.open(false), to.open(preview)];
  const request: TransferRequest = {
    ...translated(
      { source: sourceBackend, options: preview ? { ...options, VerifyMode: 'NONE', BytesPerSecond: -1 } : options }, from.type, to.type,
    ),
    destination: destinationBackend,
    includes,
    excludes,
    taskMode: args.taskMode,
    storageClass: storageClassOf(args),
    locationNames: { source: 'SOURCE', destination: 'DEST' },
  };
  return {
    request,
    transfer: new Transfer(request),
    close: () => {
      sourceBackend.close();
      destinationBackend.close();
    },
  };
}

function checkedOptions(from: Place, to: Place, args: TransferArguments): ReturnType<typeof completeOptions> {
  const names = Object.keys(DESCRIPTIONS);
  const given = Object.fromEntries(names.map(name => [name, args[name[0].toLowerCase() + name.slice(1)]]));
  const context = {
    mode: args.taskMode,
    source: { aws: true, ...from.type },
    destination: { aws: true, ...to.type },
    storageClass: storageClassOf(args),
  };
  try {
    return completeOptions(context, given);
  } catch (error) {
    // the service's text, with the options as they were typed
    throw new Error((error as Error).message.replace(/\b[A-Z]\w+/g, word => names.includes(word) ? flagOf(word) : word));
  }
}

/** As S3 calls it. */
function storageClassOf({ s3StorageClass }: TransferArguments): string | undefined {
  return s3StorageClass === 'GLACIER_INSTANT_RETRIEVAL' ? 'GLACIER_IR' : s3StorageClass;
}

function ruleOf(patterns: readonly string[] = []): Array<{ FilterType: 'SIMPLE_PATTERN'; Value: string }> {
  return patterns.length === 0 ? [] : [{ FilterType: 'SIMPLE_PATTERN', Value: patterns.join('|') }];
}

/** `VerifyMode` is `--verify-mode`. */
export function flagOf(name: string): string {
  return `--${name.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase()}`;
}

function collect(value: string, previous: string[] = []): string[] {
  if (value === '') throw new InvalidArgumentError('it must not be empty.');
  return [...previous, value];
}

function number(value: string): number {
  const count = Number(value);
  if (!/^-?\d+$/.test(value) || count < -1 || count === 0 || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError('it must be a number of bytes from 1, or -1 for no limit.');
  }
  return count;
}
