import type { OnExecutionStateChangeOptions } from '../src';
import { TaskExecutionStatus } from '../src';
import { messageOf, newStack, resourceOf, TASKS } from './support/stacks';

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

  test('refuses a rule that would match nothing', () => {
    const stack = newStack();
    expect(messageOf(() => taskIn(stack).onExecutionStateChange('Never', { states: [] }))).toBe(
      'DataSyncValidationError: [Stack/Task/Never] states []: names no state, so the rule would match nothing; name one, or leave states out to react to all of them');
  });
});
