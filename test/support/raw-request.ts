/** An answer, before any client has made something of it. */
export interface RawAnswer {
  readonly status: number;
  readonly body: any;
}

/** Sends anything, whatever the SDK would say about it. */
export async function rawRequest(url: string, body: string | Buffer, headers: Record<string, string> = {}, method = 'POST'): Promise<RawAnswer> {
  const response = await fetch(url, {
    method,
    body: method === 'GET' ? undefined : body as string,
    headers: { 'Content-Type': 'application/x-amz-json-1.1', ...headers },
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

/** Sends any body to one operation. */
export async function rawOperation(url: string, operation: string, body: string | Buffer): Promise<RawAnswer> {
  return rawRequest(url, body, { 'X-Amz-Target': `FmrsService.${operation}` });
}
