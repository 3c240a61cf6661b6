import type { CfnResource, Stack } from 'aws-cdk-lib';
import { Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { KINDS } from './kinds';
import type { Location, TaskMode } from '../../src';
import { ObjectTags, Task, TaskExecution } from '../../src';
import { LOCATION_FIELDS } from '../../src/location/location-kinds';
import { camelCase, L1_PROPERTIES } from '../support/l1-properties';
import { messageOf, newStack, resourceOf, s3Location, statementsOf, warningsOf } from '../support/stacks';

type Direction = 'source' | 'destination';

/** A task with the location on one side, and a bucket on the other, in a mode that the location works in. */
const use = (stack: Stack, direction: Direction, location: Location, id = 'Task'): Task => {
  const other = s3Location(stack, `${id}Other`);
  const { mode, noTags } = location._describe();
  const options = noTags ? { objectTags: ObjectTags.NONE } : {};
  return new Task(stack, id, { source: other, destination: other, [direction]: location, taskMode: mode?.only as TaskMode, options });
};
const l1Of = (location: Location) => location.node.defaultChild as CfnResource;
const logicalIdOf = (location: Location): string => location.stack.resolve(l1Of(location).logicalId);
const propertiesOf = (location: Location): { [name: string]: any } =>
  Template.fromStack(location.stack).toJSON().Resources[logicalIdOf(location)].Properties;

/** Of the location's own roles and policies, not of those of the other location. */
const statementsFor = (location: Location) => {
  const prefix = logicalIdOf(location).replace(/[0-9A-F]{8}$/, '');
  return statementsOf(location.stack).filter(({ holder }) => holder.startsWith(prefix));
};

describe.each(KINDS.map(kind => [kind.construct, kind] as const))('%s', (construct, { type, l1, minimal, complete, rendered, nested, leftOut = {}, reference, writing }) => {
  const resourceType = l1.replace('Cfn', 'AWS::DataSync::');

  test('tells its type, its ARN, its id and its URI, and L1s take it', () => {
    const location = minimal(newStack(), 'It');
    const { stack } = location;
    expect(location.constructor.name).toBe(construct);
    expect(l1Of(location).cfnResourceType).toBe(resourceType);
    expect(location.locationType).toBe(type);
    expect(stack.resolve(location.locationArn)).toEqual(stack.resolve(l1Of(location).ref));
    expect(stack.resolve(location.locationId)).toEqual({ 'Fn::Select': [1, { 'Fn::Split': ['/', stack.resolve(l1Of(location).ref)] }] });
    expect(stack.resolve(location.locationUri)).toEqual(stack.resolve(l1Of(location).getAtt('LocationUri')));
    expect(reference(location)).toEqual({ locationArn: location.locationArn });
  });

  test('puts nothing into the template that the user does not say', () => {
    expect(Object.keys(propertiesOf(minimal(newStack(), 'It'))).sort()).toEqual([...rendered].sort());
  });

  test('can set every property of the L1 that is not left out on purpose', () => {
    const all = complete.map(make => {
      const location = make(newStack(), 'It');
      Tags.of(location).add('team', 'storage');
      return propertiesOf(location);
    });
    const missing = (declared: string, given: object[]) => {
      const names = given.flatMap(properties => Object.keys(properties ?? {}).map(camelCase));
      return L1_PROPERTIES[declared].filter(property => !names.includes(property));
    };
    const found = [
      ...missing(`${l1}Props`, all),
      ...Object.entries(nested).flatMap(([name, property]) =>
        missing(`${l1}.${name}`, all.map(properties => property.split('.').reduce((value, member) => value?.[member], properties))).map(member => `${name}.${member}`)),
    ];
    expect(found.sort()).toEqual(Object.keys(leftOut).sort());
  });

  test.each<Direction>(['source', 'destination'])('is accepted as a %s, without a warning', direction => {
    const stack = newStack();
    expect(messageOf(() => use(stack, direction, minimal(stack, 'It')))).toBe('no error');
    expect(warningsOf(stack).filter(line => !line.startsWith('/Stack/TaskOther '))).toEqual([]);
  });

  test('gets the permissions to write at a destination only', () => {
    const granted = (direction: Direction) => {
      const stack = newStack();
      const location = minimal(stack, 'It');
      use(stack, direction, location);
      return statementsFor(location).flatMap(({ Action }) => Action);
    };
    const [read, written] = [granted('source'), granted('destination')];
    expect(written.filter(action => !read.includes(action)).sort()).toEqual([...writing].sort());
    expect(read.filter(action => !written.includes(action))).toEqual([]);
  });

  test('gets the same permissions from one task and from many', () => {
    const granted = (tasks: number) => {
      const stack = newStack();
      const location = minimal(stack, 'It');
      for (let index = 0; index < tasks; index++) use(stack, 'destination', location, `Task${index}`);
      return statementsFor(location);
    };
    expect(granted(3)).toEqual(granted(1));
  });

  test.each(complete.map((make, index) => [index + 1, make] as const))('counts as a change by the fields of its kind, and by nothing else (%s)', (_, make) => {
    for (const direction of ['Source', 'Destination'] as const) {
      const stack = newStack();
      const location = make(stack, 'It');
      new TaskExecution(stack, 'Start', { task: use(stack, direction.toLowerCase() as Direction, location) });
      const { Arn, Type, ...fields } = resourceOf(stack, 'Custom::DataSyncTaskExecution').Properties.Values[direction];
      const counted = LOCATION_FIELDS[resourceType].filter(({ side = direction }) => side === direction).map(({ path }) => path);
      expect(Type).toBe(resourceType);
      expect(Object.keys(fields).sort()).toEqual(Object.keys(propertiesOf(location)).filter(name => counted.includes(name)).sort());
    }
  });

  test('has its tags checked', () => {
    const stack = newStack();
    const location = minimal(stack, 'It');
    Tags.of(location).add('team', 'a&b');
    expect(messageOf(() => Template.fromStack(stack))).toContain('tags["team"] "a&b": may only contain letters, digits');
  });
});
