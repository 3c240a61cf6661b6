import type { StandIn } from '../cdk/stand-ins';
import { STAND_INS } from '../cdk/stand-ins';

const arn = (service: string, resource: string) => `arn:{partition}:${service}:{region}:{account}:${resource}`;
const iam = (kind: string): StandIn => ({ Ref: `${kind}-{id}`, Attributes: { Arn: `arn:{partition}:iam::{account}:${kind}/${kind}-{id}` } });

/**
 * Resources that locations and tasks refer to and whose values only need the right form, because nothing here uses them: network, file systems,
 * which are folders, roles, keys and logs.
 */
const VALUES: Readonly<Record<string, StandIn>> = {
  ...STAND_INS,
  'AWS::EC2::SecurityGroup': { Ref: 'sg-{id}', Attributes: { GroupId: 'sg-{id}', Id: 'sg-{id}', VpcId: 'vpc-{id}' } },
  'AWS::EC2::Subnet': { Ref: 'subnet-{id}', Attributes: { AvailabilityZone: '{region}a', SubnetId: 'subnet-{id}', VpcId: 'vpc-{id}' } },
  'AWS::EC2::VPC': { Ref: 'vpc-{id}', Attributes: { DefaultSecurityGroup: 'sg-{id}', VpcId: 'vpc-{id}' } },
  'AWS::EC2::VPCEndpoint': { Ref: 'vpce-{id}', Attributes: { Id: 'vpce-{id}' } },
  'AWS::EFS::AccessPoint': {
    Ref: 'fsap-{id}', Attributes: { AccessPointId: 'fsap-{id}', Arn: arn('elasticfilesystem', 'access-point/fsap-{id}') },
  },
  'AWS::EFS::FileSystem': { Ref: 'fs-{id}', Attributes: { Arn: arn('elasticfilesystem', 'file-system/fs-{id}'), FileSystemId: 'fs-{id}' } },
  'AWS::EFS::MountTarget': { Ref: 'fsmt-{id}', Attributes: { Id: 'fsmt-{id}', IpAddress: '10.0.{byte}.{byte}' } },
  'AWS::IAM::ManagedPolicy': { Ref: 'arn:{partition}:iam::{account}:policy/policy-{id}' },
  'AWS::IAM::Role': iam('role'),
  'AWS::IAM::User': iam('user'),
  'AWS::KMS::Key': { Ref: '{id}', Attributes: { Arn: arn('kms', 'key/{id}'), KeyId: '{id}' } },
  'AWS::Lambda::Function': { Ref: 'function-{id}', Attributes: { Arn: arn('lambda', 'function:function-{id}') } },
  'AWS::Logs::LogGroup': { Ref: 'log-group-{id}', Attributes: { Arn: arn('logs', 'log-group:log-group-{id}:*') } },
  'AWS::SecretsManager::Secret': { Ref: arn('secretsmanager', 'secret:secret-{id}'), Attributes: { Id: arn('secretsmanager', 'secret:secret-{id}') } },
};

export function knownValuesOf(type: string): StandIn | undefined {
  return Object.hasOwn(VALUES, type) ? VALUES[type] : undefined;
}
