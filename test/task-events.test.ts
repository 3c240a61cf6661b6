import type { App } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import type { ITask, OnExecutionStateChangeOptions } from '../src';
import { Agent, AgentStatus, Task, TaskExecutionStatus, TaskStatus } from '../src';
import { AGENT_ARN, messageOf, newStack, resourceOf, TASK_ARN, TASKS, warningsOf } from './support/stacks';

describe.each(TASKS)('a task that is %s', (_, taskIn, arn) => {
  test.each<[string, OnExecutionStateChangeOptions | undefined, object | undefined]>([
    ['any state', undefined, undefined],
    ['some states', { states: [TaskExecutionStatus.SUCCESS, TaskExecutionStatus.ERROR] }, { State: ['SUCCESS', 'ERROR'] }],
  ])('tells of executions that get into %s', (__, options, detail) => {
    const stack = newStack();
    taskIn(stack).onExecutionStateChange('Changed', options);
    const { EventPattern } = resourceOf(stack, 'AWS::Events::Rule').Properties;
    const prefix = typeof arn === 'string' ? `${arn}/execution/` : { 'Fn::Join': ['', [arn, '/execution/']] };
    expect(EventPattern).toEqual({
      'source': ['aws.datasync'],
      'detail-type': ['DataSync Task Execution State Change'],
      'resources': [{ prefix }],
      ...(detail ? { detail } : {}),
    });
  });

  test.each<[string, (task: ITask) => unknown, object]>([
    ['an execution that succeeded', task => task.onExecutionSucceeded('Rule'), { type: 'DataSync Task Execution State Change', end: '/execution/', states: ['SUCCESS'] }],
    ['an execution that failed', task => task.onExecutionFailed('Rule'), { type: 'DataSync Task Execution State Change', end: '/execution/', states: ['ERROR'] }],
    ['any state of its own', task => task.onTaskStateChange('Rule'), { type: 'DataSync Task State Change', end: '' }],
    ['some states of its own', task => task.onTaskStateChange('Rule', { states: [TaskStatus.QUEUED, TaskStatus.of('NEW')] }), {
      type: 'DataSync Task State Change', end: '', states: ['QUEUED', 'NEW'],
    }],
    ['being unavailable', task => task.onTaskUnavailable('Rule'), { type: 'DataSync Task State Change', end: '', states: ['UNAVAILABLE'] }],
  ])('tells of %s', (__, listen, expected) => {
    const stack = newStack();
    listen(taskIn(stack));
    const { type, end, states } = expected as { type: string; end: string; states?: string[] };
    expect(resourceOf(stack, 'AWS::Events::Rule').Properties.EventPattern).toEqual({
      'source': ['aws.datasync'],
      'detail-type': [type],
      'resources': [{ prefix: typeof arn === 'string' || !end ? (typeof arn === 'string' ? `${arn}${end}` : arn) : { 'Fn::Join': ['', [arn, end]] } }],
      ...(states ? { detail: { State: states } } : {}),
    });
  });

  test('refuses a rule that would match nothing', () => {
    const stack = newStack();
    expect(messageOf(() => taskIn(stack).onExecutionStateChange('Never', { states: [] }))).toBe(
      'DataSyncValidationError: [Stack/Task/Never] states []: names no state, so the rule would match nothing; name one, or leave states out to react to all of them');
  });
});

const env = { account: '111122223333', region: 'us-east-1' };

test.each<[string, { account: string; region: string } | undefined, (stack: Stack) => unknown, string | undefined]>([
  ['of a task in another Region', { ...env, region: 'eu-west-1' }, stack => Task.fromTaskArn(stack, 'It', TASK_ARN).onExecutionFailed('Rule'), 'Region us-east-1'],
  ['of a task in another account', { ...env, account: '444455556666' }, stack => Task.fromTaskArn(stack, 'It', TASK_ARN).metricTaskUnavailable(), 'account 111122223333'],
  ['of an agent in another Region', { ...env, region: 'eu-west-1' }, stack => Agent.fromAgentArn(stack, 'It', AGENT_ARN).onAgentOffline('Rule'), 'Region us-east-1'],
  ['of a task in a stack of another Region', env, stack => {
    const crossStackScope = new Stack(stack.node.root as App, 'Other', { env: { ...env, region: 'eu-west-1' } });
    Task.fromTaskArn(stack, 'It', TASK_ARN).onExecutionSucceeded('Rule', { crossStackScope });
    return crossStackScope;
  }, 'Region us-east-1'],
  ['of a task in the same place', env, stack => Task.fromTaskArn(stack, 'It', TASK_ARN).onExecutionFailed('Rule'), undefined],
  ['of a task in a place that only the deployment knows', undefined, stack => Task.fromTaskArn(stack, 'It', TASK_ARN).onExecutionFailed('Rule'), undefined],
])('a rule for events %s is warned of if they do not come there', (_, place, make, where) => {
  const stack = newStack({ env: place });
  const made = make(stack);
  const warning = `events of Stack/It come in the ${where} only, and the rule `;
  expect(warningsOf(made instanceof Stack ? made : stack)).toEqual(where ? [expect.stringContaining(warning)] : []);
});

test.each<[string, (agent: ReturnType<typeof Agent.fromAgentArn>) => unknown, string[] | undefined]>([
  ['any state', agent => agent.onAgentStateChange('Rule'), undefined],
  ['a state', agent => agent.onAgentStateChange('Rule', { states: [AgentStatus.ONLINE] }), ['ONLINE']],
  ['being offline', agent => agent.onAgentOffline('Rule', { description: 'Tells of it' }), ['OFFLINE']],
])('an agent tells of %s', (_, listen, states) => {
  const stack = newStack();
  listen(Agent.fromAgentArn(stack, 'Agent', AGENT_ARN));
  expect(resourceOf(stack, 'AWS::Events::Rule').Properties.EventPattern).toEqual({
    'source': ['aws.datasync'],
    'detail-type': ['DataSync Agent State Change'],
    'resources': [{ prefix: AGENT_ARN }],
    ...(states ? { detail: { State: states } } : {}),
  });
});
