import { CfnLocationNFS, CfnLocationS3, CfnTask } from 'aws-cdk-lib/aws-datasync';
import { Construct } from 'constructs';
import { Filter } from '../filter';
import { Options } from '../options';

/** Renders the properties of CloudFormation's resources. A member that is left out is never sent. */

export interface TaskSpec {
  readonly sourceLocationArn: string;
  readonly destinationLocationArn: string;
  readonly name?: string;
  readonly taskMode?: string;
  readonly options?: Options;
  readonly includes?: Filter;
  readonly excludes?: Filter;
  readonly cloudWatchLogGroupArn?: string;
}

export function createTask(scope: Construct, spec: TaskSpec): CfnTask {
  const { objectMetadata, ...options } = spec.options ?? {};
  const resource = new CfnTask(scope, 'Resource', {
    ...spec,
    options: Object.keys(options).length > 0 ? options : undefined,
    includes: filterRules(spec.includes),
    excludes: filterRules(spec.excludes),
  });
  // newer than the oldest L1 that this library works with
  if (objectMetadata !== undefined) resource.addPropertyOverride('Options.ObjectMetadata', objectMetadata);
  return resource;
}

function filterRules(filter: Filter | undefined): CfnTask.FilterRuleProperty[] | undefined {
  return filter && [{ filterType: filter.filterType, value: filter.value }];
}

export interface S3LocationSpec {
  readonly s3BucketArn: string;
  readonly bucketAccessRoleArn: string;
  readonly subdirectory?: string;
  readonly s3StorageClass?: string;
}

export function createLocationS3(scope: Construct, { bucketAccessRoleArn, ...spec }: S3LocationSpec): CfnLocationS3 {
  return new CfnLocationS3(scope, 'Resource', { ...spec, s3Config: { bucketAccessRoleArn } });
}

export interface NfsLocationSpec {
  readonly serverHostname: string;
  readonly subdirectory: string;
  readonly agentArns: string[];
  readonly version?: string;
}

export function createLocationNfs(scope: Construct, { agentArns, version, ...spec }: NfsLocationSpec): CfnLocationNFS {
  return new CfnLocationNFS(scope, 'Resource', {
    ...spec,
    onPremConfig: { agentArns },
    mountOptions: version === undefined ? undefined : { version },
  });
}
