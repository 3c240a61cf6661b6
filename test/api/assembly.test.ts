import * as path from 'node:path';
import * as library from '../../src';
import { KINDS } from '../location/kinds';
import type { Member, Type } from '../support/assembly';
import { publicTypes } from '../support/assembly';

/** Rules of CDK's design guidelines that the compiler does not know, checked on what other languages see. */

let types: Type[];
beforeAll(() => {
  types = publicTypes();
}, 240_000);

const membersOf = (type: Type): Member[] => [...type.properties ?? [], ...type.methods ?? [], ...type.members ?? []];
const all = (): Array<[string, Member, Type]> => types.flatMap(type => membersOf(type).map(member => [`${type.name}.${member.name}`, member, type] as [string, Member, Type]));
const names = (found: Array<[string, ...unknown[]]>): string[] => found.map(([name]) => name);

test('there is something to look at', () => {
  expect(types.map(({ name }) => name)).toEqual(expect.arrayContaining(['Task', 'ITask', 'TaskExecution', 'Options', 'Filter', 'S3Location']));
  expect(all().length).toBeGreaterThan(150);
});

test('everything is documented', () => {
  expect(types.filter(type => !type.docs?.summary).map(({ name }) => name)).toEqual([]);
  expect(names(all().filter(([, member]) => !member.docs?.summary))).toEqual([]);
});

test('what is optional says what happens without it', () => {
  const structs = all().filter(([, member, type]) => type.datatype && member.optional);
  expect(structs.length).toBeGreaterThan(30);
  expect(names(structs.filter(([, member]) => member.docs?.default === undefined))).toEqual([]);
});

test('an attribute that may be missing says when it is there', () => {
  const attributes = all().filter(([, member, type]) => type.kind !== 'enum' && !type.datatype && member.optional && member.overrides === undefined);
  expect(attributes.length).toBeGreaterThan(3);
  expect(names(attributes.filter(([, member]) => member.docs?.default === undefined && !/\b(if|when|with|unless)\b/.test(member.docs?.summary ?? '')))).toEqual([]);
});

test('a construct says which resource it is, and where the service tells more', () => {
  const constructs = types.filter(type => type.kind === 'class' && type.initializer?.parameters?.[0]?.name === 'scope' && !type.abstract && type.name !== 'Location');
  expect(constructs.length).toBeGreaterThan(10);
  expect(constructs.filter(({ docs }) => docs?.custom?.resource === undefined || docs.see === undefined).map(({ name }) => name)).toEqual([]);
});

test('what has rules says that breaking one throws', () => {
  const RULES_OF_OTHERS = ['AgentVpcEndpoint', 'Location'];
  const silent = types.filter(({ kind, initializer }) => kind === 'class' && initializer !== undefined && initializer.docs?.custom?.throws === undefined);
  expect(silent.map(({ name }) => name).sort()).toEqual(RULES_OF_OTHERS);
});

test('a number is a count, or has its unit in its name: what else is measured is a Duration or a Size', () => {
  const numbers = all().filter(([, member]) => (member.type as { primitive?: string } | undefined)?.primitive === 'number');
  const COUNTS = ['memorySize', 'port', 'replicationFactor', 'reservedConcurrentExecutions', 'retryAttempts', 'serverPort']; // memorySize is in MiB as in aws-lambda
  const hasUnit = (name: string): boolean => /^bytesPerSecond$|^(years|months|days|hours|minutes)$/.test(name);
  expect(names(numbers.filter(([, { name }]) => !COUNTS.includes(name) && !hasUnit(name)))).toEqual([]);
});

test('nothing has any type but what may be anything', () => {
  expect(names(all().filter(([, member]) => JSON.stringify(member).includes('"primitive":"any"')))).toEqual(['TaskExecutionProps.triggers']);
});

test('no type of an L1 is part of the public surface', () => {
  expect(types.filter(type => /"aws-cdk-lib\.[a-z0-9_]+\.Cfn/.test(JSON.stringify(type))).map(({ name }) => name)).toEqual([]);
});

test('no method takes two structs: Python makes keywords of the last one only', () => {
  const structs = new Set(types.filter(({ datatype }) => datatype).map(({ fqn }) => fqn));
  const isStruct = (type: { readonly fqn?: string } | undefined): boolean => structs.has(type?.fqn ?? '') || /\.[A-Z]\w+(Props|Options)$/.test(type?.fqn ?? '');
  const methods = all().filter(([, { parameters = [] }]) => parameters.filter(({ type }) => isStruct(type as { fqn?: string })).length > 1);
  expect(names(methods)).toEqual([]);
});

test('there are no unions: other languages have none', () => {
  expect(types.filter(type => JSON.stringify(type).includes('"union"')).map(({ name }) => name)).toEqual([]);
});

test('imports return interfaces', () => {
  const imports = all().filter(([, member]) => member.static && /^from.+(Arn|Name|Id|Attributes)$/.test(member.name));
  expect(names(imports).sort()).toEqual([
    'Agent.fromAgentArn', 'FsxFileSystem.fromFileSystemId', 'FsxStorageVirtualMachine.fromStorageVirtualMachineId', 'Location.fromLocationArn',
    'Location.fromLocationAttributes', 'Task.fromTaskArn', 'Task.fromTaskAttributes',
  ]);
  expect(names(imports.filter(([, member]) => !/\.I[A-Z]/.test(member.returns?.type.fqn ?? '')))).toEqual([]);
});

test('attributes carry the name of their type', () => {
  const attributes = all().filter(([, member]) => member.docs?.custom?.attribute !== undefined);
  expect(attributes.length).toBeGreaterThan(5);
  const NOT_OF_THE_RESOURCE = ['Agent.agentId', 'Ec2Agent.agentId', 'Location.locationArn', 'Location.locationId', 'Location.locationUri', 'Task.taskName']; // parts of others, and what was given
  const texts = all().filter(([, member, type]) => type.kind === 'class' && !member.static && /(Arn|Id|Name|Uri)$/.test(member.name)
    && (member.type as { primitive?: string } | undefined)?.primitive === 'string');
  expect(names(texts.filter(([, member]) => member.docs?.custom?.attribute === undefined)).sort()).toEqual(NOT_OF_THE_RESOURCE);
  const prefixes = (type: Type): string[] => [type.fqn, type.base ?? '', ...type.interfaces ?? []]
    .map(fqn => fqn.split('.').pop()!.replace(/^I(?=[A-Z])/, ''))
    .map(name => name[0]?.toLowerCase() + name.slice(1));
  expect(names(attributes.filter(([, member, type]) => !prefixes(type).some(prefix => member.name.startsWith(prefix))))).toEqual([]);
});

test('resources have an interface, and constructs take scope, id and props', () => {
  const constructs = types.filter(type => type.kind === 'class' && type.initializer?.parameters?.[0]?.name === 'scope');
  expect(constructs.map(({ name }) => name).sort()).toEqual([
    'Agent', 'AgentVpcEndpoint', 'Ec2Agent', 'Location', 'ScheduledTaskExecution', 'Task', 'TaskAlarms', 'TaskDashboard', 'TaskExecution', 'TaskLogQueries',
    ...KINDS.map(({ construct }) => construct),
  ].sort());
  for (const { name, initializer } of constructs.filter(type => !['Location'].includes(type.name))) {
    expect(initializer!.parameters!.map(parameter => parameter.name)).toEqual(['scope', 'id', 'props']);
    expect(types.map(type => type.name)).toContain(`${name}Props`);
  }
});

test('no name is a reserved word of a language', () => {
  const { isReservedName } = jest.requireActual(path.join(path.dirname(require.resolve('jsii')), 'reserved-words.js'));
  const isReserved = (word: string): boolean => (isReservedName(word) ?? []).length > 0;
  expect([isReserved('lambda'), isReserved('task')]).toEqual([true, false]);
  const ofInitializers = types.flatMap(({ name, initializer }) => (initializer?.parameters ?? []).map((parameter): [string, string] => [`${name}(${parameter.name})`, parameter.name]));
  const used = [...ofInitializers, ...all().flatMap(([name, member, type]): Array<[string, string]> =>
    type.kind === 'enum' ? [] : [[name, member.name], ...(member.parameters ?? []).map(parameter => [`${name}(${parameter.name})`, parameter.name] as [string, string])])];
  expect(names(used.filter(([, word]) => isReserved(word)))).toEqual([]);
});

test('members of enums are what goes over the wire', () => {
  const enums = types.filter(type => type.kind === 'enum');
  expect(enums.length).toBeGreaterThan(15);
  for (const { name, members } of enums) {
    const values = (library as unknown as { [name: string]: { [member: string]: string } })[name];
    expect(values).toEqual(Object.fromEntries(members!.map(member => [member.name, member.name])));
  }
});

test('every construct shows an example', () => {
  const without = types.filter(type => type.kind === 'class' && type.initializer?.parameters?.length === 3 && !(type.docs as any).example)
    .map(({ name }) => name);
  expect(without).toEqual(['Location']);
});
