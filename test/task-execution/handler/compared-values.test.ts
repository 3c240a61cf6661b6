import fc from 'fast-check';
import type { FieldLists } from '../../../src/task-execution/compared-fields';
import { FIELD_LISTS, TASK_TYPE } from '../../../src/task-execution/compared-fields';
import { haveChanged, locationsChanged, valuesTag } from '../../../src/task-execution/handler/compared-values';

type Json = { [name: string]: any };

const TASK_ARN = 'arn:aws:datasync:us-east-1:111122223333:task/task-0123456789abcdef0';
const BASE: Json = {
  TaskArn: TASK_ARN,
  IfRunning: 'QUEUE',
  RunOn: 'CHANGE',
  Values: {
    Version: '1',
    Task: { Options: { VerifyMode: 'NONE' }, Excludes: [{ FilterType: 'SIMPLE_PATTERN', Value: '/a|/b' }] },
    Source: { Type: 'AWS::DataSync::LocationSMB', Arn: 'loc-1', ServerHostname: 'h', Subdirectory: '/x' },
    Destination: { Type: 'AWS::DataSync::LocationS3', Arn: 'loc-2', S3BucketArn: 'b' },
  },
};

const start = (more: Json = {}): Json => ({ ...BASE, ...more });
const task = (Task: Json | undefined): Json => start({ Values: { ...BASE.Values, Task } });
const source = (Source: Json | undefined): Json => start({ Values: { ...BASE.Values, Source } });
const destination = (more: Json): Json => start({ Values: { ...BASE.Values, Destination: { ...BASE.Values.Destination, ...more } } });
const patterns = (...values: string[]) => values.map(Value => ({ FilterType: 'SIMPLE_PATTERN', Value }));
const smb = (more: Json) => source({ ...BASE.Values.Source, ...more });
const storage = (more: Json) => source({ Type: 'AWS::DataSync::LocationObjectStorage', BucketName: 'b', ServerHostname: 'h', ...more });
const manifest = (ManifestObjectPath: string, version?: string) => ({ Source: { S3: { ManifestObjectPath, ManifestObjectVersionId: version } } });
const long = 'x'.repeat(300);
const hashOfLong = 'sha256:0d4e2ca9e9cbced7a7a5380eb29e1a3783b9b6d0db72de36a1051038e1c1fbc7';

describe('is a change', () => {
  test.each<[string, Json, Json]>([
    ['another option of the task', task({ Options: { VerifyMode: 'NONE' } }), task({ Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } })],
    ['an option that is left to the service', task({ Options: { Atime: 'NONE' } }), task({})],
    ['the mode, also by what it makes of verification', task({}), task({ TaskMode: 'ENHANCED' })],
    ['an overridden option', start(), start({ OverrideOptions: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } })],
    ['the newest option', start(), start({ OverrideOptions: { ObjectMetadata: 'NONE' } })],
    ['an override of a task that is known by its ARN', start({ Values: { Version: '1' } }), start({ Values: { Version: '1' }, OverrideOptions: { VerifyMode: 'NONE' } })],
    ['filters of the start', start(), start({ Excludes: patterns('/z') })],
    ['a pattern fewer', task({ Excludes: patterns('/a|/b') }), task({ Excludes: patterns('/a') })],
    ['a manifest of the start', start(), start({ ManifestConfig: manifest('m') })],
    ['no manifest in place of that of the task', task({ ManifestConfig: manifest('m') }),
      { ...task({ ManifestConfig: manifest('m') }), ManifestConfig: 'NONE' }],
    ['a manifest without a version in place of one with',
      task({ ManifestConfig: manifest('m', '1') }), { ...task({ ManifestConfig: manifest('m', '1') }), ManifestConfig: manifest('m') }],
    ['a subdirectory', smb({ Subdirectory: '/x' }), smb({ Subdirectory: '/y' })],
    ['a subdirectory that is gone', smb({ Subdirectory: '/x' }), smb({ Subdirectory: undefined })],
    ['a storage class at the destination', destination({ S3StorageClass: 'GLACIER' }), destination({})],
    ['the type of a location', start(), source({ Type: 'AWS::DataSync::LocationNFS', ServerHostname: 'h', Subdirectory: '/x' })],
    ['a port', storage({ ServerPort: '9000' }), storage({})],
    ['a protocol whose port is left out', storage({ ServerProtocol: 'HTTP' }), storage({})],
    ['a trigger', start({ Triggers: { a: '1' } }), start({ Triggers: { a: '2' } })],
    ['the order in a trigger', start({ Triggers: { a: ['1', '2'] } }), start({ Triggers: { a: ['2', '1'] } })],
    ['a trigger that appears', start(), start({ Triggers: { a: '1' } })],
    ['the ARN of a task that is known by nothing else', start({ Values: { Version: '1' } }), start({ Values: { Version: '1' }, TaskArn: `${TASK_ARN}1` })],
    ['the ARN of a location that is known by nothing else', source({ Arn: 'loc-1' }), source({ Arn: 'loc-3' })],
    ['the ARN of a location of which not all is known', smb({ Unknown: ['ServerHostname'] }), smb({ Unknown: ['ServerHostname'], Arn: 'loc-3' })],
    ['the ARN of the task when a location is not known at all',
      start({ Values: { ...BASE.Values, Source: {} } }), start({ Values: { ...BASE.Values, Source: {} }, TaskArn: `${TASK_ARN}1` })],
  ])('%s', (_, one, other) => {
    expect(haveChanged(one, other)).toBe(true);
    expect(haveChanged(other, one)).toBe(true);
    expect(valuesTag(one)).not.toBe(valuesTag(other));
  });

  test('a deployment, where each one starts the task', () => {
    expect(haveChanged(start({ Deployment: 'b' }), start({ Deployment: 'a' }))).toBe(true);
    expect(haveChanged(start({ Deployment: 'a' }), start())).toBe(true);
    expect(haveChanged(start(), start({ Deployment: 'a' }))).toBe(false);
    expect(valuesTag(start({ Deployment: 'b' }))).not.toBe(valuesTag(start({ Deployment: 'a' })));
  });
});

describe('is no change', () => {
  test.each<[string, Json, Json]>([
    ['runOn', start(), start({ RunOn: 'CREATE' })],
    ['ifRunning, tags, timeouts, retention and the function', start(),
      start({ IfRunning: 'FAIL', Tags: [{ Key: 'a', Value: 'b' }], TaskAvailabilityTimeout: '10', Retain: 'true', ServiceToken: 'other', ServiceTimeout: '5' })],
    ['the ARNs of a task and of locations that are known', start(), start({
      TaskArn: `${TASK_ARN}1`, Values: { ...BASE.Values, Source: { ...BASE.Values.Source, Arn: 'loc-8' }, Destination: { ...BASE.Values.Destination, Arn: 'loc-9' } },
    })],
    ['an option that moves to the start', start(), { ...task({ Excludes: BASE.Values.Task.Excludes }), OverrideOptions: { VerifyMode: 'NONE' } }],
    ['a filter of the task that the start replaces', { ...task({ Excludes: patterns('/1') }), Excludes: patterns('/z') }, { ...task({ Excludes: patterns('/2') }), Excludes: patterns('/z') }],
    ['defaults written out', task({}), task({
      TaskMode: 'BASIC', Options: { VerifyMode: 'POINT_IN_TIME_CONSISTENT', OverwriteMode: 'ALWAYS', TransferMode: 'CHANGED', PreserveDeletedFiles: 'PRESERVE' },
    })],
    ['the default of verification in Enhanced mode', task({ TaskMode: 'ENHANCED' }), task({ TaskMode: 'ENHANCED', Options: { VerifyMode: 'ONLY_FILES_TRANSFERRED' } })],
    ['log level, queueing and bandwidth', start(), start({ OverrideOptions: { LogLevel: 'TRANSFER', TaskQueueing: 'DISABLED', BytesPerSecond: '5' } })],
    ['empty filters', task({}), task({ Includes: [], Options: {} })],
    ['empty overrides', start(), start({ OverrideOptions: {}, Includes: [], Triggers: {} })],
    ['an empty trigger list beside absent ones', start({ Triggers: {} }), start({ Triggers: undefined })],
    ['the order of patterns, and one twice', task({ Excludes: patterns('/b|/a') }), task({ Excludes: patterns('/a|/b|/a') })],
    ['the slashes of a subdirectory', smb({ Subdirectory: '/x' }), smb({ Subdirectory: 'x/' })],
    ['a root that is written out', smb({ Subdirectory: '/' }), smb({ Subdirectory: undefined })],
    ['a storage class at the source', source({ Type: 'AWS::DataSync::LocationS3', S3BucketArn: 'b', S3StorageClass: 'GLACIER' }), source({ Type: 'AWS::DataSync::LocationS3', S3BucketArn: 'b' })],
    ['the default storage class', destination({ S3StorageClass: 'STANDARD' }), destination({})],
    ['the default port', storage({ ServerPort: 443 }), storage({ ServerProtocol: 'HTTPS' })],
    ['the protocol beside a port', storage({ ServerPort: '80' }), storage({ ServerProtocol: 'HTTP' })],
    ['the order of name nodes, and numbers as texts',
      source({ Type: 'AWS::DataSync::LocationHDFS', NameNodes: [{ Hostname: 'a', Port: 1 }, { Hostname: 'b', Port: 2 }] }),
      source({ Type: 'AWS::DataSync::LocationHDFS', NameNodes: [{ Port: '2', Hostname: 'b' }, { Port: '1', Hostname: 'a' }] })],
    ['a long pattern and its hash', task({ Excludes: patterns(long) }), task({ Excludes: patterns(hashOfLong) })],
    ['a long trigger and its hash', start({ Triggers: { a: [long] } }), start({ Triggers: { a: [hashOfLong] } })],
    ['members that no list has', start(), { ...smb({ User: 'u', Password: 'p' }), Extra: { a: 1 } }],
    ['numbers and booleans in triggers as texts', start({ Triggers: { a: 1, b: true } }), start({ Triggers: { b: 'true', a: '1' } })],
  ])('%s', (_, one, other) => {
    expect(haveChanged(one, other)).toBe(false);
    expect(haveChanged(other, one)).toBe(false);
    expect(valuesTag(one)).toBe(valuesTag(other));
  });

  test.each<[string, Json, Json]>([
    ['a field that another stack stops telling', smb({ Subdirectory: undefined, Unknown: ['Subdirectory'] }), smb({})],
    ['an option of the task that is not known any more', task({ ...BASE.Values.Task, Options: {}, Unknown: ['Options.VerifyMode'] }), start()],
  ])('%s, where the ARNs are the same', (_, one, other) => {
    expect(haveChanged(one, other)).toBe(false);
    expect(haveChanged(other, one)).toBe(false);
  });

  test('but an override that comes or goes is one, even if the option of the task is not known', () => {
    const unknown = task({ ...BASE.Values.Task, Options: {}, Unknown: ['Options.VerifyMode'] });
    const overridden = { ...unknown, OverrideOptions: { VerifyMode: 'NONE' } };
    expect(haveChanged(overridden, unknown)).toBe(true);
    expect(haveChanged(unknown, overridden)).toBe(true);
  });
});

describe('changed locations', () => {
  test.each<[string, Json, Json, boolean]>([
    ['another place', smb({ Subdirectory: '/y' }), start(), true],
    ['another location that is known by its ARN', source({ Arn: 'loc-3' }), source({ Arn: 'loc-1' }), true],
    ['another option', task({}), start(), false],
    ['another trigger', start({ Triggers: { a: '1' } }), start(), false],
    ['nothing', start(), start(), false],
  ])('%s: %#', (_, now, before, changed) => {
    expect(locationsChanged(now, before)).toBe(changed);
  });
});

describe('a release that adds a field', () => {
  const added: FieldLists = {
    version: FIELD_LISTS.version + 1,
    types: {
      ...FIELD_LISTS.types,
      [TASK_TYPE]: [...FIELD_LISTS.types[TASK_TYPE], { path: 'Options.NewOption', since: FIELD_LISTS.version + 1 }],
      'AWS::DataSync::LocationSMB': [...FIELD_LISTS.types['AWS::DataSync::LocationSMB'], { path: 'ShareKind', since: FIELD_LISTS.version + 1, default: 'PLAIN' }],
    },
  };
  const rendered = (version: number, more: Json = {}) => start({
    Values: {
      ...BASE.Values,
      Version: String(version),
      Task: { Options: { ...BASE.Values.Task.Options, ...more }, Excludes: BASE.Values.Task.Excludes },
      Source: { ...BASE.Values.Source, ...more.NewOption && { ShareKind: 'ODD' } },
    },
  });

  test('starts nothing, though the field has a value', () => {
    expect(haveChanged(rendered(2, { NewOption: 'X' }), rendered(1), added)).toBe(false);
    expect(haveChanged(rendered(1), rendered(2, { NewOption: 'X' }), added)).toBe(false);
  });

  test('counts from the next deployment on', () => {
    expect(haveChanged(rendered(2, { NewOption: 'X' }), rendered(2, { NewOption: 'Y' }), added)).toBe(true);
    expect(haveChanged(rendered(2, { NewOption: 'X' }), rendered(2), added)).toBe(true);
  });

  test('leaves the tags of the executions before it as they are', () => {
    expect(valuesTag(rendered(1), added)).toBe(valuesTag(rendered(1)));
    expect(valuesTag(rendered(2), added)).toMatch(/^2:/);
  });

  test('does not confuse the function of the version before', () => {
    expect(haveChanged(rendered(2, { NewOption: 'X' }), rendered(2, { NewOption: 'Y' }))).toBe(false);
    expect(valuesTag(rendered(2, { NewOption: 'X' }))).toBe(valuesTag(rendered(1)));
  });
});

test('the tag has a version and 24 hexadecimal digits', () => {
  expect(valuesTag(BASE)).toMatch(/^1:[0-9a-f]{24}$/);
});

test('whatever comes in, nothing throws', () => {
  fc.assert(fc.property(fc.anything(), fc.anything(), (one, other) => {
    for (const properties of [one, { Values: one, Triggers: other }, { Values: { Task: one, Source: other, Destination: { Type: 'AWS::DataSync::LocationS3', Unknown: one } } }]) {
      expect(valuesTag(properties)).toMatch(/^\d+:[0-9a-f]{24}$/);
      expect(typeof haveChanged(properties, other)).toBe('boolean');
      expect(typeof locationsChanged(other, properties)).toBe('boolean');
    }
  }));
});

describe('any values', () => {
  const word = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-ascii' }).filter(text => !/[|\\/]/.test(text));
  const patternList = fc.uniqueArray(fc.oneof(word.map(text => `/${text}`), word.map(text => `/${text.repeat(60)}`)), { minLength: 1, maxLength: 6 });
  const options = fc.dictionary(fc.constantFrom('VerifyMode', 'OverwriteMode', 'Atime', 'Uid', 'ObjectTags'), fc.constantFrom('NONE', 'ALWAYS', 'OTHER'));
  const anyTriggers = fc.dictionary(word, fc.oneof(word, fc.integer(), fc.array(word)));
  const values = fc.record({ options, own: options, includes: patternList, excludes: patternList, folder: word, triggers: anyTriggers });
  type Given = typeof values extends fc.Arbitrary<infer T> ? T : never;

  const reversed = <T>(record: { [name: string]: T }) => Object.fromEntries(Object.entries(record).reverse());
  const plain = ({ options: Options, own, includes, excludes, folder, triggers }: Given): Json => start({
    OverrideOptions: own,
    Includes: patterns(includes.join('|')),
    Triggers: triggers,
    Values: {
      Version: '1',
      Task: { Options, Excludes: patterns(excludes.join('|')) },
      Source: { ...BASE.Values.Source, Subdirectory: folder },
      Destination: BASE.Values.Destination,
    },
  });
  /** The same in other words. */
  const otherwise = ({ options: Options, own, includes, excludes, folder, triggers }: Given): Json => start({
    OverrideOptions: reversed(own),
    Includes: patterns([...includes, includes[0]].reverse().join('|')),
    Excludes: [],
    Triggers: reversed(Object.fromEntries(Object.entries(triggers).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]))),
    RunOn: 'CREATE',
    TaskArn: `${TASK_ARN}1`,
    Values: {
      Version: '1',
      Task: {
        Options: { ...reversed(Options), LogLevel: 'OFF', ...own },
        Excludes: patterns([...excludes].reverse().join('|')),
        TaskMode: 'BASIC',
        Includes: patterns('/other'),
      },
      Source: { ...BASE.Values.Source, Subdirectory: `/${folder}//`, Arn: 'loc-7' },
      Destination: { ...BASE.Values.Destination, S3StorageClass: 'STANDARD' },
    },
  });

  test('are equal to themselves in any spelling', () => {
    fc.assert(fc.property(values, given => {
      expect(haveChanged(otherwise(given), plain(given))).toBe(false);
      expect(valuesTag(otherwise(given))).toBe(valuesTag(plain(given)));
    }));
  });

  test('differ exactly when their tags differ, and in both directions', () => {
    fc.assert(fc.property(values, values, fc.constantFrom('options', 'own', 'includes', 'excludes', 'folder', 'triggers'), (given, others, part) => {
      const [now, before] = [plain({ ...given, [part]: others[part as keyof Given] }), plain(given)];
      expect(haveChanged(now, before)).toBe(valuesTag(now) !== valuesTag(before));
      expect(haveChanged(before, now)).toBe(haveChanged(now, before));
    }));
  });
});
