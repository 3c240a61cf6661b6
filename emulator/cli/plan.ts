import type { Command } from 'commander';
import type { LocationMounts } from './arguments';
import { locationMount, url } from './arguments';
import { bytes, items, number, printable } from './format';
import type { StoreModules } from './place';
import { prepareTask } from './planned-task';
import type { PreparedTransfer, TransferArguments } from './transfer-options';
import { addTransferOptions, flagOf, prepareTransfer } from './transfer-options';
import { UnmatchedIncludes } from './unmatched-includes';
import { aspectsOf } from '../engine/compare';
import { differences } from '../engine/explain';
import type { ItemFailure, ItemOutcome } from '../engine/outcome';
import { progressOf } from '../engine/progress';
import type { TaskMode, TransferRequest } from '../engine/request';
import { ITEMS_FAILED } from '../engine/transfer';

const EXAMPLES = `
Examples:
  what would a mirror change?
    $ npx cdk-datasync plan photos /mnt/backup/photos --preserve-deleted-files REMOVE --changes-only
  the same for a script, one JSON object per line
    $ npx cdk-datasync plan photos s3://archive/photos --s3-endpoint http://127.0.0.1:4566 --json | jq 'select(.action == "delete").path'
  against buckets in AWS, with the credentials that "aws" takes, too; only read there
    $ npx cdk-datasync plan s3://photos/2026 s3://archive/2026 --profile work
  what would a start of a task do, with an override?
    $ npx cdk-datasync plan --task arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0 --include '/2026' --changes-only
  one of its locations is a file server, whose content is here, too
    $ npx cdk-datasync plan --task arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0 --mount nfs://fileserver/export=/mnt/export

A bucket without --s3-endpoint is one in AWS, and is read with your normal credentials: they need s3:ListBucket and s3:GetObject. A task is looked up at
--endpoint, else in the running local stack if that has it, else in AWS: that takes datasync:DescribeTask, ListLocations and DescribeLocation*. The
first line says where.

Neither side is changed. It goes the way of "run" with the same arguments and does what that then does, unless one of the sides changes in
between, or something fails that shows only when content is read or written: a file without the permission to read it, a full disk.
It ends with 1 if a location cannot be used or an item would fail, else with 0.`;

interface PlanArguments extends TransferArguments {
  readonly task?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly mount?: LocationMounts;
  readonly changesOnly?: boolean;
  readonly json?: boolean;
}

/** One line of a plan. */
export interface PlannedAction {
  readonly action: 'transfer' | 'metadata' | 'delete' | 'skip' | 'fail';
  /** Below the location, with a leading `/`; that of a folder ends with one too. */
  readonly path: string;
  readonly bytes?: number;
  readonly why: string;
}

/** Adds `plan` to the program. */
export function registerPlan(program: Command, modules: StoreModules): void {
  const command = program
    .command('plan')
    .summary('show what "run", or a start of a task, would do, and why')
    .description('Shows what "run" with the same arguments, or a start of a task that exists, would transfer, delete and skip, and why. Changes nothing.');
  addTransferOptions(command, { optional: true })
    .option('--no-include', "with --task: without the task's includes")
    .option('--no-exclude', "with --task: without the task's excludes")
    .option('--task <arn>', 'in place of SOURCE and DEST: the task, by its ARN, or its id at a server; with its options and filters, but for those that are given here')
    .option('--endpoint <url>', 'with --task: URL of the server that has it (default: the running local stack if it has it, else AWS)', url)
    .option('--mount <arn|uri=folder>', 'with --task: a folder that has what a location holds, by the ARN or the URI of the location; repeatable', locationMount)
    .option('--profile <name>', 'of your AWS configuration, for what is looked at in AWS')
    .option('--changes-only', 'leave out what would be skipped')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', EXAMPLES)
    .action(async (source: string | undefined, destination: string | undefined, args: PlanArguments) => {
      refuseContradictions(command, source, destination, args);
      process.exitCode = await plan(await prepare(source, destination, args, modules), args) ? 0 : 1;
    });
}

/** What follows from a task cannot be given as well, and the other way round. */
function refuseContradictions(command: Command, source: string | undefined, destination: string | undefined, args: PlanArguments): void {
  const given = (name: string) => command.getOptionValueSource(name) === 'cli';
  const refuse = (text: string) => command.error(`error: ${text}`);
  if (args.task !== undefined) {
    if (source !== undefined) refuse(`SOURCE '${source}' does not go with --task, which has locations of its own; leave out the one or the other`);
    const fixed = ['taskMode', 's3StorageClass'].find(given);
    if (fixed) refuse(`${flagOf(fixed)} does not go with --task: a start cannot change it`);
    return;
  }
  const stray = ['endpoint', 'mount'].find(given);
  if (stray) refuse(`${flagOf(stray)} is for --task`);
  for (const name of ['include', 'exclude'] as const) if ((args[name] as unknown) === false) refuse(`--no-${name} is for --task`);
  if (source === undefined) refuse("missing required argument 'SOURCE', or --task");
  if (destination === undefined) refuse("missing required argument 'DEST'");
}

/** A dry run that has not begun. */
interface Prepared extends PreparedTransfer {
  readonly mode: TaskMode;
  /** Says where is looked, if not on this machine alone. */
  readonly heading?: string;
  readonly notes: readonly string[];
}

async function prepare(source: string | undefined, destination: string | undefined, args: PlanArguments, modules: StoreModules): Promise<Prepared> {
  if (args.task !== undefined) return prepareTask(args.task, args, modules);
  const prepared = await prepareTransfer(source!, destination!, args, modules, args);
  return { ...prepared, mode: args.taskMode, heading: await headingOf(prepared.inCloud, args.profile, modules), notes: [] };
}

/** Where buckets without an endpoint are looked at. */
async function headingOf(inCloud: readonly string[], profile: string | undefined, modules: StoreModules): Promise<string | undefined> {
  const [buckets, containers] = [inCloud.filter(place => place.startsWith('s3:')), inCloud.filter(place => !place.startsWith('s3:'))];
  const texts = [
    ...buckets.length > 0 ? [`${buckets.join(' and ')} in ${await (await modules.s3()).bucketsEndpoint(profile)}${profile ? `, profile ${profile}` : ''}`] : [],
    ...containers.length > 0 ? [`${containers.join(' and ')} in Azure`] : [],
  ];
  return texts.length > 0 ? `Looking at ${texts.join(', ')}` : undefined;
}

async function plan({ transfer, request, close, mode, heading, notes }: Prepared, args: PlanArguments): Promise<boolean> {
  let failed = 0;
  const unmatched = new UnmatchedIncludes(request);
  const say = args.json ? console.error : console.log; // what is no line of the plan
  const print = (action: PlannedAction) => {
    if (action.action === 'fail') failed++;
    if (action.action === 'skip' && args.changesOnly) return;
    console.log(args.json ? JSON.stringify(action) : lineOf(action));
  };
  try {
    if (heading) say(heading);
    for (const note of notes) console.error(note);
    const result = await transfer.run({
      onPhase: () => undefined,
      onItem: outcome => {
        unmatched.note(outcome);
        print(actionOf(outcome, request));
      },
      onItemFailure: failure => {
        unmatched.note(failure);
        print(failureOf(failure));
      },
    }, new AbortController().signal);
    const isPlanned = result.status === 'SUCCESS' || result.errorCode === ITEMS_FAILED;
    if (!isPlanned) {
      console.error(`ERROR ${result.errorCode}: ${printable(result.errorDetail ?? '')}`);
      return false;
    }
    unmatched.warnings().forEach(line => console.error(line));
    const { itemsTransferred, itemsDeleted, itemsSkipped, bytesWritten } = progressOf(transfer.counters, mode);
    say(`would transfer ${items(itemsTransferred)} (${bytes(bytesWritten)}), delete ${number(itemsDeleted)}, `
      + `skip ${number(itemsSkipped)}, fail ${number(failed)}`);
    return failed === 0;
  } finally {
    close();
  }
}

function actionOf({ what, item, existing, change, reason }: ItemOutcome, { options, destination }: TransferRequest): PlannedAction {
  const path = `/${item.key}`;
  if (what === 'Deleted') return { action: 'delete', path, why: 'not at the source' };
  if (what === 'Skipped') return { action: 'skip', path, why: SKIPPED[reason!] };
  return {
    action: change === 'metadata' ? 'metadata' : 'transfer',
    path,
    ...(item.kind !== 'folder' && change === 'content' && { bytes: item.size }),
    why: options.TransferMode === 'ALL' ? 'TransferMode ALL' : differences(item, existing, aspectsOf(options, destination)).join(', '),
  };
}

const SKIPPED = {
  unchanged: 'unchanged',
  kept: 'differs, and OverwriteMode is NEVER',
  special: 'a device, a socket or a pipe',
  placeless: 'the destination cannot have it',
  archived: 'archived, and not restored',
};

function failureOf({ path, message }: ItemFailure): PlannedAction {
  return { action: 'fail', path, why: message };
}

function lineOf({ action, path, bytes: size, why }: PlannedAction): string {
  return `${action.padEnd(8)}  ${printable(path)}  (${size === undefined ? '' : `${bytes(size)}, `}${printable(why)})`;
}
