import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { url } from './arguments';
import type { Place, StoreModules } from './place';
import { parsePlace, PLACES } from './place';
import { translated } from '../backends/decorators/metadata-translation';
import type { Backend } from '../engine/backend';
import type { TaskMode, TransferOptions, TransferRequest } from '../engine/request';
import { Transfer } from '../engine/transfer';
import { shape } from '../model/api';
import { completeFilters } from '../model/filters';
import { storageClassOf } from '../model/location-types';
import { completeOptions } from '../model/options';
import type { Options } from '../model/options';

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
  readonly azureEndpoint?: string;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly taskMode: TaskMode;
  readonly s3StorageClass?: string;
  /** One per option of the service, by its name with a small first letter. */
  readonly [option: string]: unknown;
}

/** Adds SOURCE, DEST and the options that say how to copy; `optional` leaves it to the command what stands in for SOURCE and DEST. */
export function addTransferOptions(command: Command, { optional = false } = {}): Command {
  const argument = (name: string) => optional ? `[${name}]` : `<${name}>`;
  command
    .argument(argument('SOURCE'), PLACES)
    .argument(argument('DEST'), `${PLACES}, which exists`)
    .addOption(new Option('--s3-endpoint <url>', 'S3 endpoint that holds the buckets').env('AWS_ENDPOINT_URL_S3').argParser(url))
    .option('--azure-endpoint <url>', 'Blob endpoint that holds the containers of Azure, such as Azurite; AZURE_STORAGE_SAS_TOKEN has the token', url)
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
 * @param dryRun changes nothing, and looks into the cloud where there is no endpoint
 * @throws Error whose message is for the user
 */
export async function prepareTransfer(
  source: string, destination: string, args: TransferArguments, modules: StoreModules, dryRun?: { readonly profile?: string },
): Promise<PreparedTransfer & { readonly inCloud: readonly string[] }> {
  const stores = { ...args, modules, cloud: dryRun };
  const [from, to] = [parsePlace('SOURCE', source, stores), parsePlace('DEST', destination, stores)];
  const options = checkedTransferOptions(from, to, args);
  const { includes, excludes } = completeFilters(ruleOf(args.include), ruleOf(args.exclude));
  const prepared = preparedTransfer(await from.open(dryRun !== undefined), await to.open(dryRun !== undefined), backends => ({
    ...translated({ source: backends.source, options: dryRun ? dryRunOptions(options) : options }, from.type, to.type),
    includes,
    excludes,
    taskMode: args.taskMode,
    storageClass: to.type.name === 'S3' ? storageClassOf(args.s3StorageClass) : undefined,
    locationNames: { source: 'SOURCE', destination: 'DEST' },
  }));
  return { ...prepared, inCloud: [from, to].flatMap(({ inCloud }) => inCloud ?? []) };
}

/** Content is neither written nor compared, so nothing is to be verified or slowed down. */
export function dryRunOptions<T extends TransferOptions>(options: T): T {
  return { ...options, VerifyMode: 'NONE', BytesPerSecond: -1 };
}

/** A transfer between two backends, which its `close` closes. */
export function preparedTransfer(
  source: Backend, destination: Backend, requestOf: (backends: Pick<TransferRequest, 'source' | 'destination'>) => Omit<TransferRequest, 'destination'>,
): PreparedTransfer {
  const request = { ...requestOf({ source, destination }), destination };
  return {
    request,
    transfer: new Transfer(request),
    close: () => {
      source.close();
      destination.close();
    },
  };
}

/** The options of the service that were given. */
export function optionsOf(args: { readonly [option: string]: unknown }): Options {
  return Object.fromEntries(Object.keys(DESCRIPTIONS).map(name => [name, args[name[0].toLowerCase() + name.slice(1)]]));
}

function checkedTransferOptions(from: Place, to: Place, args: TransferArguments): ReturnType<typeof completeOptions> {
  const context = {
    mode: args.taskMode,
    source: { aws: true, ...from.type },
    destination: { aws: true, ...to.type },
    storageClass: storageClassOf(args.s3StorageClass),
  };
  try {
    return completeOptions(context, optionsOf(args));
  } catch (error) {
    // the service's text, with the options as they were typed
    throw new Error((error as Error).message.replace(/\b[A-Z]\w+/g, word => Object.hasOwn(DESCRIPTIONS, word) ? flagOf(word) : word));
  }
}

export function ruleOf(patterns: readonly string[] = []): Array<{ FilterType: 'SIMPLE_PATTERN'; Value: string }> {
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
