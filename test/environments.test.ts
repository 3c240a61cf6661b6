import { Template } from 'aws-cdk-lib/assertions';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { everything } from './support/everything';
import { showcase } from './support/showcase';

/** All text of all templates, policies inside of text included. */
const textOf = (env?: { account?: string; region?: string }): string =>
  JSON.stringify(everything(env).map(stack => Template.fromStack(stack).toJSON().Resources));

test.each<[string, { account?: string; region?: string } | undefined]>([
  ['that is not known yet', undefined],
  ['in a commercial Region', { account: '111122223333', region: 'eu-central-1' }],
  ['in an opt-in Region', { account: '111122223333', region: 'me-central-1' }],
  ['in China', { account: '111122223333', region: 'cn-north-1' }],
  ['in GovCloud', { account: '111122223333', region: 'us-gov-west-1' }],
])('a stack in an environment %s names no partition, and no Region but its own', (_, env) => {
  const text = textOf(env);
  expect(text).toContain('{"Ref":"AWS::Partition"}');
  expect(text).not.toMatch(/arn:aws[a-z-]*:/);
  const others = RegionInfo.regions.map(({ name }) => name).filter(name => name !== env?.region && text.includes(`:${name}:`));
  expect(others).toEqual([]);
});

test('account and Region are left to CloudFormation where they are not known', () => {
  expect(textOf()).toContain('{"Ref":"AWS::AccountId"}');
  expect(textOf()).not.toMatch(/\b\d{12}\b/); // inside of a hash there may be as many digits by chance
});

test('logical ids do not change: they are what deployed stacks are made of', () => {
  const { Resources, Outputs } = Template.fromStack(showcase()).toJSON();
  expect(Object.entries<{ Type: string }>(Resources).map(([id, { Type }]) => `${Type} ${id}`).sort()).toMatchSnapshot();
  expect(Object.keys(Outputs)).toEqual(['HourlyTaskExecutionArnParameterNameA92CC02D']);
});
