/**
 * The template of `constructs.ts`, written by hand with the L1s: what somebody writes who wants the same without the library. A test holds the
 * two templates against each other, so the ids are those of the constructs.
 */
import * as path from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Aws, CfnDeletionPolicy, CfnResource, Fn } from 'aws-cdk-lib';
import { CfnLocationS3, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

const READ = ['s3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:ListMultipartUploadParts'];
const WRITE = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject', 's3:PutObjectTagging'];
export const BUCKET = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];
const START = 'DataSyncTaskExecutionOnDeploy';
const STARTS = 'Starts DataSync tasks when the stack is deployed';
export const REACHES_BUCKET = 'Lets DataSync reach the bucket of a location';
/** More do not fit into one policy. */
const TASKS_PER_POLICY = 20;

/** How the parts are made. */
export interface Style {
  /** Scope and id of the L1 of a location, a task or a start. */
  readonly placeOf: (stack: Stack, id: string) => [Construct, string];
  /** The role of a location, which is in that place. */
  readonly roleOf: (scope: Construct, bucket: IBucket, prefix: string, actions: string[][], id: string) => { role: Construct; roleArn: string };
}

const L1S: Style = { placeOf: (stack, id) => [stack, id], roleOf: cfnRole };

export function build(stack: Stack, tasks: number, from: IBucket, to: IBucket, style = L1S): void {
  const role = new CfnRole(stack, `${START}Role`, { assumeRolePolicyDocument: trust('lambda.amazonaws.com'), description: STARTS });
  const starter = startFunction(stack, role);
  const started: string[] = [];
  for (let i = 0; i < tasks; i++) {
    const source = location(style, stack, `Source${i}`, from, `in/${i}/`, [READ]);
    const destination = location(style, stack, `Destination${i}`, to, `out/${i}/`, [READ, WRITE]);
    const task = new CfnTask(...style.placeOf(stack, `Task${i}`), { sourceLocationArn: source.ref, destinationLocationArn: destination.ref });
    const start = new CfnResource(...style.placeOf(stack, `Start${i}`), {
      type: 'Custom::DataSyncTaskExecution',
      properties: {
        ServiceToken: starter.attrArn,
        ServiceTimeout: '1020',
        TaskArn: task.ref,
        IfRunning: 'QUEUE',
        TaskAvailabilityTimeout: '300',
        RunOn: 'CHANGE',
        // what makes a new start when it changes
        Values: { Version: '1', Task: { Type: task.cfnResourceType }, Source: valuesOf(source), Destination: valuesOf(destination) },
      },
    });
    deleteWithStack(start);
    started.push(task.ref);
  }
  for (const permission of permissions(stack, role, started)) starter.addDependency(permission);
}

function location(style: Style, stack: Stack, id: string, bucket: IBucket, prefix: string, actions: string[][]): CfnLocationS3 {
  const [scope, ownId] = style.placeOf(stack, id);
  const { role, roleArn } = style.roleOf(scope, bucket, prefix, actions, id);
  const made = new CfnLocationS3(scope, ownId, { s3BucketArn: bucket.bucketArn, subdirectory: prefix, s3Config: { bucketAccessRoleArn: roleArn } });
  made.node.addDependency(role);
  return made;
}

function startFunction(stack: Stack, role: CfnRole): CfnFunction {
  const code = new Asset(stack, 'Code', { path: path.join(__dirname, '..', '..', 'assets', 'task-execution', 'handler') });
  const logGroup = new CfnLogGroup(stack, `${START}LogGroup`, { retentionInDays: 30 });
  deleteWithStack(logGroup);
  const starter = new CfnFunction(stack, `${START}Function`, {
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
    description: STARTS,
    role: role.attrArn,
    handler: 'index.onEvent',
    runtime: 'nodejs22.x',
    memorySize: 256,
    timeout: 900,
    loggingConfig: { logGroup: logGroup.ref },
  });
  starter.addDependency(role);
  return starter;
}

function cfnRole(scope: Construct, { bucketArn }: IBucket, prefix: string, actions: string[][], id: string): { role: Construct; roleArn: string } {
  const role = new CfnRole(scope, `${id}Role`, {
    assumeRolePolicyDocument: trust('datasync.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:datasync:${Aws.REGION}:${Aws.ACCOUNT_ID}:*` },
    }),
    description: REACHES_BUCKET,
    policies: [{
      policyName: 'Access',
      policyDocument: document([
        allow(BUCKET, bucketArn, { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } }),
        ...actions.map(some => allow(some, `${bucketArn}/${prefix}*`, { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } })),
      ]),
    }],
  });
  return { role, roleArn: role.attrArn };
}

function valuesOf({ ref, cfnResourceType, s3BucketArn, subdirectory }: CfnLocationS3): object {
  return { Arn: ref, Type: cfnResourceType, S3BucketArn: s3BucketArn, Subdirectory: subdirectory };
}

function permissions(stack: Stack, role: CfnRole, tasks: string[]): Array<CfnPolicy | CfnManagedPolicy> {
  const executions = `arn:${Aws.PARTITION}:datasync:${Aws.REGION}:${Aws.ACCOUNT_ID}:task/*/execution/*`;
  const made: Array<CfnPolicy | CfnManagedPolicy> = [new CfnPolicy(stack, `${START}RoleDefaultPolicy`, {
    policyName: `${START}RoleDefaultPolicy`,
    roles: [role.ref],
    policyDocument: document([
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], (stack.node.findChild(`${START}LogGroup`) as CfnLogGroup).attrArn),
      allow('datasync:ListTaskExecutions', '*'),
      allow('cloudformation:DescribeStacks', Aws.STACK_ID),
      allow(['datasync:DescribeTaskExecution', 'datasync:ListTagsForResource'], executions),
      allow('datasync:CancelTaskExecution', executions, { StringLike: { 'aws:ResourceTag/cdk-datasync:owner': `${Aws.STACK_ID}/*` } }),
      ...starts(tasks.slice(0, TASKS_PER_POLICY)),
    ]),
  })];
  for (let first = TASKS_PER_POLICY; first < tasks.length; first += TASKS_PER_POLICY) {
    for (const statement of starts(tasks.slice(first, first + TASKS_PER_POLICY))) {
      made.push(new CfnManagedPolicy(stack, `${START}RoleOverflowPolicy${made.length}`, {
        description: 'Part of the policies for Bench/@DataSyncTaskExecution/OnDeploy/Role',
        path: '/',
        roles: [role.ref],
        policyDocument: document([statement]),
      }));
    }
  }
  return made;
}

function starts(tasks: string[]): object[] {
  const executions = tasks.map(task => Fn.join('', [task, '/execution/*']));
  return [
    allow(['datasync:DescribeTask', 'datasync:StartTaskExecution'], tasks.length === 1 ? tasks[0] : tasks),
    allow('datasync:TagResource', executions.length === 1 ? executions[0] : executions),
  ];
}

function trust(service: string, conditions?: object): object {
  return document([{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service }, ...(conditions && { Condition: conditions }) }]);
}

function allow(actions: string | string[], resources: string | string[], conditions?: object): object {
  return { Effect: 'Allow', Action: actions, Resource: resources, ...(conditions && { Condition: conditions }) };
}

function document(statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

function deleteWithStack(resource: CfnResource): void {
  resource.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
}
