import type { DataSyncClient } from '@aws-sdk/client-datasync';
import type { EndpointInterface, Services } from './services';
import { awsServices as customResourceServices } from '../../../custom-resource/aws';
import { queryCall, xmlText } from '../../../custom-resource/query-call';
import type { CustomResourceServices } from '../../../custom-resource/services';
import { readJsonError, signedCall } from '../../../custom-resource/signed-call';
import type { FetchAnswer, FetchRequest } from '../contract';

/** The real services. */
export function awsServices(): Services {
  return customResourceServices(client => ({
    fetchKey: (fetcher, request, signal) => invoke(client(), fetcher, request, signal),
    endpointInterfaces: (vpcEndpointId, signal) => endpointInterfaces(client(), vpcEndpointId, signal),
  } satisfies Omit<Services, keyof CustomResourceServices | 'datasync'>));
}

/** Lambda's Invoke. A function that failed has an answer as well. */
async function invoke(client: DataSyncClient, name: string, request: FetchRequest, signal: AbortSignal): Promise<FetchAnswer> {
  const answer = JSON.parse(await signedCall(client, {
    service: 'lambda',
    path: `/2015-03-31/functions/${name}/invocations`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    readError: readJsonError,
  }, signal));
  return answer?.errorMessage ? { Problem: String(answer.errorMessage) } : answer;
}

async function endpointInterfaces(client: DataSyncClient, vpcEndpointId: string, signal: AbortSignal): Promise<EndpointInterface[]> {
  const endpoint = await ec2(client, { 'Action': 'DescribeVpcEndpoints', 'VpcEndpointId.1': vpcEndpointId }, signal);
  const ids = [...new Set([...endpoint.matchAll(/<item>(eni-[0-9a-f]+)<\/item>/g)].map(([, id]) => id))];
  return Promise.all(ids.map(async id => {
    const described = await ec2(client, { 'Action': 'DescribeNetworkInterfaces', 'NetworkInterfaceId.1': id }, signal);
    return { subnetId: xmlText(described, 'subnetId'), address: xmlText(described, 'privateIpAddress') };
  }));
}

function ec2(client: DataSyncClient, parameters: { [name: string]: string }, signal: AbortSignal): Promise<string> {
  return queryCall(client, 'ec2', { Version: '2016-11-15', ...parameters }, signal);
}
