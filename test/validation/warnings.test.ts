import type { Stack } from 'aws-cdk-lib';
import { Annotations } from 'aws-cdk-lib';
import { Annotations as Found, Match } from 'aws-cdk-lib/assertions';
import { Filter } from '../../src';
import { newStack, nfsToS3 } from '../support/stacks';

const found = (stack: Stack) => Found.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data as string);

test('a warning tells the line that acknowledges it', () => {
  const stack = newStack();
  nfsToS3(stack, { excludes: Filter.simplePattern('tmp') });
  expect(found(stack)).toEqual([expect.stringContaining(
    ". If that is what you want: Annotations.of(construct).acknowledgeWarning('cdk-datasync:filterNotAnchored')")]);
});

test('the line works', () => {
  const stack = newStack();
  const task = nfsToS3(stack, { excludes: Filter.simplePattern('tmp') });
  Annotations.of(task).acknowledgeWarning('cdk-datasync:filterNotAnchored');
  expect(found(stack)).toEqual([]);
});
