import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITask } from '../../src';
import { Task, TaskAlarms, TaskDashboard, TaskMode } from '../../src';
import { newStack, nfsToS3, s3Location, TASK_ARN } from '../support/stacks';

type Stack = ReturnType<typeof newStack>;

const enhanced = (stack: Stack) => new Task(stack, 'Task', {
  source: s3Location(stack, 'From'), destination: s3Location(stack, 'To'), taskMode: TaskMode.ENHANCED,
});

/** The body as text: tokens as `<...>`. */
function bodyOf(stack: Stack): { widgets: any[] } {
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const parts: unknown[] = Properties.DashboardBody['Fn::Join'][1];
  return JSON.parse(parts.map(part => typeof part === 'string' ? part : `<${Object.values(part as object)[0]}>`).join(''));
}

const metricsOf = (stack: Stack): string[] =>
  bodyOf(stack).widgets.flatMap(({ properties }) => properties.metrics ?? []).map(([, name]: string[]) => name);

test.each<[string, (stack: Stack) => ITask, string[], string[]]>([
  ['in Basic mode', stack => nfsToS3(stack), ['BytesTransferred', 'FilesPreparedSource'], ['FilesListedSource', 'FilesVerified']],
  ['in Enhanced mode', enhanced, ['FilesListedSource', 'FilesVerified'], ['BytesTransferred', 'FilesPreparedSource', 'FilesSkipped']],
  ['of an unknown mode', stack => Task.fromTaskArn(stack, 'Task', TASK_ARN), ['BytesTransferred', 'FilesSkipped', 'FilesListedSource', 'FilesVerified'], []],
])('a task %s shows the metrics that it has', (_, taskIn, shown, missing) => {
  const stack = newStack();
  new TaskDashboard(stack, 'Dashboard', { tasks: [taskIn(stack)] });
  const metrics = metricsOf(stack);
  expect(metrics).toEqual(expect.arrayContaining(['TriggeredRules', 'BytesWritten', 'FilesTransferred', 'FilesDeleted', ...shown]));
  expect(metrics.filter(name => missing.includes(name))).toEqual([]);
});

test.each<[string, (stack: Stack) => ITask, string | undefined]>([
  ['with a log group', stack => nfsToS3(stack, { logGroup: new LogGroup(stack, 'Logs') }), 'SOURCE \'<Logs6819BB44>\''],
  ['in Enhanced mode', enhanced, 'SOURCE \'/aws/datasync\''],
  ['without a log', stack => nfsToS3(stack), undefined],
])('a task %s shows the errors of its log, if it has one', (_, taskIn, source) => {
  const stack = newStack();
  new TaskDashboard(stack, 'Dashboard', { tasks: [taskIn(stack)] });
  const logs = bodyOf(stack).widgets.filter(({ type }) => type === 'log').map(({ properties }) => properties.query.split(' |')[0]);
  expect(logs).toEqual(source ? [source] : []);
});

test('alarms stand above the tasks, each of which has its own rows', () => {
  const stack = newStack();
  const tasks = ['a', 'b'].map(digit => Task.fromTaskArn(stack, `Task${digit}`, TASK_ARN.replace(/0$/, digit)));
  const alarms = tasks.map((task, index) => new TaskAlarms(stack, `Alarms${index}`, { task }));
  new TaskDashboard(stack, 'Dashboard', { tasks, alarms, dashboardName: 'Transfers', defaultInterval: Duration.days(1) });
  const { widgets } = bodyOf(stack);
  expect(widgets.map(({ type }) => type)).toEqual(['alarm', 'text', 'metric', 'metric', 'metric', 'metric', 'text', 'metric', 'metric', 'metric', 'metric']);
  expect(widgets[0].properties.alarms).toHaveLength(4);
  expect(widgets.filter(({ type }) => type === 'text').map(({ properties }) => properties.markdown)).toEqual(tasks.map(({ taskArn, node }) =>
    expect.stringMatching(new RegExp(`^## ${node.path}\n\\[${taskArn}\\]\\(https://.*${taskArn.split('/')[1]}`))));
  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'Transfers', DashboardBody: Match.anyValue() });
});
