import type { StatesAnswer, StatesOperation } from '../../../../src/custom-resource/services';
import type { WaitInput, WaitProgress } from '../../../../src/custom-resource/waiter/contract';
import { handleStep } from '../../../../src/task-execution/handler/deploy';
import type { Harness } from '../harness';
import { lambdaContext, quickServices } from '../harness';

export const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:Waiter-AbC';
export const MINUTE = 60_000;

/** Step Functions, as far as the handler sees it. Steps are taken by the tests, at any minute from now. */
export class FakeStates {
  public readonly calls: Array<{ readonly operation: string; readonly input: any }> = [];
  public running: Array<{ readonly name: string; readonly startDate: number }> = [];

  constructor(private readonly harness: () => Harness) {}

  public readonly states = async (operation: StatesOperation, input: any): Promise<StatesAnswer> => {
    this.calls.push({ operation, input });
    if (operation === 'StartExecution') this.running.push({ name: input.name, startDate: Date.now() / 1000 });
    if (operation === 'ListExecutions') return { executions: this.running.map(one => ({ ...one, executionArn: `arn:execution:${one.name}` })) };
    if (operation === 'DescribeExecution' && !this.running.some(({ name }) => input.executionArn.endsWith(name))) {
      throw Object.assign(new Error('Execution Does Not Exist'), { name: 'ExecutionDoesNotExist', $metadata: { httpStatusCode: 400 } });
    }
    if (operation === 'StopExecution') this.running = this.running.filter(({ name }) => !input.executionArn.endsWith(name));
    return {};
  };

  public get starts(): any[] {
    return this.calls.filter(({ operation }) => operation === 'StartExecution').map(({ input }) => input);
  }

  public get stopped(): string[] {
    return this.calls.filter(({ operation }) => operation === 'StopExecution').map(({ input }) => input.executionArn.split(':').pop());
  }

  /** What the first machine was started with. */
  public get begun(): WaitInput {
    return JSON.parse(this.starts[0].input);
  }

  public reset(): void {
    this.calls.length = 0;
    this.running = [];
  }

  /** Takes a step of the wait that has begun, some minutes later than now. */
  public async step(minutes = 0, progress: Partial<WaitProgress> = {}): Promise<WaitProgress> {
    const { client, lines } = this.harness();
    const services = quickServices(client, { states: this.states, now: () => Date.now() + minutes * MINUTE });
    const { Request, Progress } = this.begun;
    const payload = { Wait: { Request, Progress: { ...Progress, ...progress }, StartedAt: new Date().toISOString() } };
    const result = await handleStep(payload, lambdaContext(), services);
    lines.push(...services.lines);
    return result;
  }
}
