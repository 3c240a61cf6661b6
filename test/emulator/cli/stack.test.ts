import { describeStack } from '../../../emulator/cli/stack';
import type { LocalStack } from '../../../emulator/local-stack/local-stack';

const endpoints = { aws: 'http://127.0.0.1:1', datasync: 'http://127.0.0.1:2' };

test('a stack tells where everything is, and that there are failures on purpose', () => {
  const lines = ['AWS       http://127.0.0.1:1', 'DataSync  http://127.0.0.1:2  (open it in a browser)', 'files     /files', '          /share is nfs://host/export'];
  const state = { root: '/files', mounts: { 'nfs://host/export': '/share' } };
  expect(describeStack({ endpoints, state } as unknown as LocalStack)).toEqual(lines);
  expect(describeStack({ endpoints, state: { ...state, faults: '{"faults":[]}' } } as unknown as LocalStack)).toEqual([
    ...lines, 'faults    what --faults has planned goes wrong on purpose, until "npx cdk-datasync down"',
  ]);
});
