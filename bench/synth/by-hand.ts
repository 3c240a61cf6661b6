/** The same resources as `constructs.ts` gives, written by hand with the L1s: what a user would write without the library. */
import * as path from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Aws, CfnResource, Fn } from 'aws-cdk-lib';
import { CfnLocationS3, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';

const READ = ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:ListMultipartUploadParts'];
const WRITE = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject', 's3:PutObjectTagging'];
const BUCKET = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];

export function build(stack: Stack, tasks: number, from: IBucket, to: IBucket): void {
  const starter = startFunction(stack);
  const statements: object[] = [];
  for (let i = 0; i < tasks; i++) {
    const source = location(stack, `Source${i}`, from, `in/${i}/`, READ);
    const destination = location(stack, `Destination${i}`, to, `out/${i}/`, [...READ, ...WRITE]);
    const task = new CfnTask(stack, `Task${i}`, { sourceLocationArn: source.ref, destinationLocationArn: destination.ref });
    new CfnResource(stack, `Start${i}`, {
      type: 'Custom::DataSyncTaskExecution',
      properties: { ServiceToken: starter.attrArn, ServiceTimeout: '1020', TaskArn: task.ref, IfRunning: 'QUEUE', RunOn: 'CHANGE' },
    });
    statements.push(
      { Effect: 'Allow', Action: ['datasync:DescribeTask', 'datasync:StartTaskExecution'], Resource: task.ref },
      {
        Effect: 'Allow',
        Action: ['datasync:CancelTaskExecution', 'datasync:DescribeTaskExecution', 'datasync:ListTagsForResource', 'datasync:TagResource'],
        Resource: Fn.join('', [task.ref, '/execution/*']),
      },
    );
  }
  starter.addDependency(policy(stack, 'StartPolicy', 'StartRole', statements));
}

function startFunction(stack: Stack): CfnFunction {
  const code = new Asset(stack, 'Code', { path: path.join(__dirname, '..', '..', 'assets', 'task-execution', 'handler') });
  const logGroup = new CfnLogGroup(stack, 'LogGroup', { retentionInDays: 30 });
  const role = new CfnRole(stack, 'StartRole', { assumeRolePolicyDocument: trust('lambda.amazonaws.com') });
  return new CfnFunction(stack, 'Function', {
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
    role: role.attrArn,
    handler: 'index.onEvent',
    runtime: 'nodejs22.x',
    timeout: 900,
    loggingConfig: { logGroup: logGroup.ref },
  });
}

function location(stack: Stack, id: string, { bucketArn }: IBucket, prefix: string, actions: string[]): CfnLocationS3 {
  const role = new CfnRole(stack, `${id}Role`, {
    assumeRolePolicyDocument: trust('datasync.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:datasync:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
    }),
    policies: [{
      policyName: 'Access',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: BUCKET, Resource: bucketArn },
          { Effect: 'Allow', Action: actions, Resource: `${bucketArn}/${prefix}*` },
        ],
      },
    }],
  });
  return new CfnLocationS3(stack, id, { s3BucketArn: bucketArn, subdirectory: prefix, s3Config: { bucketAccessRoleArn: role.attrArn } });
}

function policy(stack: Stack, id: string, role: string, statements: object[]): CfnPolicy {
  return new CfnPolicy(stack, id, {
    policyName: id,
    roles: [(stack.node.findChild(role) as CfnRole).ref],
    policyDocument: { Version: '2012-10-17', Statement: statements },
  });
}

function trust(service: string, conditions?: object): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service }, ...(conditions && { Condition: conditions }) }],
  };
}
