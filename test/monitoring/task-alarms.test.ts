import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ScheduleExpression, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Agent, ScheduledTaskExecution, TaskAlarms } from '../../src';
import type { ScheduledTaskExecutionProps } from '../../src';
import { AGENT_ARN, newStack, TASKS } from '../support/stacks';

/** Alarms of the stack by the ids that they have. */
function alarmsIn(stack: ReturnType<typeof newStack>): { [id: string]: any } {
  const found = Object.entries(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  return Object.fromEntries(found.map(([id, { Properties }]) => [id.replace(/^Alarms|[0-9A-F]{8}$/g, ''), Properties]));
}

describe.each(TASKS)('the alarms of a task that is %s', (_, taskIn) => {
  test('are for executions that fail and for the task being unavailable, and quiet while nothing happens', () => {
    const stack = newStack();
    const { all } = new TaskAlarms(stack, 'Alarms', { task: taskIn(stack) });
    const alarms = alarmsIn(stack);
    expect(Object.keys(alarms).sort()).toEqual(['ExecutionFailed', 'TaskUnavailable']);
    expect(all).toHaveLength(2);
    for (const alarm of Object.values(alarms)) {
      expect(alarm).toMatchObject({
        Namespace: 'AWS/Events',
        MetricName: 'TriggeredRules',
        Statistic: 'Sum',
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
      expect(alarm.Dimensions).toEqual([{ Name: 'RuleName', Value: { Ref: expect.stringMatching(/^Task(Failed|Unavailable)MetricRule/) } }]);
      expect(alarm.AlarmActions).toBeUndefined();
    }
  });
});

test.each([
  [Duration.minutes(10), 300, 2],
  [Duration.minutes(61), 60, 61],
  [Duration.minutes(95), 300, 19],
  [Duration.hours(24), 3600, 24],
  [Duration.hours(26), 3600, 26],
  [Duration.days(7), 3600, 168],
])('no success within %s is seen by the longest periods that CloudWatch takes', (successWithin, period, periods) => {
  const stack = newStack();
  const { noSuccess, all } = new TaskAlarms(stack, 'Alarms', { task: TASKS[0][1](stack), successWithin });
  const { NoSuccess: alarm } = alarmsIn(stack);
  expect(alarm).toMatchObject({ EvaluationPeriods: periods, Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' });
  expect(alarm.DatapointsToAlarm).toBeUndefined(); // all of them
  const [sum, counted] = alarm.Metrics;
  expect(sum.Expression).toBe('FILL(succeeded, 0)');
  expect(counted).toMatchObject({ Id: 'succeeded', ReturnData: false, MetricStat: { Period: period, Stat: 'Sum' } });
  expect(period * periods).toBe(successWithin.toSeconds());
  expect(all).toContain(noSuccess);
});

test('agents have an alarm each', () => {
  const stack = newStack();
  const agents = [AGENT_ARN, AGENT_ARN.replace(/0$/, '1')].map((arn, index) => Agent.fromAgentArn(stack, `Agent${index}`, arn));
  const { agentsOffline } = new TaskAlarms(stack, 'Alarms', { task: TASKS[1][1](stack), agents });
  expect(agentsOffline).toHaveLength(2);
  expect(Object.keys(alarmsIn(stack))).toEqual(expect.arrayContaining(['AgentOffline0', 'AgentOffline1']));
});

test('schedules of a stack share the alarms of what they share', () => {
  const stack = newStack();
  const task = TASKS[1][1](stack);
  const schedule = (id: string, props: Partial<ScheduledTaskExecutionProps> = {}) =>
    new ScheduledTaskExecution(stack, id, { task, schedule: ScheduleExpression.rate(Duration.hours(1)), ...props });
  const scheduleGroup = new ScheduleGroup(stack, 'Group');
  const queue = new Queue(stack, 'Queue');
  const schedules = [
    schedule('One'), schedule('Two', { deadLetterQueue: queue }), schedule('Three', { scheduleGroup, deadLetterQueue: queue }), schedule('Four', { scheduleGroup }),
  ];
  const { missedStarts, throttles, deadLetters, all } = new TaskAlarms(stack, 'Alarms', { task, schedules });
  expect([missedStarts, throttles, deadLetters].map(({ length }) => length)).toEqual([2, 1, 1]);
  expect(all).toHaveLength(6);
  const alarms = alarmsIn(stack);
  expect(alarms.Throttles0).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: 'Throttles' });
  expect(alarms.DeadLetters0).toMatchObject({ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum' });
  const groups = [alarms.MissedStarts0, alarms.MissedStarts1].map(({ Metrics }) =>
    Metrics.find(({ Id }: { Id: string }) => Id === 'undelivered').MetricStat.Metric.Dimensions[0].Value);
  expect(groups).toEqual(['default', 'Stack-Group-CABF5A83']);
});

test('every alarm does what it is told when it goes off and when it is over', () => {
  const stack = newStack();
  const [pager, log] = ['Pager', 'Log'].map(id => new Topic(stack, id));
  const agents = [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)];
  new TaskAlarms(stack, 'Alarms', {
    task: TASKS[1][1](stack),
    agents,
    successWithin: Duration.days(1),
    alarmActions: [new SnsAction(pager), new SnsAction(log)],
    okActions: [new SnsAction(log)],
  });
  const alarms = Object.values(alarmsIn(stack));
  expect(alarms).toHaveLength(4);
  const [pagerId, logId] = [pager, log].map(topic => stack.resolve(topic.topicArn));
  for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: [pagerId, logId], OKActions: [logId] });
});
