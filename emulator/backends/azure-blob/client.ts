import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { AnonymousCredential, ContainerClient, newPipeline } from '@azure/storage-blob';

/** Has all that is used here. Every Blob endpoint knows it; of the client's own version only the newest do. */
const API_VERSION = '2021-12-02';

/** A container, and how to let go of the connections to it. */
export interface Connection {
  readonly container: ContainerClient;
  close(): void;
}

/**
 * Connects to a container. This is the one module that loads the SDK of Azure, which takes longer than the start of the emulator:
 * it is loaded when a container is opened.
 *
 * @param url with the SAS token, if there is one
 */
export function connect(url: string): Connection {
  const pipeline = newPipeline(new AnonymousCredential(), { retryOptions: { maxTries: 4, retryDelayInMs: 100, maxRetryDelayInMs: 2_000 } });
  const agent = new (url.startsWith('https:') ? HttpsAgent : HttpAgent)({ keepAlive: true });
  pipeline.factories.push({
    create: next => ({
      sendRequest: request => {
        request.headers.set('x-ms-version', API_VERSION);
        request.agent = agent;
        return next.sendRequest(request);
      },
    }),
  });
  return { container: new ContainerClient(url, pipeline), close: () => agent.destroy() };
}

class HttpAgent extends http.Agent {
  public createConnection(...args: Parameters<http.Agent['createConnection']>): Duplex | null | undefined {
    return ignoreLateErrors(super.createConnection(...args));
  }
}

class HttpsAgent extends https.Agent {
  public createConnection(...args: Parameters<https.Agent['createConnection']>): Duplex | null | undefined {
    return ignoreLateErrors(super.createConnection(...args));
  }
}

/**
 * A server that answers before all of a request has arrived, and then closes the connection, makes the socket emit `error` when it has no
 * listener any more, which would end the process. While it has others, they get the error as well.
 */
function ignoreLateErrors(socket: Duplex | null | undefined): Duplex | null | undefined {
  return socket?.on('error', () => undefined);
}
