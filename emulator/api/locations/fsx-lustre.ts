import type { CreateLocationFsxLustreRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { idOf, scopeOfArn } from '../../model/arns';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';

export const fsxLustreLocations = locationOperations<CreateLocationFsxLustreRequest>({
  api: 'FsxLustre',
  name: 'FSX_LUSTRE',

  derive: ({ FsxFilesystemArn, SecurityGroupArns, Subdirectory = '' }) => {
    const folders = foldersOf(Subdirectory);
    const fileSystemId = idOf(FsxFilesystemArn!);
    return {
      type: TYPES.FSX_LUSTRE,
      uri: `fsxl://${scopeOfArn(FsxFilesystemArn!).region}.${fileSystemId}/${joinFolders(folders)}`,
      agentArns: [],
      details: { SecurityGroupArns },
      content: { kind: 'directory', folders: ['fsxl', fileSystemId, ...folders] },
    };
  },
});
