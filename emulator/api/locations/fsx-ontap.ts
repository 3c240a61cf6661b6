import type { CreateLocationFsxOntapRequest, FsxProtocol, FsxProtocolSmb } from '@aws-sdk/client-datasync';
import { locationOperations } from './operations';
import { InvalidRequestError } from '../../errors';
import { idOf, scopeOfArn } from '../../model/arns';
import { foldersOf, joinFolders } from '../../model/location';
import { TYPES } from '../../model/location-types';
import { describeSecret, hasSecret, updateSecret } from '../../model/secrets';

export const fsxOntapLocations = locationOperations<CreateLocationFsxOntapRequest>({
  api: 'FsxOntap',
  name: 'FSX_ONTAP',

  derive: ({ StorageVirtualMachineArn, Protocol, SecurityGroupArns, Subdirectory = '' }, locationArn) => {
    const described = describeProtocol(Protocol!, locationArn);
    const folders = foldersOf(Subdirectory);
    const machineId = idOf(StorageVirtualMachineArn!);
    const machineOf = StorageVirtualMachineArn!.slice(0, -machineId.length - 1); // ...:storage-virtual-machine/fs-...
    const fileSystemId = idOf(machineOf);
    const protocol = described.SMB ? 'smb' : 'nfs';
    return {
      type: described.SMB ? TYPES.FSX_ONTAP_SMB : TYPES.FSX_ONTAP_NFS,
      uri: `fsxn-${protocol}://${scopeOfArn(machineOf).region}.${fileSystemId}.${machineId}/${joinFolders(folders)}`,
      agentArns: [],
      details: {
        Protocol: described,
        SecurityGroupArns,
        StorageVirtualMachineArn,
        FsxFilesystemArn: machineOf.replace(':storage-virtual-machine/', ':file-system/'),
      },
      content: { kind: 'directory', folders: ['fsxn', fileSystemId, machineId, ...folders] },
    };
  },

  update: (before, update) => ({ ...before, ...update, Protocol: updateProtocol(before.Protocol!, update.Protocol) }),
});

function describeProtocol({ NFS: nfs, SMB: smb }: FsxProtocol, locationArn: string): FsxProtocol {
  if (nfs && smb || !nfs && !smb) throw new InvalidRequestError('Invalid parameter: Protocol must have one of NFS and SMB.');
  if (!smb) {
    const Version = nfs!.MountOptions?.Version ?? 'AUTOMATIC';
    if (Version !== 'AUTOMATIC' && Version !== 'NFS3') {
      throw new InvalidRequestError(`Invalid parameter: Protocol.NFS.MountOptions.Version must be NFS3 for FSx for ONTAP, got ${Version}.`);
    }
    return { NFS: { MountOptions: { Version } } };
  }
  const { User, Domain, Password, MountOptions, ...secrets } = smb;
  const Version = MountOptions?.Version ?? 'AUTOMATIC';
  if (Version === 'SMB1') throw new InvalidRequestError('Invalid parameter: Protocol.SMB.MountOptions.Version SMB1 is not for FSx for ONTAP.');
  const secret = describeSecret(locationArn, 'Password', Password, secrets);
  if (!hasSecret(Password, secrets)) throw new InvalidRequestError('Invalid parameter: Protocol.SMB needs a Password or a CustomSecretConfig.');
  return { SMB: { User, Domain: Domain || undefined, MountOptions: { Version }, ...secret } }; // an update clears the domain with an empty text
}

/** The service updates what it needs for SMB, and neither the settings of NFS nor the protocol itself. */
function updateProtocol(before: FsxProtocol, update: Partial<FsxProtocol> | undefined): FsxProtocol {
  if (!update) return before;
  if (update.NFS || !before.SMB) throw new InvalidRequestError('Invalid parameter: only the SMB settings of Protocol can be updated, of a location that uses SMB.');
  return { SMB: updateSecret<FsxProtocolSmb>(before.SMB, update.SMB ?? {}, 'Password') };
}
