import { request } from 'node:http';

export interface PlainAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export interface PlainOptions {
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly body?: string | Buffer;
  /** As it is, not resolved. @default - the one in the URL */
  readonly path?: string;
}

/** Unlike fetch it sends whatever headers it is told to, those of browsers too. */
export function plainRequest(url: string, { headers = {}, method = 'GET', body = '', path }: PlainOptions = {}): Promise<PlainAnswer> {
  return new Promise((answered, failed) => {
    // Node.js does not say the length of a body that the method is not known to have
    const all = { ...(body.length > 0 && { 'Content-Length': String(Buffer.byteLength(body)) }), ...headers };
    request(url, { headers: all, method, ...(path !== undefined && { path }) }, response => {
      let text = '';
      response.on('data', chunk => { text += chunk; });
      response.on('end', () => answered({ status: response.statusCode, headers: response.headers, body: text }));
    }).on('error', failed).end(body);
  });
}
