import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as byHand from '../../../bench/synth/by-hand';
import * as byHandWithRoles from '../../../bench/synth/by-hand-with-roles';
import * as constructs from '../../../bench/synth/constructs';

describe('the L1s that the benchmark takes for a measure', () => {
  test.each([1, 100])('make the template of the constructs for %i tasks', tasks => {
    expect(resourcesOf(byHand, tasks)).toEqual(resourcesOf(constructs, tasks));
  });

  test('make the template of the constructs with roles of CDK', () => {
    expect(resourcesOf(byHandWithRoles, 3)).toEqual(resourcesOf(constructs, 3));
  });
});

/** By logical id without the hash that constructs have in it. */
function resourcesOf({ build }: Pick<typeof constructs, 'build'>, tasks: number): object {
  const stack = new Stack(new App({ context: { '@aws-cdk/core:stackResourceLimit': 0 } }), 'Bench');
  build(stack, tasks, new Bucket(stack, 'From'), new Bucket(stack, 'To'));
  const resources = Template.fromStack(stack).toJSON().Resources as Record<string, { DependsOn?: string[] }>;
  for (const { DependsOn } of Object.values(resources)) DependsOn?.sort((a, b) => withoutHash(a).localeCompare(withoutHash(b)));
  const ids = new Set(Object.keys(resources));
  return JSON.parse(JSON.stringify(resources).replace(/"(\w+)"/g, (quoted, text) => ids.has(text) ? `"${withoutHash(text)}"` : quoted));
}

function withoutHash(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
