import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startBuckets } from './buckets';
import type { Buckets } from './buckets';
import type { Subject } from './conformance/bench';
import { testConformance } from './conformance/suite';
import { openAzureBlob } from '../../../emulator/backends/azure-blob/backend';
import { DirectoryDryRun } from '../../../emulator/backends/decorators/directory-dry-run';
import { injectFaults } from '../../../emulator/backends/decorators/fault-injection';
import { translated } from '../../../emulator/backends/decorators/metadata-translation';
import { S3DryRun } from '../../../emulator/backends/decorators/s3-dry-run';
import { openDirectory } from '../../../emulator/backends/directory/backend';
import { openS3 } from '../../../emulator/backends/s3/backend';
import type { Backend } from '../../../emulator/engine/backend';
import { Faults } from '../../../emulator/faults/faults';
import type { Task } from '../../../emulator/model/task';
import { ACCOUNT, sasToken, startAzurite } from '../../support/azurite';
import type { Azurite } from '../../support/azurite';
import { DEFAULTS } from '../engine/run-transfer';

let root: string;
let buckets: Buckets;
let azurite: Azurite;
let count = 0;
beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'conformance-')));
  [buckets, azurite] = await Promise.all([startBuckets(), startAzurite()]);
});
afterAll(async () => {
  await Promise.all([buckets?.close(), azurite?.close()]);
  rmSync(root, { recursive: true, force: true });
});

const missing = (open: (name: string) => Backend) => () => open(`missing-${++count}`);

const DIRECTORY: Subject = {
  hasLinks: true,
  copiesWithinStore: true,
  make: async () => {
    const path = join(root, String(++count));
    mkdirSync(path);
    return {
      open: () => openDirectory(path, root),
      openPlain: () => openDirectory(path, root),
      openBelow: folder => {
        mkdirSync(join(path, folder), { recursive: true });
        return openDirectory(join(path, folder), root);
      },
      put: async (key, content) => {
        mkdirSync(dirname(join(path, key)), { recursive: true });
        writeFileSync(join(path, key), content);
      },
    };
  },
  openMissing: missing(name => openDirectory(name, root)),
};

const S3: Subject = {
  copiesWithinStore: true,
  make: async () => {
    const bucket = await buckets.make();
    return {
      open: () => bucket.open('prefix'),
      openPlain: () => bucket.open('prefix'),
      openBelow: folder => bucket.open(`prefix/${folder}`),
      put: (key, content) => bucket.put(`prefix/${key}`, content),
    };
  },
  openMissing: missing(bucket => openS3({ endpoint: buckets.url, bucket, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })),
};

function openContainer(container: string, folders: readonly string[] = []): Backend {
  return openAzureBlob({ endpoint: azurite.url, account: ACCOUNT, container, folders, sasToken: sasToken(container) });
}

const AZURE_BLOB: Subject = {
  lacks: ['folder', 'symlink'],
  make: async () => {
    const name = `container-${++count}`;
    const client = await azurite.makeContainer(name);
    return {
      open: () => openContainer(name, ['prefix']),
      openPlain: () => openContainer(name, ['prefix']),
      openBelow: folder => openContainer(name, ['prefix', folder]),
      put: async (key, content) => void await client.getBlockBlobClient(`prefix/${key}`).upload(content, content.length),
    };
  },
  openMissing: missing(openContainer),
  // eslint-disable-next-line no-control-regex -- Azure has no place for control characters and backslashes, and Azurite has an order of its own beyond U+FFFF
  impossible: /[\\\u0000-\u001f\u007f-\u009f\ud800-\uffff]/,
};

/** The same locations, seen through a decorator. */
function decorated({ make, ...subject }: Subject, decorate: (real: Backend) => Backend, more: Partial<Subject> = {}): Subject {
  return {
    ...subject,
    make: async () => {
      const location = await make();
      return { ...location, open: () => decorate(location.open()) };
    },
    ...more,
  };
}

describe('a directory', () => testConformance(DIRECTORY));
describe('S3', () => testConformance(S3));
describe('Azure Blob', () => testConformance(AZURE_BLOB));

const withFaults = (real: Backend): Backend => {
  const faults = new Faults();
  faults.replace({ faults: [{ kind: 'itemFailure', at: 'WRITE', paths: '/no-such-item' }] });
  return injectFaults(real, faults, { arn: 'arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0' } as Task);
};
describe('faults in other items of a directory', () => testConformance(decorated(DIRECTORY, withFaults)));
describe('faults in other items of S3', () => testConformance(decorated(S3, withFaults)));

/** POSIX metadata stays what it is on the way to HDFS; links alone are hidden, and there are none where the source is only read. */
const translating = (name: 'S3' | 'NFS') => (source: Backend): Backend => {
  const posix = name === 'NFS';
  return translated({ source, options: DEFAULTS }, { name, posix }, { name: 'HDFS', posix: true }).source;
};
describe('a directory with its metadata translated', () => testConformance(decorated(DIRECTORY, translating('NFS'), { copiesWithinStore: false })));
describe('S3 with its metadata translated', () => testConformance(decorated(S3, translating('S3'), { copiesWithinStore: false })));

let dryRunFolder = '';
const DIRECTORY_DRY_RUN: Subject = decorated({
  ...DIRECTORY,
  make: async () => {
    const location = await DIRECTORY.make();
    dryRunFolder = join(root, String(count));
    return location;
  },
}, real => new DirectoryDryRun(real, dryRunFolder, root), { isDryRun: true, copiesWithinStore: false });
describe('a dry run in a directory', () => testConformance(DIRECTORY_DRY_RUN));
describe('a dry run in S3', () => testConformance(decorated(S3, real => new S3DryRun(real), { isDryRun: true, copiesWithinStore: false })));
