import type { DataSyncClient } from '@aws-sdk/client-datasync';
import type { StackState } from './services';
import { signedCall } from './signed-call';

/** The operations that send Create and Update; a rollback or a deletion belongs to the one before or shows in the status. */
const OPERATIONS = ['CREATE_STACK', 'UPDATE_STACK'];

/** CloudFormation's DescribeStacks of one stack. By its id the call finds nested and deleted stacks too. */
export async function stackState(client: DataSyncClient, stackId: string, signal: AbortSignal): Promise<StackState> {
  const xml = await signedCall(client, {
    service: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId }).toString(),
    readError: body => ({ name: text(body, 'Code'), message: text(body, 'Message') }),
  }, signal);
  return parseStackState(xml);
}

/** @throws Error if there is no status in it */
export function parseStackState(xml: string): StackState {
  const status = text(xml, 'StackStatus');
  if (!status) throw new Error('the answer has no StackStatus');
  const lastUpdatedTime = Date.parse(text(xml, 'LastUpdatedTime') ?? '');
  const operations = operationsOf(xml);
  return {
    status,
    lastUpdatedTime: Number.isNaN(lastUpdatedTime) ? undefined : lastUpdatedTime,
    operation: operationOf(operations),
    operationTypes: operations.length > 0 ? operations.map(({ type }) => type) : undefined,
    rootId: text(xml, 'RootId'),
  };
}

interface StackOperation {
  readonly type: string;
  readonly id?: string;
}

function operationsOf(xml: string): StackOperation[] {
  const list = /<LastOperations>([\s\S]*?)<\/LastOperations>/.exec(xml)?.[1] ?? '';
  return [...list.matchAll(/<member>([\s\S]*?)<\/member>/g)]
    .map(([, member]) => ({ type: text(member, 'OperationType') ?? '', id: text(member, 'OperationId') }));
}

/** In which order the service lists them is not documented: another id among them means another operation all the same. */
function operationOf(operations: readonly StackOperation[]): string | undefined {
  const ids = operations.filter(({ type }) => OPERATIONS.includes(type)).flatMap(({ id }) => id ?? []);
  return ids.length > 0 ? ids.sort().join() : undefined;
}

/** None of the texts that are read can contain a tag, and nothing before them in the answer can be called so. */
function text(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
}
