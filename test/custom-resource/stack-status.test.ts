import { parseStackState } from '../../src/custom-resource/stack-status';

const STACK_ID = 'arn:aws:cloudformation:us-east-1:123456789012:stack/App/00af5ab0-7b0c-11ef-a1b2-0affc7d5e1d7';

function answer(operations: string, more = ''): string {
  return `<?xml version="1.0"?>
<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult>
    <Stacks>
      <member>
        <StackId>${STACK_ID}</StackId>
        <StackName>App</StackName>
        <Description>says &lt;StackStatus&gt;DELETE_COMPLETE&lt;/StackStatus&gt;</Description>
        <Parameters><member><ParameterKey>P</ParameterKey><ParameterValue>v</ParameterValue></member></Parameters>
        <CreationTime>2026-01-31T11:58:00.123Z</CreationTime>
        ${more}
        <RollbackConfiguration/>
        <StackStatus>UPDATE_IN_PROGRESS</StackStatus>
        <DisableRollback>false</DisableRollback>
        <NotificationARNs/>
        <Capabilities><member>CAPABILITY_IAM</member></Capabilities>
        <Tags/>
        <DriftInformation><StackDriftStatus>NOT_CHECKED</StackDriftStatus></DriftInformation>
        ${operations}
      </member>
    </Stacks>
  </DescribeStacksResult>
  <ResponseMetadata><RequestId>9f2a</RequestId></ResponseMetadata>
</DescribeStacksResponse>`;
}

const operation = (type: string, id: string) => `<member>
            <OperationType>${type}</OperationType>
            <OperationId>${id}</OperationId>
          </member>`;
const list = (...members: string[]) => `<LastOperations>
          ${members.join('\n          ')}
        </LastOperations>`;

test.each<[string, string, string | undefined]>([
  ['no list', '', undefined],
  ['an empty list', '<LastOperations/>', undefined],
  ['an update', list(operation('UPDATE_STACK', 'u-1')), 'u-1'],
  ['an update and the creation before it', list(operation('UPDATE_STACK', 'u-1'), operation('CREATE_STACK', 'c-1')), 'c-1,u-1'],
  ['the same in another order', list(operation('CREATE_STACK', 'c-1'), operation('UPDATE_STACK', 'u-1')), 'c-1,u-1'],
  ['a rollback, which belongs to its update', list(operation('ROLLBACK', 'r-1'), operation('UPDATE_STACK', 'u-1')), 'u-1'],
  ['nothing but a deletion', list(operation('DELETE_STACK', 'd-1')), undefined],
  ['a type that is newer than this code', list(operation('SOMETHING_NEW', 's-1')), undefined],
  ['members in another order', list('<member><OperationId>u-1</OperationId><OperationType>UPDATE_STACK</OperationType></member>'), 'u-1'],
  ['an operation without an id', list('<member><OperationType>UPDATE_STACK</OperationType></member>'), undefined],
])('the operation of an answer with %s', (_, operations, expected) => {
  const { status, lastUpdatedTime, operation: found } = parseStackState(answer(operations));
  expect([status, lastUpdatedTime, found]).toEqual(['UPDATE_IN_PROGRESS', undefined, expected]);
});

test.each<[string, string, number | undefined]>([
  ['a stack that was updated', '<LastUpdatedTime>2026-01-31T12:00:30.500Z</LastUpdatedTime>', Date.UTC(2026, 0, 31, 12, 0, 30, 500)],
  ['one that never was', '', undefined],
  ['a time that cannot be read', '<LastUpdatedTime>now</LastUpdatedTime>', undefined],
])('the time of the last update of %s', (_, more, expected) => {
  expect(parseStackState(answer('', more)).lastUpdatedTime).toBe(expected);
});

test('the types of the last operations and the root of a nested stack are read', () => {
  const root = STACK_ID.replace('App', 'Root');
  expect(parseStackState(answer(list(operation('DELETE_STACK', 'B'), operation('UPDATE_STACK', 'A')), `<RootId>${root}</RootId>`)))
    .toMatchObject({ operation: 'A', operationTypes: ['DELETE_STACK', 'UPDATE_STACK'], rootId: root });
  const plain = parseStackState(answer(''));
  expect([plain.operationTypes, plain.rootId]).toEqual([undefined, undefined]);
});
