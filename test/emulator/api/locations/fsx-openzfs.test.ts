import { SECURITY_GROUPS, testLocations } from '../../../support/location-table';

const nfs = (Version: string) => ({ Protocol: { NFS: { MountOptions: { Version } } } });
const URI = 'fsxz://us-east-1.fs-0123456789abcdef0/fsx/';

testLocations({
  api: 'FsxOpenZfs',
  type: 'FSX_OPENZFS_NFS',
  minimum: {
    FsxFilesystemArn: 'arn:aws:fsx:us-east-1:000000000000:file-system/fs-0123456789abcdef0', SecurityGroupArns: SECURITY_GROUPS, Protocol: { NFS: {} },
  },
  created: [
    ['nothing else', {}, { LocationUri: URI, SecurityGroupArns: SECURITY_GROUPS, ...nfs('AUTOMATIC') }],
    ['a path and a version', { Subdirectory: '/fsx/a/b', ...nfs('NFS4_0') }, { LocationUri: `${URI}a/b/`, SecurityGroupArns: SECURITY_GROUPS, ...nfs('NFS4_0') }],
  ],
  updated: [
    ['the path', {}, { Subdirectory: '/fsx/c' }, { LocationUri: `${URI}c/` }],
    ['the version', {}, nfs('NFS3'), nfs('NFS3')],
  ],
  refused: [
    ['a path that does not begin with /fsx', { Subdirectory: '/data' }, "Subdirectory '/data' must begin with '/fsx'."],
    ['one that only looks like it', { Subdirectory: '/fsxdata' }, "Subdirectory '/fsxdata' must begin with '/fsx'."],
    ['a path that leads out', { Subdirectory: '/fsx/../..' }, "must not contain '..' as a folder"],
    ['SMB', { Protocol: { SMB: { User: 'u', Password: 'p' } } }, 'Protocol must have NFS and nothing else'],
    ['no protocol', { Protocol: {} }, 'Protocol must have NFS and nothing else'],
  ],
  refusedUpdates: [
    ['SMB', {}, { Protocol: { SMB: { User: 'u' } } }, 'Protocol must have NFS and nothing else'],
    ['a path outside', {}, { Subdirectory: '/a' }, "must begin with '/fsx'"],
  ],
  content: { input: { Subdirectory: '/fsx/data' }, folder: 'fsxz/fs-0123456789abcdef0/fsx/data' },
});
