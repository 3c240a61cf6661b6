import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Verdict } from './synthesis';
import type { Place, Text, TransferCase } from './transfers';
import { HOME, PLACES, textOf } from './transfers';
import type { TestEmulator } from '../support/emulator';
import { startTestEmulator } from '../support/emulator';
import { rawRequest } from '../support/raw-request';

/** An execution is over at once, so that it keeps no agent busy: only its start counts. */
const ENDS_AT_ONCE = { faults: [{ kind: 'executionError', errorCode: 'Enough' }] } as const;

/** The emulator, with all places in it, and a fake bucket behind them that is always empty. */
export class Service {
  public static async start(): Promise<Service> {
    const store = createServer((_, response) => {
      response.setHeader('Content-Type', 'application/xml');
      response.end('<ListBucketResult><Name>bucket</Name><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>');
    });
    await new Promise<void>(listening => store.listen(0, '127.0.0.1', listening));
    const { port } = store.address() as AddressInfo;
    const ended = new Map<string, () => void>();
    const emulator = await startTestEmulator({
      s3Endpoint: `http://127.0.0.1:${port}`,
      faults: ENDS_AT_ONCE,
      onEvent: ({ resources: [arn], detail }) => { if (detail.State === 'ERROR') ended.get(arn)?.(); },
    });
    const service = new Service(emulator, store, ended);
    for (const place of PLACES) {
      const { body } = await service.call(`CreateLocation${place.api}`, place.input, place.region);
      if (!body.LocationArn) throw new Error(`${JSON.stringify(place)}: ${body.message}`);
      service.arns.set(place, body.LocationArn);
    }
    return service;
  }

  private readonly arns = new Map<Place, string>();

  private constructor(private readonly emulator: TestEmulator, private readonly store: Server, private readonly ended: Map<string, () => void>) {}

  public arnOf = (place: Place): string => this.arns.get(place)!;

  public async verdict({ source, destination, name, mode, options, logGroup, includes, excludes, start }: TransferCase): Promise<Verdict> {
    const created = await this.call('CreateTask', {
      SourceLocationArn: this.arnOf(source),
      DestinationLocationArn: this.arnOf(destination),
      Name: name,
      TaskMode: mode,
      Options: options,
      Includes: rules(includes),
      Excludes: rules(excludes),
      CloudWatchLogGroupArn: logGroup && `arn:aws:logs:${HOME}:000000000000:log-group:${logGroup}:*`,
    });
    if (created.status !== 200) return { task: refusal(created.body) };
    const { TaskArn } = created.body;
    const started = await this.call('StartTaskExecution', {
      TaskArn, OverrideOptions: start.options, Includes: rules(start.includes), Excludes: rules(start.excludes),
    });
    if (started.status !== 200) return { start: refusal(started.body) };
    await this.end(started.body.TaskExecutionArn);
    return {};
  }

  public async close(): Promise<void> {
    await this.emulator.close();
    this.store.closeAllConnections();
    await new Promise(closed => this.store.close(closed));
  }

  private async end(arn: string): Promise<void> {
    const over = new Promise<void>(resolve => this.ended.set(arn, resolve));
    const { body } = await this.call('DescribeTaskExecution', { TaskExecutionArn: arn }); // it may have been over before anybody listened
    if (body.Status !== 'ERROR') await over;
    this.ended.delete(arn);
  }

  private call(operation: string, input: object, region = HOME): ReturnType<typeof rawRequest> {
    return rawRequest(this.emulator.url, JSON.stringify(input), {
      'X-Amz-Target': `FmrsService.${operation}`,
      'Authorization': `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/datasync/aws4_request, SignedHeaders=host, Signature=0`,
    });
  }
}

/** Only what the emulator refuses on purpose is a verdict. */
function refusal({ __type, message }: { readonly __type: string; readonly message: string }): string {
  if (__type !== 'InvalidRequestException') throw new Error(`${__type}: ${message}`);
  return message;
}

function rules(text: Text | undefined): object[] | undefined {
  return text === undefined ? undefined : [{ FilterType: 'SIMPLE_PATTERN', Value: textOf(text) }];
}
