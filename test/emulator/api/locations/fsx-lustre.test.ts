import { SECURITY_GROUPS, testLocations } from '../../../support/location-table';

const PLAIN = { LocationUri: 'fsxl://us-west-2.fs-0123456789abcdef0/', SecurityGroupArns: SECURITY_GROUPS };

testLocations({
  api: 'FsxLustre',
  type: 'FSX_LUSTRE',
  minimum: { FsxFilesystemArn: 'arn:aws:fsx:us-west-2:000000000000:file-system/fs-0123456789abcdef0', SecurityGroupArns: SECURITY_GROUPS },
  created: [
    ['nothing else', {}, PLAIN],
    ['a path', { Subdirectory: '/scratch/a$/' }, { ...PLAIN, LocationUri: `${PLAIN.LocationUri}scratch/a$/` }],
  ],
  updated: [
    ['the path', { Subdirectory: '/a' }, { Subdirectory: '/b' }, { LocationUri: `${PLAIN.LocationUri}b/` }],
  ],
  refused: [
    ['a path that leads out', { Subdirectory: '/..' }, "must not contain '..' as a folder"],
    ['no file system', { FsxFilesystemArn: 'arn:aws:fsx:us-west-2:000000000000:volume/fsvol-1' }, "at 'FsxFilesystemArn' failed to satisfy constraint"],
    ['six security groups', { SecurityGroupArns: Array(6).fill(SECURITY_GROUPS[0]) }, "at 'SecurityGroupArns' failed to satisfy constraint"],
  ],
  content: { input: { Subdirectory: '/scratch' }, folder: 'fsxl/fs-0123456789abcdef0/scratch' },
});
