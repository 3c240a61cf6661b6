/**
 * The same as `by-hand.ts` but for the roles of the locations, which are CDK's own `Role`: what any library takes at least whose roles are L2s, which
 * users bring, grant to and customize.
 */
import { Aws } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { CfnLocationS3 } from 'aws-cdk-lib/aws-datasync';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { MakeLocation } from './by-hand';
import * as byHand from './by-hand';

export function build(stack: Stack, tasks: number, from: IBucket, to: IBucket): void {
  byHand.build(stack, tasks, from, to, withRole);
}

const withRole: MakeLocation = (stack, id, { bucketArn }, prefix, actions) => {
  const conditions = { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } };
  const role = new Role(stack, `${id}Role`, {
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
  const made = new CfnLocationS3(stack, id, { s3BucketArn: bucketArn, subdirectory: prefix, s3Config: { bucketAccessRoleArn: role.roleArn } });
  made.node.addDependency(role);
  return made;
};
