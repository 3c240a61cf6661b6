import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DirectoryDryRun } from '../backends/decorators/directory-dry-run';
import { openDirectory, prepareForOneRun } from '../backends/directory/backend';
import type { Backend } from '../engine/backend';
import type { LocationType } from '../model/location';
import type { Scope } from '../model/scope';

/** One side of a copy that is made without a server. */
export interface Place {
  readonly type: Pick<LocationType, 'posix'> & { readonly name: 'S3' | 'NFS' | 'AZURE_BLOB' };
  /** What to call it where it is in the cloud: a bucket of AWS, a container of Azure. */
  readonly inCloud?: string;
  /** `isDryRun` opens it for a dry run: nothing that is done to it is really done, and nothing that could change it is sent. */
  open(isDryRun: boolean): Backend | Promise<Backend>;
}

/** What opens buckets and containers. To load one takes longer than all that folders need, so it is loaded where there are any. */
export interface StoreModules {
  s3(): Promise<typeof import('./s3-place')>;
  azure(): Promise<typeof import('./azure-place')>;
}

/** What holds buckets and containers. */
export interface Stores {
  readonly modules: StoreModules;
  readonly s3Endpoint?: string;
  readonly azureEndpoint?: string;
  /** The account and the Region that the buckets are of, as a local cloud is told it. @default - that of the credentials */
  readonly scope?: Scope;
  /** What has no endpoint is in the cloud: whoever only looks may go there. @default - everything needs one */
  readonly cloud?: { readonly profile?: string };
}

/** What is wrong with what the user typed. */
export class PlaceError extends Error {}

export const PLACES = 'folder, s3://bucket/prefix or azure-blob://account/container/prefix';

/**
 * A folder, `s3://bucket/prefix` or `azure-blob://account/container/prefix`.
 *
 * @throws PlaceError naming the argument
 */
export function parsePlace(argument: 'SOURCE' | 'DEST', text: string, stores: Stores): Place {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  const refuse = (problem: string): never => { throw new PlaceError(`${argument} '${text}' ${problem}`); };
  switch (scheme) {
    case undefined: {
      const [, store, rest] = /^(s3|azure-blob):\/?(.*)$/is.exec(text) ?? [];
      if (store && !existsSync(text)) refuse(`is no folder that exists; ${store.toLowerCase() === 's3' ? 'a bucket' : 'a container'} is ${store.toLowerCase()}://${rest}`);
      return folderPlace(text);
    }
    case 's3': {
      if (!stores.s3Endpoint && !stores.cloud) refuse('is a bucket: give --s3-endpoint or AWS_ENDPOINT_URL_S3, the URL of what holds it.');
      const [, bucket, rest = ''] = /^s3:\/\/([^/]*)(?:\/(.*))?$/s.exec(text)!;
      if (bucket === '') refuse('has no bucket; it must be s3://bucket/prefix.');
      return s3Place(stores, bucket, prefixOf(rest, refuse));
    }
    case 'azure-blob': {
      if (!stores.azureEndpoint && !stores.cloud) refuse('is a container of Azure: give --azure-endpoint, the URL of what holds it, such as Azurite.');
      const [, host, container = '', rest = ''] = /^azure-blob:\/\/([^/]*)(?:\/([^/]*))?(?:\/(.*))?$/s.exec(text)!;
      if (host === '' || container === '') refuse(`has no ${host === '' ? 'account' : 'container'}; it must be azure-blob://account/container/prefix.`);
      return azurePlace(stores, host, container, prefixOf(rest, refuse));
    }
    default: return refuse(`must be a ${PLACES}.`);
  }
}

/** Without the slash at its end. `a/` and `a//` are two prefixes. */
function prefixOf(rest: string, refuse: (problem: string) => never): string {
  if (/^\/|\/\//.test(rest)) refuse("must not contain '//' in its prefix.");
  return rest.replace(/\/$/, '');
}

function folderPlace(text: string): Place {
  const path = resolve(text);
  return {
    type: { name: 'NFS', posix: true },
    open: isDryRun => {
      prepareForOneRun();
      const real = openDirectory(path, path);
      return isDryRun ? new DirectoryDryRun(real, path, path) : real;
    },
  };
}

function s3Place(stores: Stores, bucket: string, prefix: string): Place {
  return {
    type: { name: 'S3', posix: false },
    inCloud: stores.s3Endpoint ? undefined : `s3://${bucket}`,
    open: async isDryRun => (await stores.modules.s3()).openBucket(bucket, prefix, stores, isDryRun),
  };
}

function azurePlace(stores: Stores, host: string, container: string, prefix: string): Place {
  return {
    type: { name: 'AZURE_BLOB', posix: false },
    inCloud: stores.azureEndpoint ? undefined : `azure-blob://${host}/${container}`,
    open: async isDryRun => (await stores.modules.azure()).openContainer(host, container, prefix, stores, isDryRun),
  };
}
