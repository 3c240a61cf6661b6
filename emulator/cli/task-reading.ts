import type { DataSyncClient, DescribeTaskCommandOutput } from '@aws-sdk/client-datasync';
import type { TaskArn } from './task-arn';
import type { TaskEndpoint } from './task-endpoint';
import { sdk } from './task-endpoint';
import { ErrorKind, errorKindOf } from '../../src/custom-resource/errors';
import { areCredentialsMissing, missingCredentials } from '../local-services/missing-credentials';
import { errorMessage } from '../local-stack/error';
import { scopeOfArn } from '../model/arns';
import type { LocationType } from '../model/location';
import { hdfsType, otherCloudType, SCHEMES, storageClassOf, TIERS, TYPES } from '../model/location-types';
import type { Options } from '../model/options';
import type { RunLocation } from '../model/run-settings';
import type { Task } from '../model/task';

/** A location of a task, as far as a client of the service gets to know it. */
export interface TaskLocation extends RunLocation {
  readonly uri: string;
}

/** A task, read through the API. */
export interface ReadTask extends Pick<Task, 'arn' | 'name' | 'mode' | 'options' | 'filters' | 'configs'> {
  readonly source: TaskLocation;
  readonly destination: TaskLocation;
  /** Why it cannot be started now, if the service says so. */
  readonly unavailable?: string;
}

/**
 * Reads a task and its locations: DescribeTask, ListLocations and DescribeLocation.
 *
 * @throws Error that names the operation, and what is not there or not allowed
 */
export async function readTask(arn: TaskArn, where: TaskEndpoint): Promise<ReadTask> {
  const client = where.connect();
  try {
    const task = await asked(where, 'DescribeTask', () => describeTask(client, arn.task)).catch(error => {
      if (errorKindOf(error.cause) !== ErrorKind.NOT_FOUND) throw error;
      throw new Error(`there is no ${arn.task} in ${where.text}${where.notIn ? `, nor in ${where.notIn}` : ''}`);
    });
    const source = await readLocation(client, task.SourceLocationArn!, where);
    const destination = await readLocation(client, task.DestinationLocationArn!, where);
    return {
      arn: arn.task,
      name: task.Name,
      mode: task.TaskMode ?? 'BASIC',
      source,
      destination,
      options: task.Options as Task['options'],
      filters: { includes: task.Includes ?? [], excludes: task.Excludes ?? [] } as Task['filters'],
      configs: { manifest: task.ManifestConfig, report: task.TaskReportConfig },
      unavailable: task.Status === 'UNAVAILABLE' ? task.ErrorDetail ?? task.ErrorCode ?? 'UNAVAILABLE' : undefined,
    };
  } finally {
    client.destroy();
  }
}

/** With the options as the service sent them: the SDK drops those that its own list lacks, such as ObjectMetadata. */
async function describeTask(client: DataSyncClient, TaskArn: string): Promise<DescribeTaskCommandOutput & { readonly Options?: Options }> {
  const command = new (sdk().DescribeTaskCommand)({ TaskArn });
  let sent: { readonly Options?: Options } = {};
  command.middlewareStack.add(next => async args => {
    const result = await next(args);
    const response = result.response as { body: unknown; statusCode: number };
    const chunks: Buffer[] = [];
    for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    response.body = body;
    if (response.statusCode === 200) sent = JSON.parse(body.toString());
    return result;
  }, { step: 'deserialize', priority: 'low', name: 'asSent' });
  return { ...await client.send(command), ...(sent.Options && { Options: sent.Options }) };
}

/** It may be in another Region than the task. */
async function readLocation(client: DataSyncClient, LocationArn: string, where: TaskEndpoint): Promise<TaskLocation> {
  const { region } = scopeOfArn(LocationArn);
  client.config.region = async () => region;
  const uri = await asked(where, 'ListLocations', () => uriOf(client, LocationArn));
  if (uri === undefined) throw new Error(`there is no ${LocationArn} in ${where.text}, which the task needs`);
  const scheme = SCHEMES[uri.split('://')[0]];
  if (!scheme) throw new Error(`location ${LocationArn} is ${uri}, of which this version knows nothing`);
  const name = `DescribeLocation${scheme.api}` as 'DescribeLocationS3';
  const described: Described = await asked(where, name, () => client.send(new (sdk()[`${name}Command`])({ LocationArn })));
  const agentArns = described.AgentArns ?? described.OnPremConfig?.AgentArns;
  return { arn: LocationArn, uri, type: typeOf(scheme.type, described, agentArns), agentArns: agentArns ?? [], storageClass: classOf(described) };
}

/** What descriptions of locations have, each type some of it. */
interface Described {
  readonly AgentArns?: string[];
  readonly OnPremConfig?: { readonly AgentArns?: string[] };
  readonly NameNodes?: readonly object[];
  readonly AuthenticationType?: string;
  readonly KmsKeyProviderUri?: string;
  readonly S3StorageClass?: string;
  readonly AccessTier?: string;
}

function typeOf(type: LocationType, described: Described, agentArns: string[] | undefined): LocationType {
  if (type === TYPES.HDFS) return hdfsType(described);
  return type === TYPES.OBJECT_STORAGE || type === TYPES.AZURE_BLOB ? otherCloudType(type, agentArns?.length ? agentArns : undefined) : type;
}

function classOf({ S3StorageClass, AccessTier }: Described): string | undefined {
  return AccessTier ? TIERS[AccessTier] : storageClassOf(S3StorageClass);
}

/** No operation tells the type of a location by its ARN; the list has what its URI begins with. */
async function uriOf(client: DataSyncClient, arn: string): Promise<string | undefined> {
  for await (const { Locations = [] } of sdk().paginateListLocations({ client }, {})) {
    const found = Locations.find(({ LocationArn }) => LocationArn === arn);
    if (found) return found.LocationUri;
  }
  return undefined;
}

async function asked<T>({ text, notIn }: TaskEndpoint, operation: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name } = error as Error;
    const before = notIn ? `the task is not in ${notIn}, and ` : '';
    if (areCredentialsMissing(error)) throw new Error(`${before}${missingCredentials(text, firstLine(error))}`, { cause: error });
    const remedy = errorKindOf(error) === ErrorKind.DENIED ? `: allow datasync:${operation}, or give another --profile` : '';
    throw new Error(`${before}${operation} in ${text} failed${remedy} (${name}: ${firstLine(error)})`, { cause: error });
  }
}

function firstLine(error: unknown): string {
  return errorMessage(error).split('\n')[0];
}
