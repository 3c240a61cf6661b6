import { exampleTemplates } from '../support/examples';

let templates: { [name: string]: any };
beforeAll(async () => { templates = await exampleTemplates(); });

test('logical ids of the examples do not change: they are what deployed stacks are made of', () => {
  const ids = Object.entries(templates).map(([name, { Resources, Outputs }]) => [name, {
    resources: Object.entries<{ Type: string }>(Resources).map(([id, { Type }]) => `${Type} ${id}`).sort(), outputs: Object.keys(Outputs ?? {}).sort(),
  }]);
  expect(ids.length).toBeGreaterThan(2);
  expect(Object.fromEntries(ids)).toMatchSnapshot();
});
