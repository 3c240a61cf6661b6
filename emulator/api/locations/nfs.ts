import type { CreateLocationNfsRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { foldersOf, pathOf } from '../../model/location';
import { TYPES } from '../../model/location-types';

export const nfsLocations = locationOperations<CreateLocationNfsRequest>({
  api: 'Nfs',
  name: 'NFS',

  traitsOf: ({ ServerHostname, Subdirectory, OnPremConfig, MountOptions }) => {
    const folders = foldersOf(Subdirectory!);
    return {
      type: TYPES.NFS,
      uri: `nfs://${ServerHostname}/${pathOf(folders)}`,
      agentArns: OnPremConfig!.AgentArns!,
      details: { OnPremConfig, MountOptions: { Version: MountOptions?.Version ?? 'AUTOMATIC' } },
      content: { kind: 'directory', folders: ['nfs', ServerHostname!, ...folders] },
    };
  },
});
