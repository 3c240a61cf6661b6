import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '../../../emulator/clock';
import type { Item } from '../../../emulator/engine/backend';
import { TaskReport } from '../../../emulator/report/task-report';

let server: Server;
let uploads: Map<string, any>;
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      uploads.set(request.url!.replace(/\?.*/, ''), JSON.parse(Buffer.concat(chunks).toString()));
      response.end();
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
});
beforeEach(() => { uploads = new Map(); });
afterAll(async () => {
  server.closeAllConnections();
  await new Promise(done => server.close(done));
});

function newReport(): TaskReport {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const S3 = { S3BucketArn: 'arn:aws:s3:::reports', Subdirectory: '/below/', BucketAccessRoleArn: 'role' };
  return new TaskReport(
    { Destination: { S3 }, OutputType: 'STANDARD', ReportLevel: 'SUCCESSES_AND_ERRORS', ObjectVersionIds: 'NONE' },
    { taskId: 'task-1', executionId: 'exec-1', mode: 'BASIC' },
    { clock: new ManualClock(new Date('2030-01-01T12:00:00.5Z')), s3: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } } },
  );
}

const transferred = (item: Partial<Item>) => ({ outcome: { what: 'Transferred' as const, item: { key: 'a', kind: 'file' as const, size: 1, ...item } } });

test('a path that is too long for a report is its error; everything else is reported', async () => {
  const report = newReport();
  report.note(transferred({ key: 'x'.repeat(4097) }));
  report.note(transferred({ key: 'x'.repeat(4096) }));
  await report.write({ Status: 'SUCCESS' });
  expect(report.result).toEqual({
    Status: 'ERROR', ErrorCode: 'PathTooLong', ErrorDetail: 'File path exceeds the maximum length of 4,096 characters. Cannot write to Task Report',
  });
  expect([...uploads].map(([path]) => path)).toEqual([
    expect.stringMatching(/^\/reports\/below\/Summary-Reports\/task-1\/exec-1\/exec-1\.summary-v1-00001-[0-9a-f]{17}\.json$/),
    expect.stringMatching(/^\/reports\/below\/Detailed-Reports\/task-1\/exec-1\/exec-1\.files-transferred-v1-00001-[0-9a-f]{17}\.json$/),
  ]);
  expect([...uploads.values()][1].Transferred).toEqual([expect.objectContaining({ TransferTimestamp: '2030-01-01T12:00:00.500000000Z' })]);
});

test('a list that is too long for one file is in several', async () => {
  const report = newReport();
  for (let i = 0; i < 30_000; i++) report.note(transferred({ key: `file-${i}` }));
  await report.write({});
  const parts = [...uploads].filter(([path]) => path.includes('Detailed-Reports'));
  expect(parts.map(([path]) => /v1-(\d+)-/.exec(path)![1])).toEqual(['00001', '00002']);
  expect(parts.flatMap(([, { Transferred }]) => Transferred.map(({ RelativePath }: any) => RelativePath)))
    .toEqual(Array.from({ length: 30_000 }, (_, i) => `/file-${i}`));
  expect(report.result).toEqual({ Status: 'SUCCESS' });
});

test('a report that cannot be kept does not disturb the run, and half of it is not written', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const report = newReport();
  report.note(transferred({}));
  report.note(transferred({ size: 1n as unknown as number })); // no JSON can be made of it
  report.note(transferred({}));
  await report.write({});
  expect(report.result).toMatchObject({ Status: 'ERROR', ErrorCode: 'UploadFailed' });
  expect(uploads.size).toBe(0);
  expect(log).toHaveBeenCalledTimes(1);
  log.mockRestore();
});
