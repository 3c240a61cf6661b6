export type Values = Record<string, any>;

/** Rejects with `refused` if the service has said no. */
export type Call = (operation: string, input: object) => Promise<Values>;

/** Calls of DataSync's operations by their names, with the account and Region where a signature would have them. */
export const callOf = (endpoint: string, account: string, region: string): Call => async (operation, input) => {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `FmrsService.${operation}`,
    'authorization': `AWS4-HMAC-SHA256 Credential=${account}/20180809/${region}/datasync/aws4_request, SignedHeaders=host, Signature=0`,
  };
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input), signal: AbortSignal.timeout(30_000) });
    text = await reply.text();
  } catch (error: any) {
    throw new Error(`${operation}: no answer from ${endpoint}: ${(error.cause || error).message}`);
  }
  let body: Values;
  try {
    body = JSON.parse(text);
  } catch {
    body = {};
  }
  if (reply.ok) return body;
  throw Object.assign(new Error(`${operation}: ${body.message || text} (${body.__type || reply.status})`), { refused: reply.status === 400 });
};
