import type { CreateLocationNfsRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';

export const nfsLocations = locationOperations<CreateLocationNfsRequest>({
  api: 'Nfs',
  name: 'NFS',

  derive: ({ ServerHostname, Subdirectory, OnPremConfig, MountOptions }) => {
    const folders = foldersOf(Subdirectory!);
    return {
      type: TYPES.NFS,
      uri: `nfs://${ServerHostname}/${joinFolders(folders)}`,
      agentArns: OnPremConfig!.AgentArns!,
      details: { OnPremConfig, MountOptions: { Version: MountOptions?.Version ?? 'AUTOMATIC' } },
      content: { kind: 'directory', folders: ['nfs', ServerHostname!, ...folders] },
    };
  },
});
