import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DataSyncClient } from '@aws-sdk/client-datasync';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Services } from './services';

// What may be repeated is for this code to decide, above all a start, which has no client token.
const ONE_ATTEMPT = { maxAttempts: 1 };

/** The real services. A client is made when it is first used, then kept for as long as Lambda keeps the process. */
export function awsServices(): Services {
  const datasync = once(() => new DataSyncClient(ONE_ATTEMPT));
  const cloudformation = once(() => new CloudFormationClient(ONE_ATTEMPT));
  const ssm = once(() => new SSMClient(ONE_ATTEMPT));
  return {
    get datasync() { return datasync(); },
    async stackStatus(stackId, abortSignal) {
      const { Stacks } = await cloudformation().send(new DescribeStacksCommand({ StackName: stackId }), { abortSignal });
      return Stacks?.[0]?.StackStatus ?? '';
    },
    async putParameter(name, value, abortSignal) {
      await ssm().send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }), { abortSignal });
    },
    put,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    now: Date.now,
    random: Math.random,
    write: line => { process.stdout.write(`${line}\n`); },
  };
}

function put(url: string, body: string, signal: AbortSignal): Promise<number> {
  const { protocol } = new URL(url);
  const send = protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    // The URL is signed for an empty content type.
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const outgoing = send(url, { method: 'PUT', headers, signal, agent: false }, incoming => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode ?? 0)).on('error', reject);
    });
    outgoing.on('error', reject).end(body);
  });
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => made ??= make();
}
