import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as fc from 'fast-check';
import { S3DryRun } from '../../../../emulator/backends/decorators/s3-dry-run';
import { openDirectory } from '../../../../emulator/backends/directory/backend';
import { openS3 } from '../../../../emulator/backends/s3/backend';
import type { Backend } from '../../../../emulator/engine/backend';
import type { TransferOptions } from '../../../../emulator/engine/request';
import { startMiniStack } from '../../../support/ministack';
import type { MiniStack } from '../../../support/ministack';
import { transfer } from '../../engine/run-transfer';
import { anyTree, plant, withFolder } from '../../engine/tree';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
let store: MiniStack;
let client: S3Client;

beforeAll(async () => {
  store = await startMiniStack();
  client = new S3Client({ endpoint: store.url, region: 'us-east-1', forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
}, 120_000);

afterAll(async () => {
  client?.destroy();
  await store?.close();
});

function open(prefix: string): Backend {
  return openS3({ endpoint: store.url, bucket: 'bucket', prefix, credentials });
}

async function keys(prefix: string): Promise<string[]> {
  const { Contents: objects = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'bucket', Prefix: `${prefix}/` }));
  return objects.map(({ Key, ETag }) => `${Key} ${ETag}`);
}

async function outcomes(source: Backend, destination: Backend, options: Partial<TransferOptions>): Promise<object> {
  try {
    const { outcomes: seen, result, counters, failures } = await transfer({ source, destination, options });
    return { seen: seen.map(({ what, item, change, reason }) => [what, item.key, change, reason].join(' ')).sort(), status: result.status, counters, failures };
  } finally {
    source.close();
    destination.close();
  }
}

test('a dry run onto a bucket tells what the run then does, and changes nothing', async () => {
  let number = 0;
  const anyOptions = fc.constantFrom<Partial<TransferOptions>>(
    {}, { PreserveDeletedFiles: 'REMOVE' }, { OverwriteMode: 'NEVER' }, { TransferMode: 'ALL' }, { TransferMode: 'ALL', OverwriteMode: 'NEVER' },
  );
  await fc.assert(fc.asyncProperty(anyTree, anyTree, anyOptions, async (tree, before, options) => withFolder(async root => {
    const prefix = `p${number++}`;
    const [source, old] = [join(root, 'source'), join(root, 'old')];
    plant(source, tree);
    plant(old, before);
    await outcomes(openDirectory(old, old), open(prefix), {});
    const found = await keys(prefix);

    const planned = await outcomes(openDirectory(source, source), new S3DryRun(open(prefix)), options);
    expect(await keys(prefix)).toEqual(found);
    expect(await outcomes(openDirectory(source, source), open(prefix), options)).toEqual(planned);
  })), { numRuns: 12 });
}, 120_000);

test('trouble of the store is not taken for an object that is not there', async () => {
  await withFolder(async root => {
    mkdirSync(join(root, 'source'));
    const destination = openS3({ endpoint: store.url, bucket: 'no-such-bucket', credentials });
    const { result } = await transfer({
      source: openDirectory(join(root, 'source'), root), destination: new S3DryRun(destination), options: { TransferMode: 'ALL', OverwriteMode: 'NEVER' },
    });
    destination.close();
    expect(result).toMatchObject({ status: 'ERROR', errorCode: 'LocationAccessFailed' });
  });
});

test('the client of a dry run refuses to send what could change a bucket', async () => {
  const bucket = openS3({ endpoint: store.url, bucket: 'bucket', prefix: 'read-only', credentials, readOnly: true });
  await withFolder(async root => {
    mkdirSync(join(root, 'source/folder'), { recursive: true });
    const { failures } = await transfer({ source: openDirectory(join(root, 'source'), root), destination: bucket });
    expect(failures.map(({ message }) => message)).toContain('PutObjectCommand is not sent: it could change something, and this only looks');
  });
  const object = { key: 'odd', kind: 'file', size: 0 } as const;
  expect(await bucket.remove([object], new AbortController().signal)).toEqual([{ error: 'DeleteObjectsCommand is not sent: it could change something, and this only looks' }]);
  bucket.close();
});

test('objects that have no path are named in the plan as in the run', async () => {
  await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'odd/a//b', Body: 'x' }));
  const planned = await outcomes(open('odd'), new S3DryRun(open('even')), {});
  expect(planned).toMatchObject({ status: 'ERROR', failures: [{ path: '/a//b' }] });
  expect(await outcomes(open('odd'), open('even'), {})).toEqual(planned);
});
