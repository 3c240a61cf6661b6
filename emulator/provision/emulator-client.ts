import { setTimeout as sleep } from 'node:timers/promises';
import { ProvisionError } from './error';
import type { ExecutionResult } from './types';
import type { Call } from '../cdk/call';
import { callOf } from '../cdk/call';
import type { LocationPlace } from '../control-api/provision';
import { idOf, scopeOfArn } from '../model/arns';
import type { Scope } from '../model/scope';

const POLL_MS = 10;
const TIMEOUT_MS = 30_000;

/** Talks to a running emulator, in this process or in another: through the API of the service and the control API. */
export class EmulatorClient {
  constructor(public readonly endpoint: string) {}

  public call({ account, region }: Scope): Call {
    return callOf(this.endpoint, account, region);
  }

  /** @throws ProvisionError when nothing answers at the endpoint, or something else */
  public async check(): Promise<void> {
    const { tasks } = await this.control('GET', 'status').catch(error => {
      if (error instanceof ProvisionError) throw error;
      return {}; // whoever it is does not know the path
    });
    if (!tasks) throw new ProvisionError([this.notThis('it does not know /_emulator/status')]);
  }

  /** @returns the folder that stands in for the bucket, if one does */
  public async makeBucket(name: string, { account, region }: Scope): Promise<string | undefined> {
    return (await this.control('PUT', `buckets/${encodeURIComponent(name)}`, { account, region })).folder;
  }

  public async folderOf(locationArn: string): Promise<string | undefined> {
    return (await this.control('PUT', `locations/${idOf(locationArn)}/folder`)).folder;
  }

  /** Where a location's content is. */
  public async contentOf(locationArn: string): Promise<LocationPlace> {
    return this.control('GET', `locations/${idOf(locationArn)}/content`);
  }

  public async listItemsOf(taskArn: string): Promise<void> {
    await this.control('PUT', `tasks/${idOf(taskArn)}/items`);
  }

  /** Starts a task; @returns the ARN of the execution */
  public async start(taskArn: string, request: object): Promise<string> {
    const { TaskExecutionArn } = await this.call(scopeOfArn(taskArn))('StartTaskExecution', { TaskArn: taskArn, ...request });
    return TaskExecutionArn;
  }

  /** Waits for the end of an execution. */
  public async ended(executionArn: string): Promise<ExecutionResult> {
    for (;;) {
      const result = await this.control('GET', `executions/${idOf(executionArn)}`) as ExecutionResult;
      if (result.ended) return result;
      await sleep(POLL_MS);
    }
  }

  private async control(method: string, path: string, body?: object): Promise<any> {
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(new URL(`/_emulator/${path}`, this.endpoint), {
        method, body: body && JSON.stringify(body), headers: { 'content-type': 'application/json' }, signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await answer.text();
    } catch (error) {
      const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
      throw new ProvisionError([`nothing answers at ${this.endpoint} (${cause?.code ?? cause?.message ?? message}); start it with "npx cdk-datasync serve --root FOLDER", or give its --endpoint`]);
    }
    let parsed: any;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw new ProvisionError([this.notThis(`HTTP ${answer.status}`)]);
    }
    if (!answer.ok) throw new Error(parsed.message ?? `HTTP ${answer.status}`);
    return parsed;
  }

  private notThis(why: string): string {
    return `what answers at ${this.endpoint} is not this emulator: ${why}; give the endpoint of "npx cdk-datasync serve"`;
  }
}
