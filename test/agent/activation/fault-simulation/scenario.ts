import * as fc from 'fast-check';
import { early, list } from '../../../custom-resource/fault-simulation/arbitraries';
import type { Death, Delivery, Faults } from '../../../custom-resource/fault-simulation/faults';
import { FAULTS } from '../../../custom-resource/fault-simulation/faults';

/** One thing that somebody does to the stack with the agent. Times are seconds. */
export interface Operation {
  readonly kind: 'deploy' | 'destroy';
  /** What is different from the deployment before: the agent's name, the instance that it runs on, or its endpoint. */
  readonly change: ReadonlyArray<'name' | 'instance' | 'endpoint'>;
  /** So long after the request to the agent another resource fails, before or after the agent is done. */
  readonly siblingFails?: number;
  /** So long the instance of this operation takes until it gives its key. */
  readonly boots: number;
  /** So long the agent of this operation takes until it is online. */
  readonly offline: number;
  /** After the operation before. */
  readonly pause: number;
}

export const CALLS = ['any', 'DescribeStacks', 'DescribeExecution', 'StartExecution', 'ListExecutions', 'StopExecution', 'ListAgents',
  'ListTagsForResource', 'CreateAgent', 'DescribeAgent', 'DeleteAgent', 'TagResource', 'UntagResource', 'UpdateAgent', 'fetchKey', 'answer'] as const;
/** Everything that is left to chance in the life of an agent on an instance. */
export interface Scenario {
  readonly seed: number;
  /** Until the list of agents has one that was made. */
  readonly listLag: number;
  /** Which id the rollback of an Update that has succeeded carries, and what follows one that failed with a new id: not documented. */
  readonly rolledBackId: 'old' | 'new';
  readonly afterFailedUpdate: 'Delete' | 'Update of the new id';
  readonly operations: readonly Operation[];
  readonly faults: readonly Faults[];
  readonly deaths: readonly Death[];
  readonly deliveries: readonly Delivery[];
}

const operation: fc.Arbitrary<Operation> = fc.record({
  kind: fc.oneof({ arbitrary: fc.constant<'deploy'>('deploy'), weight: 5 }, { arbitrary: fc.constant<'destroy'>('destroy'), weight: 1 }),
  change: fc.subarray<'name' | 'instance' | 'endpoint'>(['name', 'instance', 'endpoint']),
  siblingFails: fc.option(fc.oneof(fc.nat({ max: 20 }).map(tenths => tenths / 10), fc.nat({ max: 400 })), { nil: undefined, freq: 2 }),
  boots: fc.constantFrom(0, 30, 180, 2_000),
  offline: fc.constantFrom(0, 0, 20, 5_000),
  pause: fc.constantFrom(5, 60, 600),
});

/** Uniform, because a scenario that is nearly empty finds nothing. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.noBias(fc.record({
  seed: fc.nat({ max: 1_000_000 }),
  listLag: fc.constantFrom(0, 0, 2, 8),
  rolledBackId: fc.constantFrom<'old' | 'new'>('old', 'new'),
  afterFailedUpdate: fc.constantFrom<'Delete' | 'Update of the new id'>('Delete', 'Update of the new id'),
  operations: fc.array(operation, { minLength: 1, maxLength: 5, size: 'max' }),
  faults: list(fc.record({
    operation: early(4), call: fc.constantFrom(...CALLS), nth: early(10), times: fc.constantFrom(1, 1, 2, 5), fault: fc.constantFrom(...FAULTS),
  }), 5),
  deaths: list(fc.record({ invocation: early(12), call: fc.nat({ max: 14 }), moment: fc.constantFrom<Death['moment']>('before', 'after') }), 4),
  deliveries: list(fc.record({
    event: early(8), delay: fc.constantFrom(0, 0, 1, 60, 700), duplicate: fc.option(fc.constantFrom(0, 1, 20, 90, 700), { nil: undefined, freq: 2 }),
  }), 3),
}));
