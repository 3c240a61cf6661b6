/** Every IAM action that the library grants, by intent, sorted. */

/** On a task. */
export const TASK_START = ['datasync:StartTaskExecution'];
export const TASK_READ = ['datasync:DescribeTask'];

/** On the executions of a task. A start that carries tags needs TagResource on the execution that it makes. */
export const EXECUTION_TAG = ['datasync:TagResource'];
export const EXECUTION_READ = ['datasync:DescribeTaskExecution', 'datasync:ListTagsForResource'];
export const EXECUTION_CANCEL = ['datasync:CancelTaskExecution'];
export const EXECUTION_UPDATE = ['datasync:UpdateTaskExecution'];

/** On every resource: the service supports nothing narrower for its list operations. */
export const EXECUTION_LIST = ['datasync:ListTaskExecutions'];

/** What the functions need to start a task, once and only once. */
export const STARTER_ON_TASK = [...TASK_READ, ...TASK_START];
export const STARTER_ON_EXECUTIONS = [...EXECUTION_READ, ...EXECUTION_TAG];

/** What the function of a deployment needs on top of what it may do with any execution: read it, and cancel what it started itself. */
export const DEPLOY_STARTER_ON_EXECUTIONS = EXECUTION_TAG;

/** On the stack of a deploy-time start: nothing starts for a request that CloudFormation has given up. */
export const STACK_READ = ['cloudformation:DescribeStacks'];

/** On the parameter that keeps the ARN of a scheduled execution, which never goes back to an earlier one. */
export const PARAMETER_WRITE = ['ssm:GetParameter', 'ssm:PutParameter'];

/** On a bucket, whatever the direction. */
export const BUCKET = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];

/** On a bucket of another account, for whoever creates the location: the service tries it. */
export const BUCKET_TEST = ['s3:GetBucketLocation', 's3:ListBucket'];

/** On the objects of a source. */
export const OBJECT_READ = [
  's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectVersion', 's3:GetObjectVersionTagging', 's3:ListMultipartUploadParts',
];

/** On the objects of a destination, besides reading them. */
export const OBJECT_WRITE = ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:PutObject', 's3:PutObjectTagging'];

/** On a manifest. */
export const MANIFEST_READ = ['s3:GetObject', 's3:GetObjectVersion'];

/** On the roles of a manifest and of reports, for whoever starts an execution with them. */
export const PASS_ROLE = ['iam:PassRole'];

/** On the objects of reports, and the key of their bucket. */
export const REPORT_WRITE = ['s3:PutObject'];
export const KEY_REPORT = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** On the key of a dead-letter queue, for whoever sends to it. */
export const KEY_SEND = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** On the key of a bucket. That of a secret is read only. */
export const KEY_READ = ['kms:Decrypt'];
export const KEY_WRITE = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** On the secret of a location. */
export const SECRET_READ = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'];

/** Of STS, for a token that another cloud trusts. */
export const WEB_IDENTITY = ['sts:GetWebIdentityToken'];

/** On an EFS file system. The service reads as root, whoever owns the files. */
export const FILE_SYSTEM_READ = ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientRootAccess'];
export const FILE_SYSTEM_WRITE = ['elasticfilesystem:ClientWrite'];
/** On agents that a deployment makes of instances. Only the last are for its own agents alone. */
export const AGENT_CREATE = ['datasync:CreateAgent'];
export const AGENT_LIST = ['datasync:ListAgents'];
export const AGENT_READ = ['datasync:DescribeAgent', 'datasync:ListTagsForResource'];
export const AGENT_TAG = ['datasync:TagResource'];
export const AGENT_CHANGE = ['datasync:DeleteAgent', 'datasync:TagResource', 'datasync:UntagResource', 'datasync:UpdateAgent'];

/** For an agent with a VPC endpoint: what the service looks at with the caller's rights, and the endpoint's address. */
export const ENDPOINT_READ = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcEndpoints'];

/** On a log group. */
export const LOG_WRITE = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** On the state machine with which a custom resource waits, and on its executions. */
export const WAIT_MACHINE = ['states:ListExecutions', 'states:StartExecution'];
export const WAIT_EXECUTION = ['states:DescribeExecution', 'states:StopExecution'];

/** For a state machine that writes a log, on every resource: it makes the delivery to the log group itself. */
export const LOG_DELIVERY = [
  'logs:CreateLogDelivery', 'logs:DeleteLogDelivery', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies', 'logs:GetLogDelivery',
  'logs:ListLogDeliveries', 'logs:PutResourcePolicy', 'logs:UpdateLogDelivery',
];

/** For a state machine that X-Ray traces, on every resource. */
export const TRACES = ['xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

/** For a function in a network of the account: Lambda makes and removes its network interfaces by the function's role. */
export const NETWORK_INTERFACE = [
  'ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** CloudWatch Logs, on the key of a log group. */
export const LOG_KEY = ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/** The service itself. */
export const SERVICE_PRINCIPAL = 'datasync.amazonaws.com';
