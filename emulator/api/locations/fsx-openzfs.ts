import type { CreateLocationFsxOpenZfsRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { idOf, scopeOfArn } from '../../model/arns';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';

/** Every path of the file system begins with it. */
const MOUNT_POINT = 'fsx';

export const fsxOpenZfsLocations = locationOperations<CreateLocationFsxOpenZfsRequest>({
  api: 'FsxOpenZfs',
  name: 'FSX_OPENZFS_NFS',

  derive: ({ FsxFilesystemArn, Protocol, SecurityGroupArns, Subdirectory = `/${MOUNT_POINT}` }) => {
    if (!Protocol!.NFS || Protocol!.SMB) {
      throw new InvalidRequestError('Invalid parameter: Protocol must have NFS and nothing else: it is how FSx for OpenZFS is reached.');
    }
    const folders = foldersOf(Subdirectory);
    if (!Subdirectory.startsWith('/') || folders[0] !== MOUNT_POINT) {
      throw new InvalidRequestError(`Invalid parameter: Subdirectory '${Subdirectory.slice(0, 80)}' must begin with '/${MOUNT_POINT}'.`);
    }
    const fileSystemId = idOf(FsxFilesystemArn!);
    return {
      type: TYPES.FSX_OPENZFS_NFS,
      uri: `fsxz://${scopeOfArn(FsxFilesystemArn!).region}.${fileSystemId}/${joinFolders(folders)}`,
      agentArns: [],
      details: { SecurityGroupArns, Protocol: { NFS: { MountOptions: { Version: Protocol!.NFS.MountOptions?.Version ?? 'AUTOMATIC' } } } },
      content: { kind: 'directory', folders: ['fsxz', fileSystemId, ...folders] },
    };
  },
});
