/** A process of its own that begins a multipart upload and is then killed by the test, or not: `begin-upload.ts URL BUCKET KEY FOLDER`. */
import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3';
import { UnfinishedUploads } from '../../../../emulator/backends/s3/unfinished-uploads';

async function main([endpoint, bucket, key, folder]: string[]): Promise<void> {
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  new UnfinishedUploads(client, endpoint, bucket, folder);
  await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
  process.stdout.write('begun\n');
  process.stdin.resume(); // until it is closed
}

void main(process.argv.slice(2));
