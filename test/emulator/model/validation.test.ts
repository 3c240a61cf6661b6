import { InvalidRequestError, NotEmulatedError } from '../../../emulator/errors';
import { MODEL_SOURCE } from '../../../emulator/model/api';
import { parseInput, problemsOf, toWire } from '../../../emulator/model/validation';

const LOCATION = 'arn:aws:datasync:us-east-1:000000000000:location/loc-0123456789abcdef0';
const TASK = { SourceLocationArn: LOCATION, DestinationLocationArn: LOCATION };

test('null counts as absent, also of members that are not known', () => {
  const parsed = parseInput('CreateTaskRequest', { ...TASK, Name: null, Colour: null, Options: { VerifyMode: 'NONE', New: null } });
  expect(parsed).toEqual({ ...TASK, Options: { VerifyMode: 'NONE' } });
});

test('unknown members are refused wherever they are, but problems come first', () => {
  const input = { ...TASK, Colour: 'red', Options: { New: 1 }, Tags: [{ Key: 'a' }, { Key: 'b', Size: 2, ['x'.repeat(99)]: 3 }] };
  expect(() => parseInput('CreateTaskRequest', input)).toThrow(new NotEmulatedError(
    `What the API of ${MODEL_SOURCE} does not have (Colour, Options.New, Tags[1].Size, ${`Tags[1].${'x'.repeat(72)}...`})`,
  ));
  expect(() => parseInput('CreateTaskRequest', { ...input, Name: 3 })).toThrow(/^1 validation error detected: /);
});

test('members of the prototype are not members of the request', () => {
  expect(() => parseInput('CreateTaskRequest', { ...TASK, ...JSON.parse('{"constructor": {"Name": "x"}}') })).toThrow(/\(constructor\)/);
  expect(parseInput('CreateTaskRequest', Object.assign(Object.create({ Name: 'x' }), TASK))).toEqual(TASK);
});

test.each<[string, object, string]>([
  ['a missing member', { SourceLocationArn: LOCATION },
    "1 validation error detected: Value null at 'DestinationLocationArn' failed to satisfy constraint: Member must not be null"],
  ['a wrong enum value', { ...TASK, Options: { VerifyMode: 'SOME' } },
    "1 validation error detected: Value 'SOME' at 'Options.VerifyMode' failed to satisfy constraint: " +
    'Member must satisfy enum value set: [POINT_IN_TIME_CONSISTENT, ONLY_FILES_TRANSFERRED, NONE]'],
  ['a wrong pattern', { ...TASK, Name: 'a!b' },
    "1 validation error detected: Value 'a!b' at 'Name' failed to satisfy constraint: " +
    'Member must satisfy regular expression pattern: ^[a-zA-Z0-9\\s+=._:@/-]+$'],
  ['a text that is too long, shortened', { ...TASK, Name: 'x'.repeat(257) },
    `1 validation error detected: Value '${'x'.repeat(80)}...' at 'Name' failed to satisfy constraint: Member must have length less than or equal to 256`],
  ['a number that is too small', { ...TASK, Options: { BytesPerSecond: -2 } },
    "1 validation error detected: Value '-2' at 'Options.BytesPerSecond' failed to satisfy constraint: Member must have value greater than or equal to -1"],
  ['a text for a number', { ...TASK, Options: { BytesPerSecond: '1048576' } },
    "1 validation error detected: Value '1048576' at 'Options.BytesPerSecond' failed to satisfy constraint: Member must be an integer"],
  ['a structure for a list', { ...TASK, Includes: { FilterType: 'SIMPLE_PATTERN' } },
    "1 validation error detected: Value {a structure} at 'Includes' failed to satisfy constraint: Member must be a list"],
  ['a list for a structure', { ...TASK, Options: [1, 2] },
    "1 validation error detected: Value [a list of 2] at 'Options' failed to satisfy constraint: Member must be a structure"],
  ['an element of a list', { ...TASK, Tags: [{ Key: 'a' }, { Key: 'b', Value: 7 }] },
    "1 validation error detected: Value '7' at 'Tags[1].Value' failed to satisfy constraint: Member must be a string"],
  ['a list that is too long', { ...TASK, Includes: [{}, {}] },
    "1 validation error detected: Value [a list of 2] at 'Includes' failed to satisfy constraint: Member must have length less than or equal to 1"],
  ['several problems at once', { Name: 3 },
    "3 validation errors detected: Value null at 'SourceLocationArn' failed to satisfy constraint: Member must not be null; " +
    "Value null at 'DestinationLocationArn' failed to satisfy constraint: Member must not be null; " +
    "Value '3' at 'Name' failed to satisfy constraint: Member must be a string"],
])('an input is refused for %s', (_, input, message) => {
  expect(() => parseInput('CreateTaskRequest', input)).toThrow(new InvalidRequestError(message));
});

test('a long list of problems is cut', () => {
  const Tags = Array.from({ length: 40 }, () => ({ Key: '!' }));
  expect(() => parseInput('CreateTaskRequest', { ...TASK, Tags })).toThrow(/^40 validation errors detected: .*; \.\.\. and 30 more$/);
});

test.each(['Password', 'KerberosKeytab', 'KerberosKrb5Conf'])('a secret is never shown: %s', member => {
  expect(problemsOf('CreateLocationSmbRequest', { [member]: '!s3cret'.repeat(50) })).toContainEqual(expect.stringContaining(`Value *** at '${member}'`));
});

test.each([['null', null], ['a list', []], ['a text', 'x'], ['a number', 1]])('%s is no request', (_, value) => {
  expect(() => parseInput('ListTasksRequest', value)).toThrow(/Member must be a structure$/);
});

test('a blob is measured in bytes', () => {
  const problems = (KerberosKeytab: string) => problemsOf('UpdateLocationSmbRequest', { LocationArn: LOCATION, KerberosKeytab });
  expect(problems(Buffer.alloc(65536).toString('base64'))).toEqual([]);
  expect(problems(Buffer.alloc(65537).toString('base64'))).toEqual([expect.stringContaining('less than or equal to 65536')]);
  expect(problems('no base64!')).toEqual([expect.stringContaining('Member must be base64')]);
});

test('depth does not matter', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level += 1) deep = [deep];
  expect(() => parseInput('CreateTaskRequest', { ...TASK, Options: deep })).toThrow(/at 'Options' failed/);
});

test('times go out as seconds, and only what the model knows goes out', () => {
  const wire = toWire('DescribeTaskResponse', { CreationTime: new Date(1_500), Name: 'n', secret: 1, Includes: [{ FilterType: 'F', Value: '/a', x: 1 }] });
  expect(JSON.parse(JSON.stringify(wire))).toEqual({ CreationTime: 1.5, Name: 'n', Includes: [{ FilterType: 'F', Value: '/a' }] });
});
