import type { BlobGetPropertiesResponse, BlockBlobUploadOptions, ContainerClient, PublicAccessType } from '@azure/storage-blob';
import { openAzureBlob } from '../../../emulator/backends/azure-blob/backend';
import type { Backend } from '../../../emulator/engine/backend';
import { ACCOUNT, sasToken, startAzurite } from '../../support/azurite';

export interface Container {
  readonly name: string;
  readonly client: ContainerClient;
  open(folders?: string[], more?: { endpoint?: string; pageSize?: number; sasToken?: string }): Backend;
  put(key: string, body: string | Buffer, more?: BlockBlobUploadOptions): Promise<void>;
  head(key: string): Promise<BlobGetPropertiesResponse>;
  keys(): Promise<string[]>;
}

/** A store with new containers on demand. */
export interface Containers {
  readonly url: string;
  make(access?: PublicAccessType): Promise<Container>;
  close(): Promise<void>;
}

export async function startContainers(): Promise<Containers> {
  const azurite = await startAzurite();
  let count = 0;
  return {
    url: azurite.url,
    make: async access => {
      const name = `container-${++count}`;
      const client = await azurite.makeContainer(name, access);
      return {
        name,
        client,
        open: (folders = [], more = {}) => {
          return openAzureBlob({ endpoint: azurite.url, account: ACCOUNT, container: name, folders, sasToken: sasToken(name), ...more });
        },
        put: async (key, body, more) => void await client.getBlockBlobClient(key).upload(body, Buffer.byteLength(body), more),
        head: key => client.getBlobClient(key).getProperties(),
        keys: async () => {
          const keys: string[] = [];
          for await (const { name: key } of client.listBlobsFlat()) keys.push(key);
          return keys;
        },
      };
    },
    close: () => azurite.close(),
  };
}
