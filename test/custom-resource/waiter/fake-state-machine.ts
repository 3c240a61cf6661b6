import type { StatesAnswer, StatesOperation } from '../../../src/custom-resource/services';
import type { VirtualClock } from '../fault-simulation/clock';

type Json = any;

interface Execution {
  readonly name: string;
  readonly input: string;
  readonly startDate: number;
  readonly abort: AbortController;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
}

/** What a state failed with. */
class StateError extends Error {
  constructor(public readonly error: string, public readonly cause?: string) {
    super(error);
  }
}

/**
 * A state machine of Step Functions that runs its definition against a clock that tests move, as far as waiters use the language: tasks of a
 * function with parameters, timeouts, retries and catches, choices, pauses.
 */
export class FakeStateMachine {
  public readonly executions: Execution[] = [];

  /** @param invoke calls the function; rejects with an error whose name is that of Step Functions if Lambda could not */
  constructor(
    private readonly clock: Pick<VirtualClock, 'now' | 'after' | 'sleep'>, private readonly definition: Json, private readonly invoke: (payload: Json) => Promise<Json>,
    public readonly arn = 'arn:aws:states:us-east-1:111122223333:stateMachine:Waiter-AbC',
  ) {}

  public get running(): Execution[] {
    return this.executions.filter(({ status }) => status === 'RUNNING');
  }

  /** The service. */
  public call(operation: StatesOperation, input: Json): StatesAnswer {
    if ((input.stateMachineArn ?? this.arn) !== this.arn) throw refusal('StateMachineDoesNotExist', 'State Machine Does Not Exist');
    switch (operation) {
      case 'StartExecution': {
        const existing = this.executions.find(({ name }) => name === input.name);
        if (existing && (existing.status !== 'RUNNING' || existing.input !== input.input)) {
          throw refusal('ExecutionAlreadyExists', `Execution Already Exists: '${this.arnOf(input.name)}'`);
        }
        if (!/^[A-Za-z0-9_-]{1,80}$/.test(input.name)) throw refusal('InvalidName', `Invalid Name: '${input.name}'`);
        if (!existing) void this.start(input.name, input.input);
        return {};
      }
      case 'DescribeExecution':
        this.find(input.executionArn);
        return {};
      case 'StopExecution': {
        const execution = this.find(input.executionArn);
        if (execution.status === 'RUNNING') execution.status = 'ABORTED';
        execution.abort.abort();
        return {};
      }
      case 'ListExecutions': {
        const all = this.executions.filter(({ status }) => status === input.statusFilter);
        const from = Number(input.nextToken ?? 0);
        const page = all.slice(from, from + 2); // small pages
        return {
          executions: page.map(({ name, startDate }) => ({ executionArn: this.arnOf(name), name, startDate: startDate / 1000 })),
          nextToken: from + 2 < all.length ? String(from + 2) : undefined,
        };
      }
    }
  }

  private arnOf(name: string): string {
    return `${this.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  }

  private find(arn: string): Execution {
    const execution = this.executions.find(({ name }) => this.arnOf(name) === arn);
    if (!execution) throw refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  private async start(name: string, input: string): Promise<void> {
    const execution: Execution = { name, input, startDate: this.clock.now, abort: new AbortController(), status: 'RUNNING' };
    this.executions.push(execution);
    const cancel = this.clock.after(this.definition.TimeoutSeconds * 1000, () => this.end(execution, 'TIMED_OUT'));
    let data: Json = JSON.parse(input);
    let next = this.definition.StartAt;
    try {
      while (execution.status === 'RUNNING') {
        const state = this.definition.States[next];
        if (state.Type === 'Succeed') return this.end(execution, 'SUCCEEDED');
        if (state.Type === 'Fail') return this.end(execution, 'FAILED');
        ({ data, next } = await this.step(state, data, execution));
      }
    } catch (error) {
      if (!execution.abort.signal.aborted) this.end(execution, 'FAILED');
    } finally {
      cancel();
    }
  }

  private end(execution: Execution, status: Execution['status']): void {
    if (execution.status === 'RUNNING') execution.status = status;
    execution.abort.abort();
  }

  private async step(state: Json, data: Json, execution: Execution): Promise<{ data: Json; next: string }> {
    switch (state.Type) {
      case 'Choice': {
        const chosen = state.Choices.find(({ Variable, BooleanEquals }: Json) => read(Variable, data) === BooleanEquals);
        return { data, next: chosen?.Next ?? state.Default };
      }
      case 'Wait':
        await this.clock.sleep(read(state.SecondsPath, data) * 1000, execution.abort.signal);
        return { data, next: state.Next };
      case 'Task':
        return this.task(state, data, execution);
      default:
        throw new Error(`no such state: ${state.Type}`);
    }
  }

  private async task(state: Json, data: Json, execution: Execution): Promise<{ data: Json; next: string }> {
    const context = { Execution: { StartTime: new Date(execution.startDate).toISOString() } };
    const parameters = resolve(state.Parameters, data, context);
    const attempts = state.Retry.map(() => 0);
    for (;;) {
      try {
        const result = await this.inTime(this.invoke(JSON.parse(JSON.stringify(parameters))), state.TimeoutSeconds * 1000, execution.abort.signal);
        return { data: { ...data, [state.ResultPath.replace('$.', '')]: JSON.parse(JSON.stringify(result)) }, next: state.Next };
      } catch (error) {
        execution.abort.signal.throwIfAborted();
        const failed = error as StateError;
        const index = state.Retry.findIndex(({ ErrorEquals }: Json) => ErrorEquals.includes(failed.error) || ErrorEquals.includes('States.ALL'));
        const retry = state.Retry[index];
        if (retry && attempts[index] < retry.MaxAttempts) {
          const pause = Math.min(retry.IntervalSeconds * retry.BackoffRate ** attempts[index]++, retry.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
          await this.clock.sleep(pause * 1000, execution.abort.signal);
          continue;
        }
        if (!state.Catch) throw error;
        const [{ ResultPath, Next }] = state.Catch;
        return { data: { ...data, [ResultPath.replace('$.', '')]: { Error: failed.error, Cause: failed.cause } }, next: Next };
      }
    }
  }

  private inTime<T>(call: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T> {
    const timer = new AbortController();
    const tooLate = this.clock.sleep(milliseconds, AbortSignal.any([timer.signal, signal])).then(() => { throw new StateError('States.Timeout'); });
    tooLate.catch(() => {});
    const failing = call.catch(({ name, message }: Error) => {
      throw new StateError(name, name.startsWith('Lambda.') ? message : JSON.stringify({ errorType: name, errorMessage: message }));
    });
    return Promise.race([failing, tooLate]).finally(() => timer.abort()) as Promise<T>;
  }
}

function refusal(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
}

function resolve(template: Json, data: Json, context: Json): Json {
  if (typeof template !== 'object') return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => name.endsWith('.$')
    ? [name.slice(0, -2), (value as string).startsWith('$$') ? read((value as string).slice(1), context) : read(value as string, data)]
    : [name, resolve(value, data, context)]));
}

/** @throws Error for what is not there, as the service does */
function read(path: string, data: Json): Json {
  return path.split('.').slice(1).reduce((value, name) => {
    if (value[name] === undefined) throw new StateError('States.Runtime', `${path} is not in the data`);
    return value[name];
  }, data);
}
