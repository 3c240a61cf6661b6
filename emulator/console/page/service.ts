/// <reference lib="dom" />

/**
 * Calls an operation of the service, as every client does. The page needs no routes of its own for what the service can do: checks, errors, faults
 * on purpose and persistence are then the same for a click and for the SDK. The origin check lets it, and signatures are not checked; of the
 * account and Region of the signature, which decide what a caller sees, the page is told by the ARN.
 *
 * @throws Error with the text of the service
 */
export async function call(operation: string, arn: string, input: object): Promise<Record<string, string>> {
  const [, , , region, account] = arn.split(':');
  return post('/', input, {
    'Content-Type': 'application/x-amz-json-1.1',
    'X-Amz-Target': `FmrsService.${operation}`,
    'Authorization': `AWS4-HMAC-SHA256 Credential=${account}/20300101/${region}/datasync/aws4_request, SignedHeaders=host, Signature=none`,
  });
}

/** Switches an agent, which is nothing that the service can do. */
export async function switchAgent(arn: string, status: string): Promise<void> {
  await post(`/_emulator/agents/${encodeURIComponent(arn)}`, { status }, { 'Content-Type': 'application/json' });
}

async function post(path: string, body: object, headers: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await response.json() as Record<string, string>;
  if (!response.ok) throw new Error(answer.message ?? answer.__type);
  return answer;
}
