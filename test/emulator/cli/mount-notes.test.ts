import { mountNotes } from '../../../emulator/cli/mount-notes';

const FOLDER = __dirname;
const TASKS = [
  { source: 'smb://files.example.com/projects/', destination: 's3://bucket/smb/' },
  { source: 'hdfs://namenode.example.com:8020/user/', destination: 's3://bucket/hdfs/' },
];

test('a mount that a location of a task begins with needs no word', () => {
  expect(mountNotes({ 'smb://files.example.com': FOLDER, 'hdfs://namenode.example.com:8020/user/': FOLDER }, TASKS)).toEqual([]);
  expect(mountNotes({}, TASKS)).toEqual([]);
});

test.each([
  ['smb://files.example.com/project', TASKS, 'there is hdfs://namenode.example.com:8020/user/, smb://files.example.com/projects/'],
  ['nfs://files.example.com/projects', TASKS.slice(0, 1), 'there is smb://files.example.com/projects/'],
  ['nfs://fileserver', [{ source: 's3://one/', destination: 's3://other/' }], 'no task has one that a folder can stand in for'],
])('a mount that no location begins with is named, with those that there are: %s', (uri, tasks, found) => {
  expect(mountNotes({ [uri]: FOLDER }, tasks)).toEqual([`note: --mount ${uri}: no location of a task begins like that; ${found}`]);
});
