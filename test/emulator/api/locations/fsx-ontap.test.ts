import { CUSTOM_SECRET, KMS_KEY, MANAGED_SECRET, SECURITY_GROUPS, testLocations } from '../../../support/location-table';

const StorageVirtualMachineArn = 'arn:aws:fsx:us-east-1:000000000000:storage-virtual-machine/fs-0123456789abcdef0/svm-0123456789abcdef0';
const PLAIN = {
  StorageVirtualMachineArn, FsxFilesystemArn: 'arn:aws:fsx:us-east-1:000000000000:file-system/fs-0123456789abcdef0', SecurityGroupArns: SECURITY_GROUPS,
};
const MACHINE = 'us-east-1.fs-0123456789abcdef0.svm-0123456789abcdef0';
const nfs = (Version: string) => ({ Protocol: { NFS: { MountOptions: { Version } } } });
const smb = (settings: object) => ({ Protocol: { SMB: settings } });
const SMB = smb({ User: 'u', Password: 'p', Domain: 'corp', MountOptions: { Version: 'SMB3' } });
const described = (more: object) => smb({
  User: 'u', Domain: 'corp', MountOptions: { Version: 'SMB3' }, ManagedSecretConfig: { SecretArn: MANAGED_SECRET }, ...more,
});

testLocations({
  api: 'FsxOntap',
  type: 'FSX_ONTAP_NFS',
  minimum: { StorageVirtualMachineArn, SecurityGroupArns: SECURITY_GROUPS, Protocol: { NFS: {} } },
  created: [
    ['NFS', {}, { ...PLAIN, LocationUri: `fsxn-nfs://${MACHINE}/`, ...nfs('AUTOMATIC') }],
    ['NFS, its version and a path', { Subdirectory: '/vol1/tree', ...nfs('NFS3') }, { ...PLAIN, LocationUri: `fsxn-nfs://${MACHINE}/vol1/tree/`, ...nfs('NFS3') }],
    ['SMB', SMB, { ...PLAIN, LocationUri: `fsxn-smb://${MACHINE}/`, ...described({}) }],
    ['SMB and a secret of the own', smb({ User: 'u', CustomSecretConfig: CUSTOM_SECRET }), {
      ...PLAIN, LocationUri: `fsxn-smb://${MACHINE}/`, ...smb({ User: 'u', MountOptions: { Version: 'AUTOMATIC' }, CustomSecretConfig: CUSTOM_SECRET }),
    }],
  ],
  updated: [
    ['the path', {}, { Subdirectory: '/vol2' }, { LocationUri: `fsxn-nfs://${MACHINE}/vol2/` }],
    ['the user of SMB', SMB, smb({ User: 'v' }), described({ User: 'v' })],
    ['an empty domain clears', SMB, smb({ Domain: '' }), described({ Domain: undefined })],
    ['to a secret of the own', SMB, smb({ CustomSecretConfig: CUSTOM_SECRET }), described({ ManagedSecretConfig: undefined, CustomSecretConfig: CUSTOM_SECRET })],
    ['to a key of the own', SMB, smb({ CmkSecretConfig: { KmsKeyArn: KMS_KEY } }),
      described({ ManagedSecretConfig: undefined, CmkSecretConfig: { SecretArn: MANAGED_SECRET, KmsKeyArn: KMS_KEY } })],
  ],
  refused: [
    ['two protocols', { Protocol: { NFS: {}, SMB: { User: 'u', Password: 'p' } } }, 'Protocol must have one of NFS and SMB.'],
    ['no protocol', { Protocol: {} }, 'Protocol must have one of NFS and SMB.'],
    ['a version of NFS that it does not have', nfs('NFS4_1'), 'Protocol.NFS.MountOptions.Version must be NFS3 for FSx for ONTAP, got NFS4_1.'],
    ['SMB1', smb({ User: 'u', Password: 'p', MountOptions: { Version: 'SMB1' } }), 'SMB1 is not for FSx for ONTAP'],
    ['SMB without a password', smb({ User: 'u' }), 'Protocol.SMB needs a Password or a CustomSecretConfig.'],
    ['a path that leads out', { Subdirectory: '/vol1/../../..' }, "must not contain '..' as a folder"],
    ['a path of two lines', { Subdirectory: '/a\nb' }, "at 'Subdirectory' failed to satisfy constraint"],
  ],
  refusedUpdates: [
    ['the version of NFS', {}, nfs('NFS3'), 'only the SMB settings of Protocol can be updated'],
    ['another protocol', {}, SMB, 'only the SMB settings of Protocol can be updated'],
    ['back again', SMB, nfs('NFS3'), 'only the SMB settings of Protocol can be updated'],
  ],
  content: { input: { Subdirectory: '/vol1', ...SMB }, folder: 'fsxn/fs-0123456789abcdef0/svm-0123456789abcdef0/vol1' },
});
