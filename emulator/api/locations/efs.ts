import type { CreateLocationEfsRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { idOf, scopeOfArn } from '../../model/arns';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';

export const efsLocations = locationOperations<CreateLocationEfsRequest>({
  api: 'Efs',
  name: 'EFS',

  derive: ({ Subdirectory = '', EfsFilesystemArn, Ec2Config, InTransitEncryption = 'NONE', ...settings }) => {
    const folders = foldersOf(Subdirectory);
    const fileSystemId = idOf(EfsFilesystemArn!);
    // An update clears them with an empty text.
    const through = { AccessPointArn: settings.AccessPointArn || undefined, FileSystemAccessRoleArn: settings.FileSystemAccessRoleArn || undefined };
    for (const [member, value] of Object.entries(through)) {
      if (value && InTransitEncryption !== 'TLS1_2') {
        throw new InvalidRequestError(`Invalid parameter: ${member} needs InTransitEncryption TLS1_2, got ${InTransitEncryption}.`);
      }
    }
    return {
      type: TYPES.EFS,
      uri: `efs://${scopeOfArn(EfsFilesystemArn!).region}.${fileSystemId}/${joinFolders(folders)}`,
      agentArns: [],
      details: { Ec2Config, InTransitEncryption, ...through },
      content: { kind: 'directory', folders: ['efs', fileSystemId, ...folders] },
    };
  },
});
