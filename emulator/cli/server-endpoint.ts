import { LocalStack } from '../local-stack/local-stack';

/** The server that a command looks at which was given no ARN. */
export interface ServerEndpoint {
  readonly endpoint: string;
  /** The local stack that the server is of, if it is of one. */
  readonly stack?: LocalStack;
  /** The local stack that runs, whether the server is of it or not. */
  readonly running?: LocalStack;
}

/** The one that was given, or that the environment leads to, else that of the local stack, else the one at the usual port. */
export function serverEndpoint(given = process.env.AWS_ENDPOINT_URL_DATASYNC): ServerEndpoint {
  const running = LocalStack.running();
  const endpoint = given || running?.endpoints.datasync || 'http://127.0.0.1:4580';
  return { endpoint, running, stack: running?.endpoints.datasync === endpoint ? running : undefined };
}
