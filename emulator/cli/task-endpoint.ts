import type { DataSyncClient, DataSyncClientConfig } from '@aws-sdk/client-datasync';
import { elsewhere, sdkEndpoint } from './sdk-endpoint';
import type { TaskArn } from './task-arn';
import { ErrorKind, errorKindOf } from '../../src/custom-resource/errors';
import { errorMessage } from '../local-stack/error';
import { LocalStack } from '../local-stack/local-stack';
import { DEFAULT_SCOPE } from '../model/scope';

/** Where a task is looked for. */
export interface TaskEndpoint {
  /** In a few words, for the first line of the output: `AWS, eu-west-1, account 111122223333`. */
  readonly text: string;
  /** Where calls of DataSync go. */
  readonly url: string;
  /** Whether calls go to AWS itself: then it is looked at less often, and buckets are there as well. */
  readonly isAws: boolean;
  /** Where the task was looked for before, and is not. */
  readonly notIn?: string;
  /** A client for the account and the Region of the ARN. A new one reads the user's credentials anew. */
  connect(): DataSyncClient;
}

export interface TaskEndpointOptions {
  /** URL of a server that speaks DataSync's API. It gets no credentials of the user. */
  readonly endpoint?: string;
  /** Of the user's AWS configuration. */
  readonly profile?: string;
}

/**
 * Finds out where a task is: at the endpoint that was named, else at the running local stack if it has the task, else in AWS, or where the
 * user's configuration of the AWS SDK leads instead. Only the local stack is asked; AWS is not called.
 *
 * @throws Error when the local stack runs and does not answer, or the configuration of the SDK is not right
 */
export async function findTaskEndpoint(arn: TaskArn, { endpoint, profile }: TaskEndpointOptions): Promise<TaskEndpoint> {
  if (endpoint) return atEndpoint(endpoint, endpoint, arn);
  if (profile) process.env.AWS_PROFILE = profile; // the one way that decides about endpoints too
  const stack = profile ? undefined : LocalStack.running(); // a profile is one of AWS
  if (profile) return inAws(arn, profile);
  if (!stack) return requireAccount(await inAws(arn, profile), arn, 'no local stack is running');
  const local = atEndpoint(`the local stack, ${stack.endpoints.datasync}`, stack.endpoints.datasync, arn);
  if (await has(local, arn)) return local;
  return requireAccount({ ...await inAws(arn, profile), notIn: local.text }, arn, `it is not in ${local.text}`);
}

/** AWS is not asked for what it cannot have. */
function requireAccount(where: TaskEndpoint, { account }: TaskArn, why: string): TaskEndpoint {
  if (!where.isAws || account !== DEFAULT_SCOPE.account) return where;
  throw new Error(`${why}, and AWS has no account ${account}: what was deployed to a local stack is gone when that stops; deploy again, or name another server by --endpoint`);
}

/** The account is the access key id, as in every local cloud, so that nothing of the user's credentials goes there. */
function atEndpoint(text: string, url: string, { account, region }: TaskArn): TaskEndpoint {
  return {
    text, url, isAws: false, connect: () => new (sdk().DataSyncClient)({ endpoint: url, region, credentials: { accessKeyId: account, secretAccessKey: 'test' } }),
  };
}

/** The normal credential chain, and the Region of the ARN. */
async function inAws({ account, region }: TaskArn, profile: string | undefined): Promise<TaskEndpoint> {
  const { DataSyncClient, ListTasksCommand } = sdk();
  const { url, isAws } = await sdkEndpoint(config => new DataSyncClient({ region, ...config }), new ListTasksCommand());
  // With a profile that was asked for, the SDK need not say that it goes before credentials in the environment.
  const config: DataSyncClientConfig = { region, ...profile && { logger: SILENT }, ...FRESH };
  return {
    text: isAws ? `AWS, ${region}, account ${account}` : elsewhere(url),
    url,
    isAws,
    connect: () => new DataSyncClient(config),
  };
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A setting of the SDK's credential providers, to which clients hand theirs: do not take files from a cache, they may have been renewed. */
const FRESH = { ignoreCache: true };

/** What loads for tens of milliseconds is loaded when somebody is asked. */
export function sdk(): typeof import('@aws-sdk/client-datasync') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it before anybody is asked
  return require('@aws-sdk/client-datasync');
}

async function has({ text, connect }: TaskEndpoint, { task }: TaskArn): Promise<boolean> {
  const client = connect();
  try {
    await client.send(new (sdk().DescribeTaskCommand)({ TaskArn: task }));
    return true;
  } catch (error) {
    if (errorKindOf(error) === ErrorKind.NOT_FOUND) return false;
    throw new Error(`${text}, runs and cannot be asked for the task: ${errorMessage(error)}; stop it with "npx cdk-datasync down", or name another place by --endpoint or --profile`);
  } finally {
    client.destroy();
  }
}
