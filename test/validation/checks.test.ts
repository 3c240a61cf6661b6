import { App, Duration, Fn, Lazy, NestedStack, Stack, Tags, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Agent, IfRunning, NfsLocation, RunOn, S3Location, Task, TaskExecution, TaskMode } from '../../src';
import { checkCount, checkDuration, checkInteger, checkText } from '../../src/validation/checks';
import { Problems, show } from '../../src/validation/problems';
import { AGENT_ARN, messageOf, newStack, nfsToS3, s3Location, TASK_ARN } from '../support/stacks';

function problemsOf(check: (problems: Problems) => void): string[] {
  const problems = new Problems('Stack/It');
  check(problems);
  return problems.texts;
}

test.each<[unknown, string]>([
  ['text', '"text"'],
  ['line\nbreak', '"line\\nbreak"'],
  [undefined, 'undefined'],
  [7, '7'],
  ['x'.repeat(118), `"${'x'.repeat(118)}"`],
  ['x'.repeat(119), `"${'x'.repeat(119)}... (119 characters)`],
  ['\u{1f4c1}'.repeat(200), `"${'\u{1f4c1}'.repeat(119)}... (200 characters)`],
  [['x'.repeat(200)], `["${'x'.repeat(118)}... (204 characters)`],
  [Fn.importValue('It'), '(known at deployment)'],
])('%j is shown as %s', (value, text) => {
  expect(show(value)).toBe(text);
});

test('nothing is thrown when there is no problem', () => {
  expect(messageOf(() => new Problems('Stack/It').throwIfAny())).toBe('no error');
});

test.each<[string, string[] | undefined, number]>([
  ['too few', [], 1], ['enough', ['a'], 0], ['as many as may be', ['a', 'b'], 0], ['too many', ['a', 'b', 'c'], 1],
  ['none at all', undefined, 0], ['a token', Token.asList(Fn.split(',', Fn.importValue('List'))), 0],
])('checkCount takes as many as may be: %s', (_, values, found) => {
  expect(problemsOf(problems => checkCount(problems, 'values', values, 1, 2, 'values'))).toHaveLength(found);
});

test.each<[string, number | undefined, number]>([
  ['the least', 0, 0], ['the most', 10, 0], ['less', -1, 1], ['more', 11, 1], ['a half', 0.5, 1], ['no number', NaN, 1], ['Infinity', Infinity, 1],
  ['nothing', undefined, 0], ['a token', Token.asNumber(Fn.ref('N')), 0],
])('checkInteger takes whole numbers in a range: %s', (_, value, found) => {
  expect(problemsOf(problems => checkInteger(problems, 'n', value, 0, 10, 'things', 'choose'))).toHaveLength(found);
});

test.each<[string, Duration | undefined, number]>([
  ['the least', Duration.seconds(60), 0], ['less', Duration.millis(59_999), 1], ['the most', Duration.hours(2), 0], ['more', Duration.minutes(121), 1],
  ['nothing', undefined, 0], ['a token', Duration.seconds(Token.asNumber(Fn.ref('N'))), 0],
])('checkDuration takes durations in a range: %s', (_, value, found) => {
  expect(problemsOf(problems => checkDuration(problems, 'd', value, Duration.minutes(1), Duration.hours(2)))).toHaveLength(found);
});

test.each<[string | undefined, number]>([
  ['', 1], ['a', 0], ['aaa', 0], ['aaaa', 1], ['\u{1f4c1}', 0], ['\u{1f4c1}'.repeat(3), 0], ['\u{1f4c1}'.repeat(4), 1], ['b', 1], [undefined, 0], [Lazy.string({ produce: () => 'b' }), 0], ['{{resolve:ssm:/b}}', 0],
  [null as any, 1], [5 as any, 1], [['a'] as any, 1],
])('checkText takes texts of a length and a pattern: %j', (value, found) => {
  expect(problemsOf(problems => checkText(problems, 't', value, { max: 3, pattern: /^[a\u{1f4c1}]+$/u, remedy: 'use a' }))).toHaveLength(found);
});

test('members of enums, for callers without a compiler', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Bucket');
  const task = Task.fromTaskArn(stack, 'Task', TASK_ARN);
  const wrong: any = 'wrong';
  const one = (property: string, members: object) => `${property} "wrong": must be one of ${Object.keys(members).join(', ')}; use a member of the enum`;
  expect([
    messageOf(() => new S3Location(stack, 'S3', { bucket, storageClass: wrong })),
    messageOf(() => new NfsLocation(stack, 'Nfs', { serverHostname: 'host', subdirectory: '/', agents: [Agent.fromAgentArn(stack, 'Agent', AGENT_ARN)], nfsVersion: wrong })),
    messageOf(() => task.onExecutionStateChange('Rule', { states: [wrong] })),
    messageOf(() => nfsToS3(newStack(), { taskMode: wrong })),
    messageOf(() => new TaskExecution(stack, 'Run', { task, runOn: wrong, ifRunning: wrong })),
  ]).toEqual([
    'DataSyncValidationError: [Stack/S3] storageClass "wrong": must be a member of S3StorageClass; use one, or S3StorageClass.of()',
    'DataSyncValidationError: [Stack/Nfs] nfsVersion "wrong": must be a member of NfsVersion; use one, or NfsVersion.of()',
    'DataSyncValidationError: [Stack/Task/Rule] states[0] "wrong": must be a member of TaskExecutionStatus; use one, or TaskExecutionStatus.of()',
    `DataSyncValidationError: [Stack/Task] ${one('taskMode', TaskMode)}`,
    `DataSyncValidationError: [Stack/Run] ${one('ifRunning', IfRunning)}\n[Stack/Run] ${one('runOn', RunOn)}`,
  ]);
});

describe('tags that come from above', () => {
  /** As new apps are: tags stay off stacks, from where CloudFormation hands them down. */
  const stackOf = () => new Stack(new App({ context: { '@aws-cdk/core:explicitStackTags': true } }), 'Stack');
  const synthesize = (tags: { [key: string]: string }) => {
    const stack = stackOf();
    const location = s3Location(stack, 'Location');
    nfsToS3(stack);
    for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value);
    return { message: messageOf(() => Template.fromStack(stack)), location };
  };

  const TYPES = { Location: 'LocationS3', Nfs: 'LocationNFS', S3: 'LocationS3', Task: 'Task' };

  test('are checked for every resource of the service', () => {
    const { message } = synthesize({ 'team': 'M\u00fcnster', 'owner@home': 'me' });
    for (const [path, type] of Object.entries(TYPES)) {
      const keep = (key: string) => `keep it from what is of the service: Tags.of(...).add(..., { excludeResourceTypes: ['AWS::DataSync::${type}'] }), or Tags.of(construct).remove('${key}')`;
      expect(message).toContain(`[Stack/${path}] key of tags "owner@home": may only contain letters, digits, white space and + = . _ : / -, and must not begin with "aws:"; `
        + `choose another key, or ${keep('owner@home')}`);
      expect(message).toContain(`[Stack/${path}] tags["team"] "M\u00fcnster": may only contain letters, digits, white space and + = . _ : @ / -; `
        + `leave out the other characters, or ${keep('team')}`);
    }
  });

  test.each<[string, (stack: Stack) => void]>([
    ['left out by type', stack => Tags.of(stack).add('team', 'R&D', { excludeResourceTypes: Object.values(TYPES).map(type => `AWS::DataSync::${type}`) })],
    ['removed', stack => {
      Tags.of(stack).add('team', 'R&D');
      for (const child of Object.keys(TYPES)) Tags.of(stack.node.findChild(child)).remove('team');
    }],
  ])('may be %s', (_, tag) => {
    const stack = stackOf();
    s3Location(stack, 'Location');
    nfsToS3(stack);
    tag(stack);
    expect(messageOf(() => Template.fromStack(stack))).toBe('no error');
  });

  test('are on the stack as well, and from there on its resources, when they are those of the app', () => {
    const app = new App({ context: { '@aws-cdk/core:explicitStackTags': false } });
    const stack = new Stack(app, 'Stack');
    s3Location(stack, 'Location');
    Tags.of(app).add('team', 'R&D');
    expect(messageOf(() => Template.fromStack(stack))).toContain(
      '[Stack/Location] tags["team"] "R&D": may only contain letters, digits, white space and + = . _ : @ / -; leave out the other characters, or keep it from what is of the service: '
      + "Tags.of(...).add(..., { excludeResourceTypes: ['AWS::DataSync::LocationS3', 'aws:cdk:stack'] })");
  });

  test('are taken from what is handed to a stack, and down to its nested stacks', () => {
    const stack = new Stack(new App(), 'Stack', { tags: { team: 'R&D' } });
    const nested = new NestedStack(stack, 'Nested');
    s3Location(stack, 'Location');
    s3Location(nested, 'Inner');
    const message = messageOf(() => Template.fromStack(stack));
    for (const path of ['Location', 'Nested/Inner']) {
      expect(message).toContain(`[Stack/${path}] tags["team"] "R&D": may only contain letters, digits, white space and + = . _ : @ / -; `
        + 'leave out the other characters, or leave it out of the tags of the stack');
    }
  });

  test('get a remedy of their own when they are empty', () => {
    expect(synthesize({ team: '' }).message).toContain('[Stack/Task] tags["team"] "": must not be empty; give it a value, or keep it from');
  });

  test('are told with the path of the construct, once', () => {
    expect(synthesize({ team: 'R&D' }).message).toContain('\n  [Stack/Task] tags["team"]');
  });

  test.each([[50, 'no error'], [51, 'tags (51 given): must have between 0 and 50 tags; remove some']])('are counted: %d', (count, text) => {
    const { message } = synthesize(Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, 'x'])));
    expect(message).toContain(text);
  });

  test('may be tokens', () => {
    expect(synthesize({ team: Fn.importValue('Team') }).message).toBe('no error');
  });
});
