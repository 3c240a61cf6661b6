import * as datasync from '@aws-sdk/client-datasync';
import type { Client } from './client';
import { ClientError, SCOPE } from './client';
import type { Scope } from '../../../emulator/model/scope';

/** The AWS SDK for JavaScript. */
export function sdkClient(endpoint: string): Client {
  const clients = new Map<string, datasync.DataSync>();
  const clientOf = ({ account, region }: Scope): any => {
    const key = `${account} ${region}`;
    if (!clients.has(key)) clients.set(key, new datasync.DataSync({ endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'test' } }));
    return clients.get(key);
  };
  return {
    call: async (operation, input = {}, scope = SCOPE) => {
      try {
        const { $metadata, ...output } = await clientOf(scope)[operation[0].toLowerCase() + operation.slice(1)](input);
        return JSON.parse(JSON.stringify(output));
      } catch (error) {
        throw new ClientError((error as Error).name, (error as Error).message);
      }
    },
    listAll: async (operation, items, pageSize) => {
      const all: any[] = [];
      const pages = (datasync as any)[`paginate${operation}`]({ client: clientOf(SCOPE), pageSize }, {});
      for await (const page of pages) all.push(...page[items]);
      return JSON.parse(JSON.stringify(all));
    },
    close: () => clients.forEach(client => client.destroy()),
  };
}
