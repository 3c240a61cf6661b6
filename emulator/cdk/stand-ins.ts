/**
 * What a stand-in answers, with `{id}`, the same 17 hexadecimal digits as long as the resource is there, `{short}`, the first 10 of them, `{byte}`, a number from 0 to 255,
 * and `{partition}`, `{region}` and `{account}` of the stack.
 */
export interface StandIn {
  readonly Ref: string;
  readonly Attributes?: Readonly<Record<string, string | readonly string[]>>;
}

const ec2 = (resource: string) => `arn:{partition}:ec2:{region}:{account}:${resource}/`;
const fsx = (resource: string) => `arn:{partition}:fsx:{region}:{account}:${resource}/`;
const FILE_SYSTEM = 'fs-{id}';
const ADDRESS = '10.0.{byte}.{byte}';

/**
 * Resources that a template may have and that nothing needs to run for a transfer: network, directories, file systems, which are folders
 * here, protection, and what watches and reports.
 */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  'AWS::EC2::CustomerGateway': { Ref: 'cgw-{id}', Attributes: { CustomerGatewayId: 'cgw-{id}' } },
  'AWS::EC2::DHCPOptions': { Ref: 'dopt-{id}', Attributes: { DhcpOptionsId: 'dopt-{id}' } },
  'AWS::EC2::EgressOnlyInternetGateway': { Ref: 'eigw-{id}', Attributes: { Id: 'eigw-{id}' } },
  'AWS::EC2::EIP': { Ref: '198.51.100.{byte}', Attributes: { AllocationId: 'eipalloc-{id}', PublicIp: '198.51.100.{byte}' } },
  'AWS::EC2::EIPAssociation': { Ref: 'eipassoc-{id}', Attributes: { Id: 'eipassoc-{id}' } },
  'AWS::EC2::FlowLog': { Ref: 'fl-{id}', Attributes: { Id: 'fl-{id}' } },
  'AWS::EC2::Instance': {
    Ref: 'i-{id}',
    Attributes: {
      AvailabilityZone: '{region}a',
      InstanceId: 'i-{id}',
      PrivateDnsName: 'ip-10-0-{byte}-{byte}.{region}.compute.internal',
      PrivateIp: ADDRESS,
      PublicDnsName: 'ec2-198-51-100-{byte}.{region}.compute.amazonaws.com',
      PublicIp: '198.51.100.{byte}',
    },
  },
  'AWS::EC2::KeyPair': { Ref: 'key-{id}', Attributes: { KeyFingerprint: '{id}', KeyPairId: 'key-{id}' } },
  'AWS::EC2::NatGateway': { Ref: 'nat-{id}', Attributes: { NatGatewayId: 'nat-{id}' } },
  'AWS::EC2::NetworkAcl': { Ref: 'acl-{id}', Attributes: { Id: 'acl-{id}' } },
  'AWS::EC2::NetworkAclEntry': { Ref: 'acl-entry-{id}', Attributes: { Id: 'acl-entry-{id}' } },
  'AWS::EC2::NetworkInterface': { Ref: 'eni-{id}', Attributes: { Id: 'eni-{id}', PrimaryPrivateIpAddress: ADDRESS } },
  'AWS::EC2::PrefixList': { Ref: 'pl-{id}', Attributes: { Arn: `${ec2('prefix-list')}pl-{id}`, PrefixListId: 'pl-{id}' } },
  'AWS::EC2::SecurityGroupEgress': { Ref: 'sgr-{id}', Attributes: { Id: 'sgr-{id}' } },
  'AWS::EC2::SecurityGroupIngress': { Ref: 'sgr-{id}', Attributes: { Id: 'sgr-{id}' } },
  'AWS::EC2::SubnetNetworkAclAssociation': { Ref: 'aclassoc-{id}', Attributes: { AssociationId: 'aclassoc-{id}' } },
  'AWS::EC2::TransitGateway': { Ref: 'tgw-{id}', Attributes: { Id: 'tgw-{id}', TransitGatewayArn: `${ec2('transit-gateway')}tgw-{id}` } },
  'AWS::EC2::TransitGatewayAttachment': { Ref: 'tgw-attach-{id}', Attributes: { Id: 'tgw-attach-{id}' } },
  'AWS::EC2::TransitGatewayVpcAttachment': { Ref: 'tgw-attach-{id}', Attributes: { Id: 'tgw-attach-{id}' } },
  'AWS::EC2::Volume': { Ref: 'vol-{id}', Attributes: { VolumeId: 'vol-{id}' } },
  'AWS::EC2::VolumeAttachment': { Ref: 'volattach-{id}' },
  'AWS::EC2::VPCCidrBlock': { Ref: 'vpc-cidr-assoc-{id}', Attributes: { Id: 'vpc-cidr-assoc-{id}' } },
  'AWS::EC2::VPCDHCPOptionsAssociation': { Ref: 'doptassoc-{id}' },
  'AWS::EC2::VPCPeeringConnection': { Ref: 'pcx-{id}', Attributes: { Id: 'pcx-{id}' } },
  'AWS::EC2::VPNConnection': { Ref: 'vpn-{id}', Attributes: { VpnConnectionId: 'vpn-{id}' } },
  'AWS::EC2::VPNConnectionRoute': { Ref: 'vpnroute-{id}' },
  'AWS::EC2::VPNGateway': { Ref: 'vgw-{id}', Attributes: { VPNGatewayId: 'vgw-{id}' } },
  'AWS::EC2::VPNGatewayRoutePropagation': { Ref: 'vgwrtb-{id}' },

  'AWS::FSx::DataRepositoryAssociation': {
    Ref: 'dra-{id}', Attributes: { AssociationId: 'dra-{id}', ResourceARN: `${fsx('association')}dra-{id}` },
  },
  'AWS::FSx::FileSystem': {
    Ref: FILE_SYSTEM,
    Attributes: {
      DNSName: `${FILE_SYSTEM}.fsx.{region}.amazonaws.com`,
      LustreMountName: 'fsx',
      ResourceARN: `${fsx('file-system')}${FILE_SYSTEM}`,
      RootVolumeId: 'fsvol-{id}',
    },
  },
  'AWS::FSx::Snapshot': { Ref: 'fsvolsnap-{id}', Attributes: { ResourceARN: `${fsx('snapshot')}fsvolsnap-{id}` } },
  'AWS::FSx::StorageVirtualMachine': {
    Ref: 'svm-{id}',
    Attributes: { ResourceARN: `${fsx('storage-virtual-machine')}${FILE_SYSTEM}/svm-{id}`, StorageVirtualMachineId: 'svm-{id}', UUID: '{id}' },
  },
  'AWS::FSx::Volume': { Ref: 'fsvol-{id}', Attributes: { ResourceARN: `${fsx('volume')}${FILE_SYSTEM}/fsvol-{id}`, UUID: '{id}', VolumeId: 'fsvol-{id}' } },

  'AWS::DirectoryService::MicrosoftAD': { Ref: 'd-{short}', Attributes: { Alias: 'd-{short}', DnsIpAddresses: [ADDRESS, ADDRESS] } },
  'AWS::DirectoryService::SimpleAD': { Ref: 'd-{short}', Attributes: { Alias: 'd-{short}', DnsIpAddresses: [ADDRESS, ADDRESS] } },

  'AWS::ApplicationAutoScaling::ScalableTarget': { Ref: 'scalable-target-{id}', Attributes: { Id: 'scalable-target-{id}' } },
  'AWS::ApplicationAutoScaling::ScalingPolicy': { Ref: 'scaling-policy-{id}', Attributes: { Arn: 'scaling-policy-{id}' } },
  'AWS::Backup::BackupSelection': { Ref: 'selection-{id}', Attributes: { Id: 'selection-{id}', SelectionId: 'selection-{id}' } },
  'AWS::Budgets::Budget': { Ref: 'budget-{id}' },
  'AWS::Chatbot::SlackChannelConfiguration': {
    Ref: 'arn:{partition}:chatbot::{account}:chat-configuration/slack-channel/{id}',
    Attributes: { Arn: 'arn:{partition}:chatbot::{account}:chat-configuration/slack-channel/{id}' },
  },
  'AWS::CloudTrail::Trail': { Ref: 'trail-{id}', Attributes: { Arn: 'arn:{partition}:cloudtrail:{region}:{account}:trail/trail-{id}' } },
  'AWS::CloudWatch::Alarm': { Ref: 'alarm-{id}', Attributes: { Arn: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:alarm-{id}' } },
  'AWS::CloudWatch::AnomalyDetector': { Ref: 'anomaly-detector-{id}', Attributes: { Id: 'anomaly-detector-{id}' } },
  'AWS::CloudWatch::CompositeAlarm': {
    Ref: 'composite-{id}', Attributes: { Arn: 'arn:{partition}:cloudwatch:{region}:{account}:alarm:composite-{id}' },
  },
  'AWS::Config::ConfigRule': { Ref: 'rule-{id}', Attributes: { Arn: 'arn:{partition}:config:{region}:{account}:config-rule/config-rule-{id}' } },
  'AWS::Events::EventBusPolicy': { Ref: 'event-bus-policy-{id}' },
  'AWS::Lambda::CodeSigningConfig': { Ref: 'csc-{id}', Attributes: { CodeSigningConfigArn: 'arn:{partition}:lambda:{region}:{account}:code-signing-config:csc-{id}' } },
  'AWS::Logs::QueryDefinition': { Ref: 'query-{id}', Attributes: { QueryDefinitionId: 'query-{id}' } },
  'AWS::Route53::HealthCheck': { Ref: 'health-check-{id}', Attributes: { HealthCheckId: 'health-check-{id}' } },
  'AWS::SecretsManager::ResourcePolicy': { Ref: 'secret-policy-{id}' },
  'AWS::SecretsManager::RotationSchedule': { Ref: 'rotation-{id}' },
  'AWS::WAFv2::WebACLAssociation': { Ref: 'web-acl-association-{id}' },

  'Custom::S3AutoDeleteObjects': { Ref: 'auto-delete-objects-{id}' },
  'Custom::S3BucketNotifications': { Ref: 'bucket-notifications-{id}' },
  'Custom::VpcRestrictDefaultSG': { Ref: 'restrict-default-sg-{id}' },
};
