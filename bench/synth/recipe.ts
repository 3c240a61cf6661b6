/** The same starts by the recipe that people use without the library: L1s, a `Role` for each location, and an `AwsCustomResource` for each start. */
import type { Stack } from 'aws-cdk-lib';
import { CfnLocationS3, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { AwsSdkCall } from 'aws-cdk-lib/custom-resources';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';

export function build(stack: Stack, tasks: number, from: IBucket, to: IBucket): void {
  for (let i = 0; i < tasks; i++) {
    const source = location(stack, `Source${i}`, from, `in/${i}/`, (bucket, role) => bucket.grantRead(role));
    const destination = location(stack, `Destination${i}`, to, `out/${i}/`, (bucket, role) => bucket.grantReadWrite(role));
    const task = new CfnTask(stack, `Task${i}`, { sourceLocationArn: source.ref, destinationLocationArn: destination.ref });
    const start: AwsSdkCall = {
      service: 'DataSync',
      action: 'startTaskExecution',
      parameters: { TaskArn: task.ref },
      physicalResourceId: PhysicalResourceId.fromResponse('TaskExecutionArn'),
    };
    new AwsCustomResource(stack, `Start${i}`, {
      onCreate: start,
      onUpdate: start,
      installLatestAwsSdk: false,
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: ['datasync:DescribeTask', 'datasync:StartTaskExecution'], resources: [task.ref] }),
      ]),
    });
  }
}

type Grant = (bucket: IBucket, role: Role) => unknown;

function location(stack: Stack, id: string, bucket: IBucket, prefix: string, grant: Grant): CfnLocationS3 {
  const role = new Role(stack, `${id}Role`, { assumedBy: new ServicePrincipal('datasync.amazonaws.com') });
  grant(bucket, role);
  const resource = new CfnLocationS3(stack, id, {
    s3BucketArn: bucket.bucketArn,
    subdirectory: prefix,
    s3Config: { bucketAccessRoleArn: role.roleArn },
  });
  resource.node.addDependency(role);
  return resource;
}
