import { AGENT_ARN } from '../../../support/emulator';
import { AGENTS, testLocations } from '../../../support/location-table';

const OTHER_AGENT = AGENT_ARN.replace(/0$/, '1');
const AGENT_OF_OTHER_ACCOUNT = AGENT_ARN.replace('000000000000', '111122223333');
const DISTANT_AGENT = AGENT_ARN.replace('us-east-1', 'eu-west-1');
const AUTOMATIC = { MountOptions: { Version: 'AUTOMATIC' } };

testLocations({
  api: 'Nfs',
  type: 'NFS',
  minimum: { ServerHostname: 'fileserver.example.com', Subdirectory: '/export', OnPremConfig: AGENTS },
  created: [
    ['a path', { Subdirectory: '/export/a' }, { LocationUri: 'nfs://fileserver.example.com/export/a/', OnPremConfig: AGENTS, ...AUTOMATIC }],
    ['an untidy path', { ServerHostname: '10.0.0.7', Subdirectory: 'export//a/' },
      { LocationUri: 'nfs://10.0.0.7/export/a/', OnPremConfig: AGENTS, ...AUTOMATIC }],
    ['the root', { Subdirectory: '/' }, { LocationUri: 'nfs://fileserver.example.com/', OnPremConfig: AGENTS, ...AUTOMATIC }],
    ['a version', { MountOptions: { Version: 'NFS4_1' } },
      { LocationUri: 'nfs://fileserver.example.com/export/', OnPremConfig: AGENTS, MountOptions: { Version: 'NFS4_1' } }],
  ],
  updated: [
    ['the path', {}, { Subdirectory: '/other' }, { LocationUri: 'nfs://fileserver.example.com/other/' }],
    ['the host', {}, { ServerHostname: 'other' }, { LocationUri: 'nfs://other/export/' }],
    ['the agents', {}, { OnPremConfig: { AgentArns: [OTHER_AGENT] } }, { OnPremConfig: { AgentArns: [OTHER_AGENT] } }],
    ['the version', {}, { MountOptions: { Version: 'NFS3' } }, { MountOptions: { Version: 'NFS3' } }],
  ],
  refused: [
    ...['/export/../../etc', '..', '/../'].map(Subdirectory => (
      [Subdirectory, { Subdirectory }, `Invalid parameter: Subdirectory '${Subdirectory}' must not contain '..' as a folder.`] as const)),
    ['/a/./b', { Subdirectory: '/a/./b' }, "must not contain '.' as a folder"],
    ...['..', '.', '../x', 'a/b', 'host/..'].map(ServerHostname => (
      [`host ${ServerHostname}`, { ServerHostname }, "at 'ServerHostname' failed to satisfy constraint"] as const)),
    ['an agent of another account', { OnPremConfig: { AgentArns: [AGENT_ARN, AGENT_OF_OTHER_ACCOUNT] } },
      'Invalid parameter: ARN account (111122223333) must match authenticated user.'],
    ['an agent of another Region', { OnPremConfig: { AgentArns: [DISTANT_AGENT] } }, `Agent ${DISTANT_AGENT} does not exist.`],
    ['an agent twice', { OnPremConfig: { AgentArns: [AGENT_ARN, OTHER_AGENT, AGENT_ARN] } }, `AgentArns names ${AGENT_ARN} twice.`],
    ['no agent', { OnPremConfig: { AgentArns: [] } },
      "at 'OnPremConfig.AgentArns' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  ],
  refusedUpdates: [
    ['to an agent of another account', {}, { OnPremConfig: { AgentArns: [AGENT_OF_OTHER_ACCOUNT] } },
      'Invalid parameter: ARN account (111122223333) must match authenticated user.'],
    ['a path that leads out', {}, { Subdirectory: '/..' }, "must not contain '..' as a folder"],
  ],
  content: { input: { Subdirectory: '/export/deep' }, folder: 'nfs/fileserver.example.com/export/deep' },
});
