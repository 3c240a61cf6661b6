import type { Scope } from '../../../emulator/model/scope';
import { cleanEnvironment } from '../../support/clean-environment';

/** A client of the API as its users use it, brought down to what the tests need. Times come as texts. */
export interface Client {
  /** Rejects with a ClientError when the service answers with an error. */
  call(operation: string, input?: object, scope?: Scope): Promise<any>;
  /** What a List operation lists, by the client's own way of going from page to page. */
  listAll(operation: string, items: string, pageSize: number): Promise<any[]>;
  close(): void;
}

/** An error as the client tells it. */
export class ClientError extends Error {
  constructor(public readonly type: string, message: string) {
    super(message);
  }
}

/** Whom calls come from when a test names nobody. */
export const SCOPE: Scope = { account: '000000000000', region: 'us-east-1' };

/** What a Python client gets to know: an endpoint URL, a Region, any credentials, and nothing of this machine's own AWS settings. */
export function clientEnvironment(url: string, home: string, { account, region }: Scope = SCOPE): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(home),
    AWS_ENDPOINT_URL_DATASYNC: url,
    AWS_ACCESS_KEY_ID: account,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}
