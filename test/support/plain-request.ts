import { request } from 'node:http';

export interface PlainAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Unlike fetch it sends whatever headers it is told to, those of browsers too. */
export function plainRequest(
  url: string, { headers = {}, method = 'GET', body = '' }: { headers?: Record<string, string>; method?: string; body?: string } = {},
): Promise<PlainAnswer> {
  return new Promise((answered, failed) => {
    request(url, { headers, method }, response => {
      let text = '';
      response.on('data', chunk => { text += chunk; });
      response.on('end', () => answered({ status: response.statusCode, headers: response.headers, body: text }));
    }).on('error', failed).end(body);
  });
}
