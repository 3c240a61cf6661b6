import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { queryCall, xmlText } from './query-call';
import type { StackState } from './services';

/** The operations that send Create and Update; a rollback or a deletion belongs to the one before or shows in the status. */
const OPERATIONS = ['CREATE_STACK', 'UPDATE_STACK'];

/** CloudFormation's DescribeStacks of one stack. By its id the call finds nested and deleted stacks too. */
export async function stackState(client: DataSyncClient, stackId: string, signal: AbortSignal): Promise<StackState> {
  const parameters = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId };
  return parseStackState(await queryCall(client, 'cloudformation', parameters, signal));
}

/** @throws Error if there is no status in it */
export function parseStackState(xml: string): StackState {
  const status = xmlText(xml, 'StackStatus');
  if (!status) throw new Error('the answer has no StackStatus');
  const lastUpdatedTime = Date.parse(xmlText(xml, 'LastUpdatedTime') ?? '');
  const operations = operationsOf(xml);
  return {
    status,
    lastUpdatedTime: Number.isNaN(lastUpdatedTime) ? undefined : lastUpdatedTime,
    operation: operationOf(operations),
    operationTypes: operations.length > 0 ? operations.map(({ type }) => type) : undefined,
    rootId: xmlText(xml, 'RootId'),
  };
}

interface StackOperation {
  readonly type: string;
  readonly id?: string;
}

function operationsOf(xml: string): StackOperation[] {
  const list = /<LastOperations>([\s\S]*?)<\/LastOperations>/.exec(xml)?.[1] ?? '';
  return [...list.matchAll(/<member>([\s\S]*?)<\/member>/g)]
    .map(([, member]) => ({ type: xmlText(member, 'OperationType') ?? '', id: xmlText(member, 'OperationId') }));
}

/** In which order the service lists them is not documented: another id among them means another operation all the same. */
function operationOf(operations: readonly StackOperation[]): string | undefined {
  const ids = operations.filter(({ type }) => OPERATIONS.includes(type)).flatMap(({ id }) => id ?? []);
  return ids.length > 0 ? ids.sort().join() : undefined;
}
