import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Task, TaskLogQueries, TaskMode } from '../../src';
import { LOCATION_ARN, locationOf, newStack, nfsToS3, TASK_ARN } from '../support/stacks';

function queriesIn(stack: ReturnType<typeof newStack>): { [name: string]: { readonly QueryString: string; readonly LogGroupNames: unknown } } {
  const found = Object.values(Template.fromStack(stack).findResources('AWS::Logs::QueryDefinition'));
  return Object.fromEntries(found.map(({ Properties: { Name, ...rest } }) => [Name, rest]));
}

test('a task in Basic mode is asked by the level of its lines, in its log group', () => {
  const stack = newStack();
  new TaskLogQueries(stack, 'Queries', { task: nfsToS3(stack, { logGroup: new LogGroup(stack, 'Logs') }) });
  const queries = queriesIn(stack);
  expect(Object.keys(queries).sort()).toEqual(['Stack/Task/Activity', 'Stack/Task/Errors']);
  expect(queries['Stack/Task/Errors']).toEqual({
    LogGroupNames: [{ Ref: 'Logs6819BB44' }],
    QueryString: 'fields @timestamp, @logStream, @message\n| filter @message like /\\[(ERROR|WARN)\\]/\n| sort @timestamp desc\n| limit 1000',
  });
});

test('a task in Enhanced mode is asked by the locations of its lines, in the log group of all tasks', () => {
  const stack = newStack();
  const [source, destination] = ['a', 'b'].map(id => locationOf(stack, id));
  const task = Task.fromTaskAttributes(stack, 'Task', { taskArn: TASK_ARN, taskMode: TaskMode.ENHANCED, source, destination });
  new TaskLogQueries(stack, 'Queries', { task, queryNamePrefix: 'nightly/' });
  const queries = queriesIn(stack);
  expect(Object.keys(queries).sort()).toEqual(['nightly/Activity', 'nightly/Errors', 'nightly/ErrorsByCode']);
  const id = (letter: string) => LOCATION_ARN.split('/')[1].replace(/[^-]*$/, letter.padStart(17, '0'));
  for (const { QueryString, LogGroupNames } of Object.values(queries)) {
    expect(LogGroupNames).toEqual(['/aws/datasync']);
    expect(QueryString).toContain(`\n| filter not ispresent(Source.LocationId) or Source.LocationId = "${id('a')}"\n`);
    expect(QueryString).toContain(`\n| filter not ispresent(Destination.LocationId) or Destination.LocationId = "${id('b')}"\n`);
  }
});

test('an imported task in Basic mode is asked in the log group that is told', () => {
  const stack = newStack();
  const logGroup = LogGroup.fromLogGroupName(stack, 'Logs', '/theirs');
  new TaskLogQueries(stack, 'Queries', { task: Task.fromTaskAttributes(stack, 'Task', { taskArn: TASK_ARN, logGroup }) });
  const queries = queriesIn(stack);
  expect(Object.keys(queries).sort()).toEqual(['Stack/Task/Activity', 'Stack/Task/Errors']);
  for (const { LogGroupNames } of Object.values(queries)) expect(LogGroupNames).toEqual(['/theirs']);
  Template.fromStack(stack).resourceCountIs('AWS::Logs::ResourcePolicy', 0);
});

test('an imported task in Enhanced mode is asked for all that the log group has', () => {
  const stack = newStack();
  new TaskLogQueries(stack, 'Queries', { task: Task.fromTaskAttributes(stack, 'Task', { taskArn: TASK_ARN, taskMode: TaskMode.ENHANCED }) });
  for (const { QueryString } of Object.values(queriesIn(stack))) expect(QueryString).not.toContain('LocationId');
});
