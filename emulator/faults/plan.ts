import { InvalidRequestError } from '../errors';
import { OPERATIONS } from '../model/api';
import { shown } from '../text/shown';

/** How often a fault is injected, of all the times that it could. */
export interface Frequency {
  /** So many times, then never again. @default - no end */
  readonly times?: number;
  /** This share of the times, evenly spread: 0.25 is each fourth. @default 1 */
  readonly share?: number;
}

/** The operations that a fault is about. A name may end in `*`. */
export interface OfOperations {
  /** @default - all */
  readonly operations?: readonly string[];
}

/** The tasks that a fault is about: ARNs, ids or names, each of which may end in `*`. */
export interface OfTasks {
  /** @default - all */
  readonly tasks?: readonly string[];
}

/** An operation is answered with an error. */
export interface ApiError extends Frequency, OfOperations {
  readonly kind: 'apiError';
  /** @default ThrottlingException */
  readonly error?: string;
  /** HTTP status. @default - 500 for InternalException, 503 for ServiceUnavailableException, else 400 */
  readonly status?: number;
  readonly message?: string;
  /** Whether the operation takes place all the same, and only its answer is lost. @default false */
  readonly performed?: boolean;
}

/** An operation takes place, and its answer comes late. */
export interface SlowAnswer extends Frequency, OfOperations {
  readonly kind: 'slowAnswer';
  /** Milliseconds, at most 600,000. */
  readonly delayMs: number;
}

/** The role of an S3 location cannot be assumed (yet): CreateLocationS3 and UpdateLocationS3 fail. */
export interface RoleDenied extends Frequency {
  readonly kind: 'roleDenied';
  /** ARNs of roles, each of which may end in `*`. @default - all */
  readonly roles?: readonly string[];
}

/** A task cannot be started for as long as this stands in the plan. */
export interface TaskUnavailable extends OfTasks {
  readonly kind: 'taskUnavailable';
  /** @default UNAVAILABLE */
  readonly status?: 'CREATING' | 'UNAVAILABLE';
  readonly errorCode?: string;
  readonly errorDetail?: string;
}

/** An execution stays in LAUNCHING until it is cancelled or the plan changes. */
export interface StuckLaunching extends Frequency, OfTasks {
  readonly kind: 'stuckLaunching';
}

/** An execution ends in ERROR as soon as it enters a phase. */
export interface ExecutionErrorFault extends Frequency, OfTasks {
  readonly kind: 'executionError';
  /** @default LAUNCHING */
  readonly phase?: 'LAUNCHING' | 'PREPARING' | 'TRANSFERRING' | 'VERIFYING';
  readonly errorCode: string;
  readonly errorDetail?: string;
}

/** Items fail; the rest is transferred, and the execution ends in ERROR. */
export interface ItemFailureFault extends Frequency, OfTasks {
  readonly kind: 'itemFailure';
  /** A pattern as in an exclude filter, e.g. `/reports|*.tmp`. */
  readonly paths: string;
  /** READ and WRITE: the item is not transferred. VERIFY: the checksum at the destination comes out wrong; folders have none. */
  readonly at: 'READ' | 'WRITE' | 'VERIFY';
  /** The text of the failure. @default - a permission denied, a full disk, or a checksum that differs */
  readonly message?: string;
}

/** A state change takes place and no event tells of it. */
export interface LostEvent extends Frequency {
  readonly kind: 'lostEvent';
  /** @default - all */
  readonly states?: readonly string[];
  /** As in the event, e.g. `DataSync Task Execution State Change`. @default - all */
  readonly detailTypes?: readonly string[];
}

/** Something that goes wrong on purpose. */
export type Fault = ApiError | SlowAnswer | RoleDenied | TaskUnavailable | StuckLaunching | ExecutionErrorFault | ItemFailureFault | LostEvent;

/** What is to go wrong. Of several faults that could be injected at the same moment the first is. */
export interface FaultPlan {
  readonly faults: readonly Fault[];
}

/** The plan of a running emulator. */
export interface FaultControl {
  /** The plan in force. */
  readonly plan: FaultPlan;

  /** How often each fault of the plan was injected, in the order of the plan. */
  readonly injected: readonly number[];

  /**
   * Puts another plan in the place of the one in force. What the old one held up goes on.
   *
   * @throws Error when it is not right; the old one stays then
   */
  replace(plan: FaultPlan): void;
}

/** What a value has to be, in words, and whether it is. */
interface Rule {
  readonly expected: string;
  readonly optional: boolean;
  accepts(value: unknown): boolean;
}

const text: Rule = { expected: 'a text that is not empty', optional: true, accepts: value => typeof value === 'string' && value !== '' };
const flag: Rule = { expected: 'true or false', optional: true, accepts: value => typeof value === 'boolean' };
const texts: Rule = {
  expected: 'a list of texts that is not empty',
  optional: true,
  accepts: value => Array.isArray(value) && value.length > 0 && value.every(text.accepts),
};
const operationNames: Rule = {
  expected: 'a list of operations of AWS DataSync, each of which may end in *',
  optional: true,
  accepts: value => texts.accepts(value) && (value as string[]).every(name => Object.keys(OPERATIONS).some(operation => isNamed(operation, [name]))),
};
const oneOf = (...values: string[]): Rule => ({
  expected: `one of ${values.join(', ')}`, optional: true, accepts: value => values.includes(value as string),
});
const integer = (min: number, max: number): Rule => ({
  expected: `a whole number from ${min} to ${max}`, optional: true, accepts: value => Number.isSafeInteger(value) && value as number >= min && value as number <= max,
});
const required = (rule: Rule): Rule => ({ ...rule, optional: false });

const FREQUENCY = {
  times: integer(1, Number.MAX_SAFE_INTEGER),
  share: { expected: 'a number above 0 and up to 1', optional: true, accepts: (value: unknown) => typeof value === 'number' && value > 0 && value <= 1 },
};

/** The members of each kind besides `kind`. */
const KINDS: { readonly [Kind in Fault['kind']]: Readonly<Record<Exclude<keyof Extract<Fault, { kind: Kind }>, 'kind'>, Rule>> } = {
  apiError: { ...FREQUENCY, operations: operationNames, error: text, status: integer(400, 599), message: text, performed: flag },
  slowAnswer: { ...FREQUENCY, operations: operationNames, delayMs: required(integer(1, 600_000)) },
  roleDenied: { ...FREQUENCY, roles: texts },
  taskUnavailable: { tasks: texts, status: oneOf('CREATING', 'UNAVAILABLE'), errorCode: text, errorDetail: text },
  stuckLaunching: { ...FREQUENCY, tasks: texts },
  executionError: {
    ...FREQUENCY, tasks: texts, phase: oneOf('LAUNCHING', 'PREPARING', 'TRANSFERRING', 'VERIFYING'), errorCode: required(text), errorDetail: text,
  },
  itemFailure: { ...FREQUENCY, tasks: texts, paths: required(text), at: required(oneOf('READ', 'WRITE', 'VERIFY')), message: text },
  lostEvent: { ...FREQUENCY, states: texts, detailTypes: texts },
};

/**
 * Checks a plan that came from outside.
 *
 * @throws InvalidRequestError that names every wrong member, its value and what it has to be
 */
export function parseFaultPlan(value: unknown): FaultPlan {
  const problems = planProblems(value);
  if (problems.length > 0) throw new InvalidRequestError(`Invalid fault plan: ${problems.join('; ')}.`, 'InvalidFaultPlan');
  return value as FaultPlan;
}

/** Whether one of the patterns, each of which may end in `*`, is the name. */
export function isNamed(name: string, patterns: readonly string[]): boolean {
  return patterns.some(pattern => pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);
}

function planProblems(value: unknown): string[] {
  if (!isStructure(value) || !Array.isArray(value.faults)) return [`it must be a structure with a list 'faults', got ${shown(value)}`];
  const unknown = Object.keys(value).filter(name => name !== 'faults').map(name => `${name} is not known; there is only 'faults'`);
  return [...unknown, ...value.faults.flatMap((fault: unknown, index) => faultProblems(fault, `faults[${index}]`))];
}

function faultProblems(fault: unknown, path: string): string[] {
  if (!isStructure(fault)) return [`${path} must be a structure, got ${shown(fault)}`];
  const { kind, ...members } = fault;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) return [`${path}.kind must be one of ${Object.keys(KINDS).join(', ')}, got ${shown(kind)}`];
  const rules: Readonly<Record<string, Rule>> = KINDS[kind as Fault['kind']];
  return [
    ...Object.keys(members).filter(name => !Object.hasOwn(rules, name))
      .map(name => `${path}.${name} is not known; ${kind} has ${Object.keys(rules).join(', ')}`),
    ...Object.entries(rules).filter(([name, rule]) => !(rule.optional && members[name] === undefined) && !rule.accepts(members[name]))
      .map(([name, rule]) => `${path}.${name} must be ${rule.expected}, got ${shown(members[name])}`),
  ];
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
