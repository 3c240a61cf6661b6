import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerNames } from '../../../emulator/backends/owner-names';

test('an id has the first of several names, and none that is no name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'owners-'));
  try {
    const [passwd, group] = [join(folder, 'passwd'), join(folder, 'group')];
    writeFileSync(passwd, '# a comment\nroot:x:0:0::/root:/bin/sh\ntoor:x:0:0\n\n1234:x:1234:1:\nhalf:x\nhdfs:x:500:500:\nodd:x:y:\n');
    writeFileSync(group, 'hadoop:x:600:\n');
    expect(ownerNames(passwd, group)).toEqual({ users: new Map([[0, 'root'], [500, 'hdfs']]), groups: new Map([[600, 'hadoop']]) });
    expect(ownerNames(join(folder, 'none'), join(folder, 'none'))).toEqual({ users: new Map(), groups: new Map() });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
