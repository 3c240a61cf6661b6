import { EFS_CONFIG } from '../../../support/emulator';
import { testLocations } from '../../../support/location-table';

const AccessPointArn = 'arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0';
const FileSystemAccessRoleArn = 'arn:aws:iam::000000000000:role/r';
const TLS = { InTransitEncryption: 'TLS1_2' };
const PLAIN = { LocationUri: 'efs://us-west-2.fs-0123456789abcdef0/', Ec2Config: EFS_CONFIG, InTransitEncryption: 'NONE' };

testLocations({
  api: 'Efs',
  type: 'EFS',
  minimum: { EfsFilesystemArn: 'arn:aws:elasticfilesystem:us-west-2:000000000000:file-system/fs-0123456789abcdef0', Ec2Config: EFS_CONFIG },
  created: [
    ['nothing else', {}, PLAIN],
    ['the root', { Subdirectory: '/' }, PLAIN],
    ['a path', { Subdirectory: '/backup/daily/' }, { ...PLAIN, LocationUri: `${PLAIN.LocationUri}backup/daily/` }],
    ['everything', { ...TLS, AccessPointArn, FileSystemAccessRoleArn }, { ...PLAIN, ...TLS, AccessPointArn, FileSystemAccessRoleArn }],
  ],
  updated: [
    ['the path', {}, { Subdirectory: '/a' }, { LocationUri: `${PLAIN.LocationUri}a/` }],
    ['encryption, access point and role', {}, { ...TLS, AccessPointArn, FileSystemAccessRoleArn }, { ...TLS, AccessPointArn, FileSystemAccessRoleArn }],
    ['empty texts clear', { ...TLS, AccessPointArn, FileSystemAccessRoleArn }, { AccessPointArn: '', FileSystemAccessRoleArn: '', InTransitEncryption: 'NONE' },
      { InTransitEncryption: 'NONE', AccessPointArn: undefined, FileSystemAccessRoleArn: undefined }],
  ],
  refused: [
    ['an access point without encryption', { AccessPointArn }, 'Invalid parameter: AccessPointArn needs InTransitEncryption TLS1_2, got NONE.'],
    ['a role without encryption', { FileSystemAccessRoleArn }, 'Invalid parameter: FileSystemAccessRoleArn needs InTransitEncryption TLS1_2, got NONE.'],
    ['a path that leads out', { Subdirectory: '../../etc' }, "Subdirectory '../../etc' must not contain '..' as a folder"],
    ['no file system', { EfsFilesystemArn: 'arn:aws:s3:::bucket' }, "at 'EfsFilesystemArn' failed to satisfy constraint"],
  ],
  refusedUpdates: [
    ['no encryption below an access point', { ...TLS, AccessPointArn }, { InTransitEncryption: 'NONE' }, 'AccessPointArn needs InTransitEncryption TLS1_2'],
  ],
  content: { input: { Subdirectory: '/some/where' }, folder: 'efs/fs-0123456789abcdef0/some/where' },
});
