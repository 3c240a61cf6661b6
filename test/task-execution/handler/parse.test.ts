import { parseRunOn, parseScheduledStart, parseStart } from '../../../src/task-execution/handler/parse';

const TASK_ARN = 'arn:aws-cn:datasync:cn-north-1:123456789012:task/task-0123456789abcdef0';
const MINIMAL = { TaskArn: TASK_ARN, IfRunning: 'QUEUE' };

describe('what is right', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['the least', {}, {}],
    ['numbers that CloudFormation sends as strings', { OverrideOptions: { BytesPerSecond: '1048576' } }, { overrideOptions: { BytesPerSecond: 1048576 } }],
    ['no limit', { OverrideOptions: { BytesPerSecond: '-1' } }, { overrideOptions: { BytesPerSecond: -1 } }],
    ['numbers as numbers', { OverrideOptions: { BytesPerSecond: 1 } }, { overrideOptions: { BytesPerSecond: 1 } }],
    ['options that are not numbers', { OverrideOptions: { VerifyMode: 'NONE' } }, { overrideOptions: { VerifyMode: 'NONE' } }],
    ['options that are newer than this code', { OverrideOptions: { Future: 'YES' } }, { overrideOptions: { Future: 'YES' } }],
    ['empty filters, which clear those of the task', { Includes: [], Excludes: [] }, { includes: [], excludes: [] }],
    ['a filter', { Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/a|/b' }] }, { includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/a|/b' }] }],
    ['a manifest and a report', { ManifestConfig: { Source: { S3: {} } }, TaskReportConfig: { OutputType: 'STANDARD' } }, {
      manifestConfig: { Source: { S3: {} } }, taskReportConfig: { OutputType: 'STANDARD' },
    }],
    ['none of what the task has', { ManifestConfig: 'NONE', TaskReportConfig: 'NONE' }, { manifestConfig: {}, taskReportConfig: {} }],
    ['tags', { Tags: [{ Key: 'a', Value: '' }] }, { tags: [{ Key: 'a', Value: '' }] }],
    ['a time to wait', { TaskAvailabilityTimeout: '90' }, { taskAvailabilityTimeout: 90 }],
    ['what others put there', { ServiceToken: 'x', Unknown: 7 }, {}],
  ])('%s', (_, more, expected) => {
    expect(parseStart({ ...MINIMAL, ...more })).toEqual({
      taskArn: TASK_ARN, ifRunning: 'QUEUE', tags: [], taskAvailabilityTimeout: 300, overrideOptions: undefined, includes: undefined, excludes: undefined, ...expected,
    });
  });
});

describe('what is wrong is named with its value and the rule', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ TaskArn: undefined }, 'TaskArn must be the ARN of a DataSync task, got nothing'],
    [{ TaskArn: 'task-1' }, 'TaskArn must be the ARN of a DataSync task, got "task-1"'],
    [{ TaskArn: `${TASK_ARN}/execution/exec-0123456789abcdef0` }, 'TaskArn must be the ARN of a DataSync task'],
    [{ IfRunning: 'queue' }, 'IfRunning must be one of QUEUE, ATTACH, WAIT, FAIL, got "queue"'],
    [{ OverrideOptions: 'NONE' }, 'OverrideOptions must be an object, got "NONE"'],
    [{ OverrideOptions: ['NONE'] }, 'OverrideOptions must be an object, got ["NONE"]'],
    [{ OverrideOptions: { BytesPerSecond: '1.5' } }, 'OverrideOptions.BytesPerSecond must be a whole number, got "1.5"'],
    [{ OverrideOptions: { BytesPerSecond: '' } }, 'OverrideOptions.BytesPerSecond must be a whole number, got ""'],
    [{ OverrideOptions: { BytesPerSecond: '99999999999999999999' } }, 'OverrideOptions.BytesPerSecond must be a whole number, got "99999999999999999999"'],
    [{ OverrideOptions: { VerifyMode: { a: 1 } } }, 'OverrideOptions.VerifyMode must be a text, got {"a":1}'],
    [{ Includes: { FilterType: 'SIMPLE_PATTERN' } }, 'Includes must be a list, got {"FilterType":"SIMPLE_PATTERN"}'],
    [{ Includes: [{ FilterType: 'SIMPLE_PATTERN', Value: '' }] }, 'Includes[0] must have a FilterType and a Value that is not empty'],
    [{ Excludes: ['*.tmp'] }, 'Excludes[0] must have a FilterType and a Value that is not empty, got "*.tmp"'],
    [{ ManifestConfig: 'none' }, 'ManifestConfig must be an object, or NONE, got "none"'],
    [{ TaskReportConfig: [] }, 'TaskReportConfig must be an object, or NONE, got []'],
    [{ Tags: [{ Key: 'a' }] }, 'Tags[0] must have a Key and a Value, got {"Key":"a"}'],
    [{ Tags: [{ Key: 'cdk-datasync:owner', Value: 'me' }] }, 'Tags[0].Key must not begin with cdk-datasync:, which marks what the constructs need'],
    [{ Tags: Array.from({ length: 46 }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) }, 'Tags must be at most 45: the service allows 50 and the constructs need 5, got "46 tags"'],
    [{ TaskAvailabilityTimeout: '601' }, 'TaskAvailabilityTimeout must be a whole number of seconds, at most 600, got "601"'],
    [{ TaskAvailabilityTimeout: 'soon' }, 'TaskAvailabilityTimeout must be a whole number of seconds, at most 600, got "soon"'],
  ])('%j', (more, text) => {
    expect(() => parseStart({ ...MINIMAL, ...more })).toThrow(text);
  });

  test('all at once', () => {
    expect(() => parseStart({})).toThrow(/TaskArn must .*; IfRunning must /);
  });

  test.each([undefined, null, 'text', 7, []])('a payload of %j', payload => {
    expect(() => parseStart(payload)).toThrow('the payload must be an object');
  });

  test('a long value is shortened', () => {
    expect(() => parseStart({ ...MINIMAL, IfRunning: 'x'.repeat(5000) })).toThrow(/got "x{99}\.\.\./);
  });

  test('RunOn', () => {
    expect(parseRunOn({ RunOn: 'CREATE' })).toBe('CREATE');
    expect(() => parseRunOn({ RunOn: 'NEVER' })).toThrow('RunOn must be one of CREATE, CHANGE, EVERY_DEPLOYMENT, got "NEVER"');
  });
});

test('a scheduler that leaves its context attributes as they are has filled in nothing', () => {
  const payload = { ...MINIMAL, ScheduleArn: '<aws.scheduler.schedule-arn>', ScheduledTime: '<aws.scheduler.scheduled-time>' };
  expect(parseScheduledStart(payload)).toMatchObject({ scheduleArn: undefined, scheduledTime: undefined, taskAvailabilityTimeout: 120 });
});
