import type {
  CreateLocationNfsRequest, CreateLocationNfsResponse, DescribeLocationNfsRequest, DescribeLocationNfsResponse,
} from '@aws-sdk/client-datasync';
import { Handlers, newResource } from './context';
import { describeLocation } from './locations';
import { newLocationArn } from '../model/arns';
import { foldersOf, LocationType } from '../model/location';

const NFS: LocationType = { name: 'NFS', aws: false, posix: true };

export const nfsLocations: Handlers = {
  CreateLocationNfs: (context, input: CreateLocationNfsRequest): CreateLocationNfsResponse => {
    const folders = foldersOf(input.Subdirectory!);
    const host = input.ServerHostname!;
    const { arn } = context.locations.add({
      ...newResource(newLocationArn(context.caller), input.Tags),
      type: NFS,
      uri: `nfs://${host}/${folders.join('/')}`,
      agentArns: input.OnPremConfig!.AgentArns!,
      details: { OnPremConfig: input.OnPremConfig, MountOptions: { Version: input.MountOptions?.Version ?? 'AUTOMATIC' } },
      content: { kind: 'directory', folders: ['nfs', host, ...folders] },
    });
    return { LocationArn: arn };
  },

  DescribeLocationNfs: (context, input: DescribeLocationNfsRequest): DescribeLocationNfsResponse => describeLocation(context, input, 'NFS'),
};
