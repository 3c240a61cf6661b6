/**
 * The template of `constructs.ts`, made by L2s that do nothing: a `Resource` around each L1, and CDK's own `Role` for each location. No library
 * of L2s with roles that users can grant to and customize takes less.
 */
import type { Stack } from 'aws-cdk-lib';
import { Aws, Resource } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Style } from './by-hand';
import * as byHand from './by-hand';

export function build(stack: Stack, tasks: number, from: IBucket, to: IBucket): void {
  byHand.build(stack, tasks, from, to, L2S);
}

class L2 extends Resource {}

const L2S: Style = {
  placeOf: (stack, id) => [new L2(stack, id), 'Resource'],
  roleOf: (scope, { bucketArn }, prefix, actions) => {
    const conditions = { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } };
    const role = new Role(scope, 'Role', {
      description: byHand.REACHES_BUCKET,
      assumedBy: new ServicePrincipal('datasync.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:datasync:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
        },
      }),
      inlinePolicies: {
        Access: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: byHand.BUCKET, resources: [bucketArn], conditions }),
            ...actions.map(some => new PolicyStatement({ actions: some, resources: [`${bucketArn}/${prefix}*`], conditions })),
          ],
        }),
      },
    });
    return { role, roleArn: role.roleArn };
  },
};
