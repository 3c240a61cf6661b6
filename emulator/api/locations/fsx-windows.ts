import type { CreateLocationFsxWindowsRequest } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { idOf, scopeOfArn } from '../../model/arns';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';
import { describeSecret, hasSecret, updateSecret } from '../../model/secrets';

export const fsxWindowsLocations = locationOperations<CreateLocationFsxWindowsRequest>({
  api: 'FsxWindows',
  name: 'FSX_WINDOWS',

  derive: ({ FsxFilesystemArn, SecurityGroupArns, Subdirectory = '', User, Domain, Password, ...secrets }, locationArn) => {
    const secret = describeSecret(locationArn, 'Password', Password, secrets);
    if (!hasSecret(Password, secrets)) throw new InvalidRequestError('Invalid parameter: User needs a Password or a CustomSecretConfig.');
    const folders = foldersOf(Subdirectory);
    const fileSystemId = idOf(FsxFilesystemArn!);
    return {
      type: TYPES.FSX_WINDOWS,
      uri: `fsxw://${scopeOfArn(FsxFilesystemArn!).region}.${fileSystemId}/${joinFolders(folders)}`,
      agentArns: [],
      details: { SecurityGroupArns, User, Domain: Domain || undefined, ...secret }, // an update clears the domain with an empty text
      content: { kind: 'directory', folders: ['fsxw', fileSystemId, ...folders] },
    };
  },

  update: (before, update) => updateSecret(before, update, 'Password'),
});
