import type { References } from '../../../emulator/provision/intrinsics';
import { fail, Intrinsics, NO_VALUE } from '../../../emulator/provision/intrinsics';

const SECTIONS = {
  Conditions: {
    Yes: { 'Fn::Equals': ['a', { Ref: 'Letter' }] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Number: { 'Fn::Equals': [1, '1'] },
    Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
    Broken: { 'Fn::Equals': [{ Ref: 'Gone' }, 'a'] },
  },
  Mappings: { ByRegion: { 'us-east-1': { Host: 'east', Hosts: ['one', 'two'] } } },
};

const REFERENCES: References = {
  ref: async (name, where) => {
    const known: Record<string, unknown> = { 'Letter': 'a', 'List': ['x', 'y'], 'AWS::Region': 'us-east-1', 'AWS::NoValue': NO_VALUE };
    if (!(name in known)) throw fail(where, `unknown ${name}`, 'remedy');
    return known[name];
  },
  attribute: async (id, name) => `${id}/${name}`,
  imported: async name => `import of ${name}`,
  stackOutput: async (stack, output) => `${output} of ${stack}`,
  dynamic: async text => `value of ${text.slice(10, -2)}`,
};

const evaluate = (value: unknown) => new Intrinsics(SECTIONS, REFERENCES).value(value, 'Task.Name');

test.each<[string, unknown, unknown]>([
  ['a text', 'text', 'text'],
  ['a number', 5, 5],
  ['false', false, false],
  ['null', null, null],
  ['an object with an empty list', { a: [], b: {} }, { a: [], b: {} }],
  ['an object with Ref and something else', { Ref: 'Letter', Other: 1 }, { Ref: 'Letter', Other: 1 }],
  ['Ref', { Ref: 'Letter' }, 'a'],
  ['Ref of a list', { Ref: 'List' }, ['x', 'y']],
  ['Ref of AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ['Ref of AWS::NoValue in a list', [{ Ref: 'AWS::NoValue' }, 1], [1]],
  ['Fn::GetAtt with a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'Bucket/Arn'],
  ['Fn::GetAtt with a text', { 'Fn::GetAtt': 'Smb.CmkSecretConfig.SecretArn' }, 'Smb/CmkSecretConfig.SecretArn'],
  ['Fn::GetAtt of a computed attribute', { 'Fn::GetAtt': ['Bucket', { Ref: 'Letter' }] }, 'Bucket/a'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Letter' }, 1]] }, 'a-a-1'],
  ['Fn::Join of a list', { 'Fn::Join': [',', { Ref: 'List' }] }, 'x,y'],
  ['Fn::Join without what is left out', { 'Fn::Join': [',', ['a', { Ref: 'AWS::NoValue' }]] }, 'a'],
  ['Fn::Sub', { 'Fn::Sub': 'arn:${AWS::Region}:${Bucket.Arn}:${!Literal}' }, 'arn:us-east-1:Bucket/Arn:${Literal}'],
  ['Fn::Sub with variables', { 'Fn::Sub': ['${Letter}${Own}', { Own: { Ref: 'Letter' }, Letter: 'b' }] }, 'ba'],
  ['Fn::Select', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  ['Fn::Select of Fn::Split', { 'Fn::Select': ['2', { 'Fn::Split': [':', 'a:b:c'] }] }, 'c'],
  ['Fn::Split', { 'Fn::Split': ['/', { 'Fn::GetAtt': ['A', 'B'] }] }, ['A', 'B']],
  ['Fn::If with a condition that holds', { 'Fn::If': ['Yes', 1, { Ref: 'Unknown' }] }, 1],
  ['Fn::If with one that does not', { 'Fn::If': ['No', { Ref: 'Unknown' }, { Ref: 'Letter' }] }, 'a'],
  ['Fn::If that leaves out', { a: { 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] } }, {}],
  ['Fn::And', { 'Fn::If': ['Both', 1, 2] }, 2],
  ['Fn::Or', { 'Fn::If': ['Either', 1, 2] }, 1],
  ['Fn::Equals of a number and a text', { 'Fn::If': ['Number', 1, 2] }, 1],
  ['a condition as a value', { 'Fn::Equals': ['a', 'b'] }, false],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['ByRegion', { Ref: 'AWS::Region' }, 'Host'] }, 'east'],
  ['Fn::FindInMap of a list', { 'Fn::FindInMap': ['ByRegion', 'us-east-1', 'Hosts'] }, ['one', 'two']],
  ['Fn::FindInMap with a default', { 'Fn::FindInMap': ['ByRegion', 'x', 'Host', { DefaultValue: { Ref: 'Letter' } }] }, 'a'],
  ['Fn::Base64', { 'Fn::Base64': 'text' }, 'dGV4dA=='],
  ['Fn::Length', { 'Fn::Length': { Ref: 'List' } }, 2],
  ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'Letter' } } }, '{"a":"a"}'],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Letter}-export' } }, 'import of a-export'],
  ['Fn::GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Arn' } }, 'Arn of Other'],
  ['a dynamic reference', 'a {{resolve:ssm:/x}} b', 'a value of ssm:/x b'],
  ['a dynamic reference that is put together', { 'Fn::Join': ['', ['{{resolve:ssm:/', { Ref: 'Letter' }, '}}']] }, 'value of ssm:/a'],
  ['functions in functions', { a: [{ b: { 'Fn::Join': ['', [{ 'Fn::Select': [0, { Ref: 'List' }] }, 'z']] } }] }, { a: [{ b: 'xz' }] }],
])('%s is evaluated', async (_, value, expected) => {
  expect(await evaluate(value)).toEqual(expected);
});

test.each<[string, unknown, string]>([
  ['a function that is not known', { 'Fn::Transform': {} }, 'Task.Name: Fn::Transform is not evaluated here, only Ref, '],
  ['a condition that is missing', { 'Fn::If': ['Gone', 1, 2] }, 'Task.Name: the template has no condition Gone; define it under Conditions'],
  ['a condition that depends on itself', { 'Fn::If': ['Circle', 1, 2] }, 'the condition Circle depends on itself; end the circle in the template'],
  ['a mapping without the entry', { 'Fn::FindInMap': ['ByRegion', 'x', 'Host'] }, 'Task.Name: the mapping ByRegion has no x.Host; give the account, '],
  ['a selection beyond the end', { 'Fn::Select': [2, ['a', 'b']] }, 'Task.Name: Fn::Select takes number 2 of 2 values; numbers go from 0 to '],
  ['a selection from a text', { 'Fn::Select': [0, 'a'] }, 'Task.Name: "a" stands where a list is needed; correct the function'],
  ['a join of one', { 'Fn::Join': ['a'] }, 'Task.Name: ["a"] stands where a list of 2 is needed; correct the function'],
  ['a list where a text is needed', { 'Fn::Join': ['', [{ Ref: 'List' }]] }, 'Task.Name: ["x","y"] is ["x","y"]; a text is needed there'],
  ['no name', { Ref: 5 }, 'Task.Name: 5 stands where a name is needed'],
  ['an attribute of nothing', { 'Fn::GetAtt': 'Bucket' }, 'stands where a logical id is needed'],
  ['where it is', { a: [{ Ref: 'Gone' }] }, 'Task.Name.a[0]: unknown Gone; remedy'],
])('%s is an error of one line', async (_, value, expected) => {
  const error = await evaluate(value).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toContain(expected);
  expect(error.message).not.toContain('\n');
});

test('what is wrong with a condition is told the same wherever it is used', async () => {
  const used = { 'Fn::If': ['Broken', 1, 2] };
  await expect(evaluate({ a: used, b: used })).rejects.toThrow(/^Conditions\.Broken: unknown Gone; remedy$/);
});

test('all that is wrong is named at once', async () => {
  await expect(evaluate({ a: { Ref: 'One' }, b: { 'Fn::Sub': '${Two} ${Three}' } })).rejects.toThrow(
    'Task.Name.a: unknown One; remedy\nTask.Name.b: unknown Two; remedy\nTask.Name.b: unknown Three; remedy',
  );
});
