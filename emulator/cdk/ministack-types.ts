/**
 * The resource types that the CloudFormation of the pinned MiniStack has, by service, besides `Custom::*` and `AWS::CloudFormation::*`.
 * A test compares them with the package.
 */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  ApiGateway: [
    'Account', 'ApiKey', 'Authorizer', 'BasePathMapping', 'Deployment', 'DocumentationPart', 'DocumentationVersion', 'DomainName',
    'GatewayResponse', 'Method', 'Model', 'RequestValidator', 'Resource', 'RestApi', 'Stage', 'UsagePlan', 'UsagePlanKey',
  ],
  ApiGatewayV2: ['Api', 'ApiMapping', 'Authorizer', 'DomainName', 'Integration', 'Route', 'Stage'],
  AppConfig: ['Application', 'ConfigurationProfile', 'Deployment', 'DeploymentStrategy', 'Environment', 'HostedConfigurationVersion'],
  AppSync: ['ApiKey', 'DataSource', 'FunctionConfiguration', 'GraphQLApi', 'GraphQLSchema', 'Resolver'],
  Athena: ['WorkGroup'],
  AutoScaling: ['AutoScalingGroup', 'LaunchConfiguration', 'LifecycleHook', 'ScalingPolicy', 'ScheduledAction'],
  Backup: ['BackupPlan', 'BackupVault'],
  CDK: ['Metadata'],
  CertificateManager: ['Certificate'],
  CloudFront: [
    'CachePolicy', 'CloudFrontOriginAccessIdentity', 'Distribution', 'Function', 'KeyValueStore', 'OriginAccessControl', 'OriginRequestPolicy',
    'ResponseHeadersPolicy',
  ],
  CloudWatch: ['Alarm', 'Dashboard'],
  CodeBuild: ['Project'],
  Cognito: [
    'IdentityPool', 'IdentityPoolPrincipalTag', 'IdentityPoolRoleAttachment', 'UserPool', 'UserPoolClient', 'UserPoolDomain', 'UserPoolGroup',
    'UserPoolResourceServer',
  ],
  DocDB: ['DBCluster', 'DBClusterParameterGroup', 'DBInstance', 'DBSubnetGroup'],
  DynamoDB: ['GlobalTable', 'Table'],
  EC2: [
    'InternetGateway', 'LaunchTemplate', 'Route', 'RouteTable', 'SecurityGroup', 'Subnet', 'SubnetRouteTableAssociation', 'VPC', 'VPCEndpoint',
    'VPCGatewayAttachment',
  ],
  ECR: ['Repository'],
  ECS: ['Cluster', 'Service', 'TaskDefinition'],
  EFS: ['AccessPoint', 'FileSystem', 'MountTarget'],
  EKS: ['Cluster', 'Nodegroup'],
  ElastiCache: ['CacheCluster', 'ParameterGroup', 'ReplicationGroup', 'SubnetGroup', 'User', 'UserGroup'],
  ElasticLoadBalancingV2: ['Listener', 'ListenerRule', 'LoadBalancer', 'TargetGroup'],
  Events: ['EventBus', 'Rule'],
  Glue: ['Connection', 'Crawler', 'Database', 'Job', 'Partition', 'Table', 'Trigger'],
  IAM: ['InstanceProfile', 'ManagedPolicy', 'Policy', 'Role', 'User'],
  IoT: [
    'CACertificate', 'Certificate', 'DomainConfiguration', 'JobTemplate', 'Policy', 'PolicyPrincipalAttachment', 'ProvisioningTemplate', 'Thing',
    'ThingGroup', 'ThingPrincipalAttachment', 'ThingType', 'TopicRule',
  ],
  KMS: ['Alias', 'Key'],
  Kinesis: ['Stream'],
  KinesisAnalyticsV2: ['Application', 'ApplicationCloudWatchLoggingOption'],
  KinesisFirehose: ['DeliveryStream'],
  Lambda: ['Alias', 'EventInvokeConfig', 'EventSourceMapping', 'Function', 'LayerVersion', 'LayerVersionPermission', 'Permission', 'Url', 'Version'],
  Location: ['Tracker'],
  Logs: ['LogGroup', 'LogStream', 'MetricFilter', 'ResourcePolicy', 'SubscriptionFilter'],
  OpenSearchService: ['Domain'],
  Pipes: ['Pipe'],
  RDS: ['DBCluster', 'DBClusterParameterGroup', 'DBInstance', 'DBParameterGroup', 'DBSubnetGroup'],
  Route53: ['HostedZone', 'RecordSet'],
  S3: ['AccessPoint', 'Bucket', 'BucketPolicy', 'MultiRegionAccessPoint'],
  S3ObjectLambda: ['AccessPoint', 'AccessPointPolicy'],
  S3Tables: ['Namespace', 'Table', 'TableBucket'],
  SES: ['ConfigurationSet', 'ConfigurationSetEventDestination', 'EmailIdentity'],
  SNS: ['Subscription', 'Topic', 'TopicPolicy'],
  SQS: ['Queue', 'QueuePolicy'],
  SSM: ['Parameter'],
  Scheduler: ['Schedule', 'ScheduleGroup'],
  SecretsManager: ['Secret', 'SecretTargetAttachment'],
  ServiceDiscovery: ['HttpNamespace', 'Instance', 'PrivateDnsNamespace', 'PublicDnsNamespace', 'Service'],
  Signer: ['ProfilePermission', 'SigningProfile'],
  StepFunctions: ['StateMachine'],
  WAFv2: ['WebACL'],
};

/** Properties of them with which it refuses a resource that CloudFormation takes. */
export const REFUSED_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ['Metrics'], // of an expression
};

/** CDK's own resources whose functions need what only Lambda has: clients of the AWS SDK for JavaScript, and boto3. */
const NEEDS_LAMBDA = ['Custom::S3AutoDeleteObjects', 'Custom::S3BucketNotifications', 'Custom::VpcRestrictDefaultSG'];

/** Whether a template with such a resource can be deployed to MiniStack. */
export function hasMiniStack(type: string, properties?: object): boolean {
  if (REFUSED_PROPERTIES[type]?.some(name => Object.hasOwn(properties ?? {}, name))) return false;
  if (NEEDS_LAMBDA.includes(type)) return false;
  if (/^(Custom::|AWS::CloudFormation::)/.test(type)) return true;
  const [, service, name] = /^AWS::(\w+)::(\w+)$/.exec(type) ?? [];
  return TYPES[service]?.includes(name) ?? false;
}
