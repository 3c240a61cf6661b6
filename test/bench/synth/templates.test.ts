import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as bareL2s from '../../../bench/synth/bare-l2s';
import * as byHand from '../../../bench/synth/by-hand';
import * as constructs from '../../../bench/synth/constructs';

describe('what the benchmark takes for a measure', () => {
  test.each([1, 100])('the L1s make the template of the constructs for %i tasks', tasks => {
    expect(resourcesOf(byHand, tasks)).toEqual(resourcesOf(constructs, tasks));
  });

  test('the bare L2s make the template of the constructs', () => {
    expect(resourcesOf(bareL2s, 3)).toEqual(resourcesOf(constructs, 3));
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
