import * as fc from 'fast-check';
import { COMPLETION_TIMEOUT } from '../../../src/task-execution/contract';
import { early, list, mostly } from '../../custom-resource/fault-simulation/arbitraries';
import type { Death, Delivery, Faults, Outage } from '../../custom-resource/fault-simulation/faults';
import { FAULTS } from '../../custom-resource/fault-simulation/faults';

/** The starts of a stack, by their logical ids. The second one comes after the first (`executeAfter`). */
export const FIRST = 'SeedExecution';
export const SECOND = 'IndexExecution';

/** What a template can say differently from one deployment to the next. */
export const CHANGES = ['filter', 'option', 'folder', 'trigger', 'label', 'task'] as const;
export type Change = typeof CHANGES[number];

/** One thing that somebody does to the stack. Times are seconds. */
export interface Operation {
  readonly kind: 'deploy' | 'destroy' | 'rollback' | 'remove';
  /** After the operation before has come to its end. */
  readonly pause: number;
  readonly change: readonly Change[];
  /** So long a task that this operation creates stays CREATING. */
  readonly creating: number;
  readonly noRollback: boolean;
  readonly express: boolean;
  /** What goes wrong, and when, counted from the request to our resource (or from the beginning, if it gets none). */
  readonly disturbance?: { readonly kind: 'sibling' | 'cancel' | 'destroy'; readonly after: number };
  /** So long the rest of the stack takes when our resource is done. */
  readonly rest: number;
}

export const CALLS = ['any', 'DescribeTask', 'StartTaskExecution', 'ListTaskExecutions', 'DescribeTaskExecution', 'ListTagsForResource',
  'CancelTaskExecution', 'DescribeStacks', 'PutParameter', 'GetParameter', 'StartExecution', 'DescribeExecution', 'ListExecutions', 'StopExecution',
  'answer'] as const;

type Call = typeof CALLS[number];

/** What others do to the task that the stack has at that time. */
export interface Other {
  readonly operation: number;
  readonly after: number;
  readonly act: 'start the same' | 'start another' | 'cancel';
}

export interface Unavailable {
  readonly operation: number;
  readonly after: number;
  readonly seconds: number;
}

export interface Schedule {
  readonly everySeconds: number;
  readonly times: number;
  readonly parameter: boolean;
  /** Seconds that the n-th delivery is late. */
  readonly late: readonly number[];
  /** The first attempt of the n-th time ends at this call; negative: it does not. */
  readonly dies: readonly number[];
  /** Whether each time has a filter of its own, so that the service does not refuse one because of another. */
  readonly distinct: boolean;
}

/** Everything that is left to chance, or to what nobody has documented, in the life cycle of one stack and the faults that meet it. */
export interface Scenario {
  /** For what does not matter much: latencies, jitter, orders. */
  readonly seed: number;
  readonly ifRunning: 'QUEUE' | 'ATTACH' | 'WAIT' | 'FAIL';
  readonly runOn: 'CHANGE' | 'EVERY_DEPLOYMENT' | 'CREATE';
  /** How the end is waited for, if it is. */
  readonly completion?: { readonly timeout: number; readonly onTimeout: 'CANCEL' | 'CONTINUE' };
  readonly service: {
    /** Which pending executions stand in the way of a start with the same filters: not known (facts 15.5). */
    readonly refusesEqualTo: 'queued' | 'pending';
    readonly listLag: number;
    readonly tagLag: number;
    readonly taskLag: number;
    readonly order: 'newest first' | 'oldest first' | 'none';
    readonly history: number;
    readonly deletesBusyTask: boolean;
  };
  readonly cloudformation: {
    /** Whether LastUpdatedTime moves with every status or with operations only: not documented. */
    readonly lastUpdatedMoves: boolean;
    readonly operationIds: boolean;
    readonly dated: boolean;
    /** What follows a FAILED Update with a new id: sources conflict (protocol 1.6). */
    readonly afterFailedUpdate: 'Delete' | 'Update of the new id' | 'Delete, Update';
    /** Which id the rollback Update of an Update that has succeeded carries: not known. */
    readonly rolledBackId: 'old' | 'new';
    /** When a failed Create is deleted after `--no-rollback`: not documented. */
    readonly failedCreate: 'Delete first' | 'Delete last' | 'Delete meanwhile';
  };
  readonly operations: readonly Operation[];
  readonly faults: ReadonlyArray<Faults<Call>>;
  readonly outages: ReadonlyArray<Outage<Call>>;
  readonly deliveries: readonly Delivery[];
  readonly deaths: readonly Death[];
  readonly others: readonly Other[];
  readonly unavailable: readonly Unavailable[];
  /** Seconds that the n-th execution runs; a negative number ends with ERROR. */
  readonly executions: readonly number[];
  /** Seconds that the n-th cancellation takes. */
  readonly cancelling: readonly number[];
  /** Seconds until a policy is known everywhere. */
  readonly iamDelay: number;
  readonly schedule?: Schedule;
  /** How the task is run once more before the stack is deleted, if it is. */
  readonly onDelete?: { readonly timeout: number; readonly onFailure: 'BLOCK' | 'IGNORE' };
  /** How links wait for the end. Only without `completion`. */
  readonly chain?: { readonly timeout: number; readonly onTimeout: 'CANCEL' | 'CONTINUE' };
  /** The second start, if there is one. It waits for its end as the first does, but without links. */
  readonly second?: {
    readonly task: 'same' | 'own';
    /** What the n-th operation changes of it. */
    readonly changes: ReadonlyArray<readonly Change[]>;
  };
}

/** The links of a scenario. */
export function chainOf({ completion, chain }: Scenario): { readonly count: number; readonly timeout: number; readonly onTimeout: 'CANCEL' | 'CONTINUE' } {
  if (completion || !chain) return { count: 0, timeout: 0, onTimeout: 'CANCEL' };
  return { ...chain, count: Math.ceil(chain.timeout / COMPLETION_TIMEOUT.link) };
}

/** Whether the deployment waits for the end of a start, which then cancels the execution before it at once. */
export function waitsForEnd(scenario: Scenario, logicalId: string): boolean {
  return scenario.completion !== undefined || (logicalId === FIRST && chainOf(scenario).count > 0);
}

const seconds = (...values: number[]) => fc.constantFrom(...values);

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: mostly<Operation['kind']>('deploy', 5, 'destroy', 'rollback', 'remove'),
  pause: seconds(60, 10, 150, 600, 4_000),
  change: fc.subarray([...CHANGES]),
  creating: mostly(0, 2, 5, 68, 200),
  noRollback: mostly(false, 2, true),
  express: mostly(false, 3, true),
  disturbance: fc.option(fc.record({
    kind: mostly<'sibling' | 'cancel' | 'destroy'>('sibling', 2, 'cancel', 'destroy'),
    // A start is on its way in the second after the request.
    after: fc.oneof(fc.integer({ min: 1, max: 15 }).map(tenths => tenths / 10), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 900 })),
  }), { nil: undefined, freq: 2 }),
  rest: seconds(0, 2, 30, 300),
});

const inOperation = early(5);
const call = fc.constantFrom(...CALLS);

/** Uniform, because a scenario that is nearly empty finds nothing. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.noBias(fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  ifRunning: mostly<Scenario['ifRunning']>('QUEUE', 2, 'ATTACH', 'WAIT', 'FAIL'),
  runOn: mostly<Scenario['runOn']>('CHANGE', 4, 'EVERY_DEPLOYMENT', 'CREATE'),
  completion: fc.option(fc.record({ timeout: seconds(2_700, 600, 60), onTimeout: fc.constantFrom<'CANCEL' | 'CONTINUE'>('CANCEL', 'CONTINUE') }), { nil: undefined, freq: 2 }),
  service: fc.record({
    refusesEqualTo: fc.constantFrom('queued', 'pending'),
    listLag: mostly(0, 2, 0.5, 2, 5),
    tagLag: mostly(0, 2, 0.5, 2, 5),
    taskLag: mostly(0, 2, 0.5, 2, 5),
    order: fc.constantFrom('newest first', 'oldest first', 'none'),
    history: mostly(0, 8, 3, 60),
    deletesBusyTask: fc.boolean(),
  }),
  cloudformation: fc.record({
    lastUpdatedMoves: fc.boolean(),
    operationIds: fc.boolean(),
    dated: mostly(true, 6, false),
    afterFailedUpdate: fc.constantFrom('Delete', 'Update of the new id', 'Delete, Update'),
    rolledBackId: fc.constantFrom('old', 'new'),
    failedCreate: fc.constantFrom('Delete first', 'Delete last', 'Delete meanwhile'),
  }),
  operations: fc.array(operation, { minLength: 1, maxLength: 6, size: 'max' }),
  faults: list(fc.record({
    operation: inOperation, call, nth: early(15), times: mostly(1, 3, 2, 6), fault: fc.constantFrom(...FAULTS),
  }), 6),
  outages: fc.oneof({ weight: 3, arbitrary: fc.constant<Array<Outage<Call>>>([]) }, {
    weight: 1,
    arbitrary: fc.array(fc.record({
      operation: inOperation,
      call,
      after: seconds(0, 5, 60),
      seconds: seconds(10, 100, 310, 1_200),
      fault: fc.constantFrom<Outage['fault']>('throttled', 'failed before', 'failed after', 'denied'),
    }), { maxLength: 2 }),
  }),
  deliveries: list(fc.record({
    event: early(8),
    delay: fc.oneof(seconds(0), seconds(1, 20, 60), fc.integer({ min: 60, max: 2_400 })),
    duplicate: fc.option(seconds(0, 1, 3, 20, 90, 700), { nil: undefined, freq: 2 }),
  }), 3),
  deaths: list(fc.record({
    invocation: early(10), call: fc.nat({ max: 25 }), moment: fc.constantFrom<Death['moment']>('before', 'after'),
  }), 4),
  others: list(fc.record({
    operation: inOperation,
    after: fc.oneof(fc.nat({ max: 10 }), fc.nat({ max: 300 })),
    act: fc.constantFrom<Other['act']>('start the same', 'start another', 'cancel'),
  }), 3),
  unavailable: list(fc.record({
    operation: inOperation, after: fc.oneof(seconds(0), fc.nat({ max: 60 })), seconds: seconds(5, 70, 280, 900, 20_000),
  }), 2),
  executions: fc.array(seconds(259_200, 60, -60, 600, 5, 3_600), { minLength: 1, maxLength: 4 }),
  cancelling: fc.array(mostly(1, 3, 20, 120, 1_500), { minLength: 1, maxLength: 3 }),
  iamDelay: mostly(0, 3, 5, 45, 90),
  schedule: fc.option(fc.record({
    everySeconds: mostly(60, 2, 300, 3_600),
    times: fc.integer({ min: 1, max: 6 }),
    parameter: mostly(true, 3, false),
    late: list(seconds(0, 70, 130, 900), 6),
    dies: list(fc.integer({ min: -8, max: 15 }), 6),
    distinct: fc.boolean(),
  }), { nil: undefined, freq: 2 }),
  onDelete: fc.option(fc.record({
    timeout: seconds(2_700, 600, 60), onFailure: fc.constantFrom<'BLOCK' | 'IGNORE'>('BLOCK', 'IGNORE'),
  }), { nil: undefined, freq: 2 }),
  chain: fc.option(fc.record({
    timeout: seconds(7_200, 3_000, 2_760), onTimeout: fc.constantFrom<'CANCEL' | 'CONTINUE'>('CANCEL', 'CONTINUE'),
  }), { nil: undefined, freq: 2 }),
  second: fc.option(fc.record({
    task: fc.constantFrom<'same' | 'own'>('same', 'own'),
    changes: fc.array(fc.subarray(CHANGES.filter(change => change !== 'task')), { minLength: 1, maxLength: 3 }),
  }), { nil: undefined, freq: 2 }),
}));
