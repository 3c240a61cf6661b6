import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ServiceError } from '../errors';
import type { ControlRoute } from './route';
import { bucketFolder, folderOf } from '../lifecycle/open-location';
import { s3ClientConfig } from '../local-services/s3-access';
import { ofScope } from '../local-services/scope-access';
import { idOf } from '../model/arns';
import { countersOf } from '../model/counters';
import type { Execution } from '../model/execution';
import type { Location } from '../model/location';
import type { ExecutionResult } from '../provision/types';
import type { State } from '../state';
import { makeFolder } from '../system/make-folder';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * What `provision` and `plan` need besides the service's API:
 * - `PUT /_emulator/buckets/NAME` makes a bucket, or the folder that stands in for it, unless it is there; body `{account, region}`;
 * - `PUT /_emulator/locations/loc-ID/folder` makes the folder of a location, unless it is in a mounted folder;
 * - `GET /_emulator/locations/loc-ID/content` tells where the content of a location is: `LocationPlace`;
 * - `PUT /_emulator/tasks/task-ID/items` has the executions of a task list what they do;
 * - `GET /_emulator/executions/exec-ID` tells the end of one.
 */
export const provisionRoutes: readonly ControlRoute[] = [
  { method: 'PUT', path: /^\/_emulator\/buckets\/([^/]+)$/, answer: async (state, body, name) => ({ json: { folder: await makeBucket(state, body, name) } }) },
  {
    method: 'PUT',
    path: /^\/_emulator\/locations\/([^/]+)\/folder$/,
    answer: (state, _, id) => {
      const folder = folderOf(find(state.locations, id, 'location'), state);
      if (folder?.root === state.root) makeFolder(folder.path);
      return { json: { folder: folder?.path } };
    },
  },
  { method: 'GET', path: /^\/_emulator\/locations\/([^/]+)\/content$/, answer: (state, _, id) => ({ json: contentOf(state, find(state.locations, id, 'location')) }) },
  {
    method: 'PUT',
    path: /^\/_emulator\/tasks\/([^/]+)\/items$/,
    answer: (state, _, id) => {
      state.itemLists.watch(find(state.tasks, id, 'task').arn);
      return { json: {} };
    },
  },
  { method: 'GET', path: /^\/_emulator\/executions\/([^/]+)$/, answer: (state, _, id) => ({ json: resultOf(state, find(state.executions, id, 'execution')) }) },
];

/** What leads to the content of a location: a folder, or else the stores that the emulator uses. It tells no secrets. */
export interface LocationPlace {
  readonly folder?: { readonly path: string; readonly root: string };
  readonly s3Endpoint?: string;
  readonly azureEndpoint?: string;
}

function contentOf(state: State, location: Location): LocationPlace {
  return { folder: folderOf(location, state), s3Endpoint: state.s3?.endpoint, azureEndpoint: state.azureEndpoint };
}

async function makeBucket(state: State, body: unknown, name: string): Promise<string | undefined> {
  if (!BUCKET.test(name) || name.includes('..')) throw new ServiceError('InvalidBucketName', `${name.slice(0, 100)} is not the name of a bucket`);
  if (!state.s3) {
    const folder = bucketFolder(state.root, name);
    makeFolder(folder);
    return folder;
  }
  const { account, region } = Object(body) as { account?: unknown; region?: unknown };
  const client = new S3Client({
    ...s3ClientConfig(ofScope(state.s3, { account: String(account), region: String(region) })!),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket: name })).catch(() => client.send(new CreateBucketCommand({ Bucket: name })));
    return undefined;
  } catch (error) {
    const { name: code, message } = error as Error;
    throw new ServiceError('BucketNotCreated', `${state.s3.endpoint} answered ${[code, message].filter(Boolean).join(': ')}`);
  } finally {
    client.destroy();
  }
}

function find<T extends { readonly arn: string }>(all: Iterable<T>, id: string, kind: string): T {
  for (const one of all) if (idOf(one.arn) === id) return one;
  throw new ServiceError('NotFound', `There is no ${kind} ${id.slice(0, 100)}`, 404);
}

function resultOf(state: State, execution: Execution): ExecutionResult {
  const { arn, status, isPending, errorCode, errorDetail } = execution;
  const { transferred, deleted, failed } = state.itemLists.of(arn) ?? { transferred: [], deleted: [], failed: [] };
  return {
    arn,
    status,
    ended: !isPending,
    errorCode,
    errorDetail,
    counters: camelCase(countersOf(execution)) as ExecutionResult['counters'],
    files: sorted(transferred.filter(path => !path.endsWith('/'))),
    deleted: sorted(deleted),
    failed,
  };
}

function sorted(paths: readonly string[]): string[] {
  return [...paths].sort();
}

function camelCase(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name[0].toLowerCase() + name.slice(1), camelCase(each)]));
}
