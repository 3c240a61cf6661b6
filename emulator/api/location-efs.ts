import type {
  CreateLocationEfsRequest, CreateLocationEfsResponse, DescribeLocationEfsRequest, DescribeLocationEfsResponse,
} from '@aws-sdk/client-datasync';
import { Handlers, newResource } from './context';
import { describeLocation } from './locations';
import { InvalidRequestError } from '../errors';
import { idOf, newLocationArn, scopeOfArn } from '../model/arns';
import { foldersOf, LocationType } from '../model/location';

const EFS: LocationType = { name: 'EFS', aws: true, posix: true };

export const efsLocations: Handlers = {
  CreateLocationEfs: (context, input: CreateLocationEfsRequest): CreateLocationEfsResponse => {
    const folders = foldersOf(input.Subdirectory ?? '');
    const fileSystemId = idOf(input.EfsFilesystemArn!);
    const InTransitEncryption = input.InTransitEncryption ?? 'NONE';
    for (const member of ['AccessPointArn', 'FileSystemAccessRoleArn'] as const) {
      if (input[member] && InTransitEncryption !== 'TLS1_2') {
        throw new InvalidRequestError(`Invalid parameter: ${member} needs InTransitEncryption TLS1_2, got ${InTransitEncryption}.`);
      }
    }
    const { Ec2Config, AccessPointArn, FileSystemAccessRoleArn } = input;
    const { arn } = context.locations.add({
      ...newResource(newLocationArn(context.caller), input.Tags),
      type: EFS,
      uri: `efs://${scopeOfArn(input.EfsFilesystemArn!).region}.${fileSystemId}/${folders.join('/')}`,
      agentArns: [],
      details: { Ec2Config, AccessPointArn, FileSystemAccessRoleArn, InTransitEncryption },
      content: { kind: 'directory', folders: ['efs', fileSystemId, ...folders] },
    });
    return { LocationArn: arn };
  },

  DescribeLocationEfs: (context, input: DescribeLocationEfsRequest): DescribeLocationEfsResponse => describeLocation(context, input, 'EFS'),
};
