import { join, resolve } from 'node:path';
import type { LocationMounts } from './arguments';
import { printable } from './format';
import { parsePlace } from './place';
import type { Place, StoreModules, Stores } from './place';
import type { TaskEndpoint } from './task-endpoint';
import { findTaskEndpoint } from './task-endpoint';
import { findByName } from './task-id';
import { readTask } from './task-reading';
import type { TaskLocation } from './task-reading';
import type { PreparedTransfer } from './transfer-options';
import { dryRunOptions, optionsOf, preparedTransfer, ruleOf } from './transfer-options';
import { DirectoryDryRun } from '../backends/decorators/directory-dry-run';
import { translated } from '../backends/decorators/metadata-translation';
import { openDirectory } from '../backends/directory/backend';
import type { TaskMode } from '../engine/request';
import { idOf, scopeOfArn } from '../model/arns';
import { mountOf, parseMounts } from '../model/mounts';
import { manifestOf } from '../model/run-configs';
import { runSettings } from '../model/run-settings';
import { EmulatorClient } from '../provision/emulator-client';

/** What the user gave about a task besides what is to be different for this run. */
export interface TaskArguments {
  readonly s3Endpoint?: string;
  readonly azureEndpoint?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly mount?: LocationMounts;
  /** False: without those of the task. */
  readonly include?: string[] | false;
  readonly exclude?: string[] | false;
  /** One per option of the service, by its name with a small first letter. */
  readonly [option: string]: unknown;
}

/** A dry run of a task that exists. */
export interface PlannedTask extends PreparedTransfer {
  readonly mode: TaskMode;
  /** What is planned, and where that was looked up. */
  readonly heading: string;
  readonly notes: readonly string[];
}

/**
 * Prepares what a start of the task with these overrides would do. The task, its locations and what they hold are read, nothing is changed.
 *
 * @throws Error that says what is not there, not allowed or not readable from here
 */
export async function prepareTask(arnText: string, given: TaskArguments, modules: StoreModules): Promise<PlannedTask> {
  const { arn, args } = await findByName(arnText, given);
  if (arn.execution) throw new Error(`'${arnText}' is the ARN of an execution, give that of its task: ${arn.task}`);
  const where = await findTaskEndpoint(arn, args);
  const task = await readTask(arn, where);
  const settings = runSettings(task, {
    OverrideOptions: optionsOf(args),
    Includes: args.include === false ? [] : args.include && ruleOf(args.include),
    Excludes: args.exclude === false ? [] : args.exclude && ruleOf(args.exclude),
  }, true);
  const { source, destination, mode } = task;
  const [from, to] = await contentsOf([source, destination], where, args, modules);
  const manifest = manifestOf(settings.configs, source.type);
  const listed = manifest && (await modules.s3()).openManifest(manifest, from.stores);
  const prepared = preparedTransfer(await from.open(true), await to.open(true), backends => ({
    ...translated({ source: backends.source, options: dryRunOptions(settings.options) }, source.type, destination.type),
    ...settings.filters,
    manifest: listed,
    taskMode: mode,
    storageClass: destination.storageClass,
    locationNames: { source: idOf(source.arn), destination: idOf(destination.arn) },
  }));
  return {
    ...prepared,
    mode,
    heading: `${idOf(task.arn)}${task.name ? ` (${printable(task.name)})` : ''} in ${where.text}: ${from.text} -> ${to.text}`,
    notes: [
      ...where.notIn ? [`note: the task is not in ${where.notIn}`] : [],
      ...task.unavailable ? [`note: the task is UNAVAILABLE and cannot be started now: ${printable(task.unavailable)}`] : [],
    ],
  };
}

/** What a location holds, as far as it can be read from here. */
interface LocationContent extends Pick<Place, 'open'> {
  readonly text: string;
  readonly stores: Stores;
}

async function contentsOf(
  locations: readonly [TaskLocation, TaskLocation], where: TaskEndpoint, args: TaskArguments, modules: StoreModules,
): Promise<LocationContent[]> {
  const { arns = {}, uris = {} } = args.mount ?? {};
  const stray = Object.keys(arns).find(arn => !locations.some(location => location.arn === arn));
  if (stray) throw new Error(`--mount ${stray}: the task has no such location, it has ${locations.map(({ arn }) => arn).join(' and ')}`);
  const unused = Object.keys(uris).find(uri => !locations.some(location => mountOf(location.uri, parseMounts({ [uri]: uris[uri] }))));
  if (unused) throw new Error(`--mount ${unused}: no location of the task begins like that, it has ${locations.map(({ uri }) => printable(uri)).join(' and ')}`);
  const contents: LocationContent[] = [];
  const unreadable: string[] = [];
  for (const [index, location] of locations.entries()) {
    const content = await contentOf(location, where, args, { arns, uris }, modules);
    if (content) contents.push(content);
    else unreadable.push(`the ${index === 0 ? 'source' : 'destination'}, ${printable(location.uri)}: give ${remedyFor(location)}`);
  }
  if (unreadable.length > 0) throw new Error(`cannot read from here ${unreadable.join('; nor ')}`);
  return contents;
}

function remedyFor({ arn, uri }: TaskLocation): string {
  const stores: Readonly<Record<string, string>> = { 's3': '--s3-endpoint, or ', 'azure-blob': '--azure-endpoint, or AZURE_STORAGE_SAS_TOKEN, or ' };
  return `${stores[uri.split('://')[0]] ?? ''}--mount ${arn}=FOLDER, a folder that has what is there`;
}

/** A folder that was given for it, else what a local server has there, else what is in the cloud; undefined if nothing leads there. */
async function contentOf(
  { arn, uri }: TaskLocation, where: TaskEndpoint, args: TaskArguments, mounts: LocationMounts, modules: StoreModules,
): Promise<LocationContent | undefined> {
  const known = where.isAws ? undefined : await new EmulatorClient(where.url).contentOf(arn).catch(() => undefined); // whoever else speaks the API
  const stores: Stores = {
    modules,
    s3Endpoint: args.s3Endpoint ?? known?.s3Endpoint,
    azureEndpoint: args.azureEndpoint ?? known?.azureEndpoint,
    scope: scopeOfArn(arn),
    cloud: args.endpoint || known ? undefined : { profile: args.profile },
  };
  const inFolder = (path: string, root: string): LocationContent => ({
    text: `${path} for ${printable(uri)}`, stores, open: () => new DirectoryDryRun(openDirectory(path, root), path, root),
  });
  const mounted = mounts.arns[arn];
  if (mounted) return inFolder(resolve(mounted), resolve(mounted));
  const below = mountOf(uri, parseMounts(mounts.uris));
  if (below) return inFolder(join(below.folder, ...below.below), below.folder);
  if (known?.folder) return inFolder(known.folder.path, known.folder.root);
  const isReadable = uri.startsWith('s3://')
    ? stores.s3Endpoint ?? stores.cloud
    : uri.startsWith('azure-blob://') && (stores.azureEndpoint ?? (stores.cloud && process.env.AZURE_STORAGE_SAS_TOKEN));
  return isReadable ? { text: printable(uri), stores, open: parsePlace('SOURCE', uri, stores).open } : undefined;
}
