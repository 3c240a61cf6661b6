import type { Place, Stores } from './place';
import { openAzureBlob } from '../backends/azure-blob/backend';
import { AzureBlobDryRun } from '../backends/decorators/azure-blob-dry-run';

// The one module of "run" and "plan" that brings the SDK of Azure along: it is loaded where there is a container.

/**
 * Opens a container at an endpoint, or in Azure, with the token of the environment.
 *
 * @param host the account, or where Azure has it
 */
export function openContainer(host: string, container: string, prefix: string, { azureEndpoint }: Stores, isDryRun: boolean): ReturnType<Place['open']> {
  const real = openAzureBlob({
    endpoint: azureEndpoint,
    host: host.includes('.') ? host : undefined,
    account: host.split('.')[0],
    container,
    folders: prefix === '' ? [] : prefix.split('/'),
    remedy: 'put a SAS token into AZURE_STORAGE_SAS_TOKEN',
    sasToken: process.env.AZURE_STORAGE_SAS_TOKEN?.replace(/^\?/, ''),
  });
  return isDryRun ? new AzureBlobDryRun(real) : real;
}
