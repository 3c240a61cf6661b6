import { aDeletionComesAfterItsRun, aRunBeforeTheDeletionIsNotCancelled, runsBefore } from './deletion-invariants';
import { who } from './fake-datasync';
import { STATUS_LAG_MS } from './fake-stack';
import { everRan, isPendingAt, isRunOnDelete, short, statusAt } from './history';
import type { Execution, History, Invocation, Request, Stage } from './history';
import { whatComesAfterStartsAfterASuccess } from './order-invariants';
import { waitsForEnd } from './scenario';
import type { Scenario } from './scenario';
import { aLinkSucceedsAtTheEndOnly, aRollbackNeverWaits, aWaitSucceedsAtTheEndOnly, everyLinkIsAnsweredInTime, noWaitGoesOnForEver } from './wait-invariants';
import { TAG_OWNER, TAG_REQUEST } from '../../../src/task-execution/contract';

export interface Judged {
  readonly history: History;
  readonly scenario: Scenario;
  /** The end of everything. */
  readonly now: number;
  readonly parameter: string;
}

/** What a function must never do, or must always have done. Each gives what is wrong, in words. */
export type Invariant = (judged: Judged) => string[];

const DATASYNC_CALL = /Task|Tags/;
const EXECUTION_ARN = /\/execution\/exec-[0-9a-f]{17}$/;
/** One call may hang so long before it counts as failed; so old can a look at the stack be when the start that follows it is sent. */
const CALL_MS = 20_000;
/** Two deliveries that start within this time of each other cannot see each other's execution: a list lags so long, and a call takes its time. */
const BLIND_MS = 6_000;
/** So long after its start a duplicate execution is sure to be seen, and the one that still waits goes. */
const DUPLICATE_SEEN_MS = 16_000;
/** A call that has failed is repeated after 20 s at the latest. */
const LONGEST_PAUSE_MS = 21_000;
/** A delivery that comes later than this before the deadline cannot be expected to answer in time. */
const TIME_TO_ANSWER_MS = 30_000;

function ours(execution: Execution): execution is Execution & { starter: Invocation } {
  return execution.starter !== 'others';
}

function cancelledByUs(execution: Execution): boolean {
  return execution.cancelledBy !== undefined && execution.cancelledBy !== 'others';
}

function startedFor(history: History, request: Request): Execution[] {
  return history.executions.filter(execution => ours(execution) && execution.starter.request === request);
}

/** The one exception to all promises: nobody was left to keep them. */
function everyDeliveryDied({ invocations }: Request): boolean {
  return invocations.length > 0 && invocations.every(({ end }) => end === 'died');
}

function stackAt({ stages }: History, stackId: string, time: number): Stage | undefined {
  return stages.filter(stage => stage.stackId === stackId && stage.at <= time).at(-1);
}

const isGood = ({ status }: Stage) => status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';

const isRollback = (status: string) => status.includes('ROLLBACK') || status.startsWith('DELETE');

/**
 * The service has no client token: of two deliveries at once both start if it takes both. One of them goes while it waits in the queue, unless
 * nobody can see it there: the first is over before the list shows it, or the function that would look has died or got no answer until then.
 * A second one that was cancelled while it still waited has transferred nothing, and does not count.
 */
function isDuplicateThatNobodyCouldSee(first: Execution, second: Execution): boolean {
  if (!ours(first) || !ours(second) || first.starter === second.starter || second.createdAt - first.createdAt > BLIND_MS) return false;
  const starters = [first.starter, second.starter];
  const died = starters.some(({ end }) => end === 'died' || end === 'timed out');
  return died || !isPendingAt(first, second.createdAt + DUPLICATE_SEEN_MS)
    || starters.some(starter => gotNoAnswer(starter, second.createdAt, endOf(first)));
}

/** Whether DataSync has failed an invocation from one time to another, with no more than the pauses before the next attempt. */
function gotNoAnswer({ faults }: Invocation, from: number, to: number): boolean {
  const failed = faults.filter(({ call, at }) => DATASYNC_CALL.test(call) && from < at && at < to);
  const pauses = [...failed, { at: to }].map(({ at }, n) => at - (failed[n - 1]?.until ?? from));
  return failed.length > 0 && pauses.every(pause => pause <= LONGEST_PAUSE_MS);
}

function endOf({ statuses }: Execution): number {
  return statuses.find(({ status }) => status === 'SUCCESS' || status === 'ERROR')?.at ?? Number.POSITIVE_INFINITY;
}

const atMostOneExecutionPerRequest: Invariant = ({ history }) => {
  const groups = new Map<string, Execution[]>();
  for (const execution of history.executions) {
    if (!ours(execution) || !everRan(execution)) continue;
    const request = execution.starter.request?.id ?? execution.starter.scheduledTime!;
    groups.set(request, [...groups.get(request) ?? [], execution]);
  }
  return [...groups].filter(([, [first, ...others]]) => others.some(other => !isDuplicateThatNobodyCouldSee(first, other)))
    .map(([request, executions]) => `${short(request)} has started ${executions.map(({ arn }) => short(arn)).join(' and ')}`);
};

/**
 * A start may be on its way when its request is closed; the look at the stack right before it must then be from before.
 * By age a request is closed without anybody telling.
 */
const nothingStartsForAClosedRequest: Invariant = ({ history, scenario }) => history.executions.filter(ours).flatMap(({ arn, sentAt, starter }) => {
  const { request, look } = starter;
  if (!request) return [];
  if (request.type === 'Delete' && !runsBefore(request, scenario)) return [`${short(arn)} was started for a Delete`];
  if (sentAt > request.deadline) return [`${short(arn)} was started when ${short(request.id)} was older than its timeout`];
  const closed = request.givenUpAt;
  if (closed === undefined || sentAt <= closed + STATUS_LAG_MS + CALL_MS) return [];
  return [`${short(arn)} was started ${(sentAt - closed) / 1000} s after ${short(request.id)} was given up; the last look at the stack said ${look?.status}`];
});

const nothingStartsInARollbackOrDeletion: Invariant = ({ history, scenario }) => history.executions.filter(ours).flatMap(execution => {
  const { arn, sentAt, starter: { request } } = execution;
  if (!request || runsBefore(request, scenario)) return [];
  const during = history.stages.filter(({ stackId, at }) => stackId === request.stackId && sentAt - CALL_MS < at && at <= sentAt);
  const before = stackAt(history, request.stackId, sentAt - CALL_MS);
  const statuses = [...before ? [before] : [], ...during].map(({ status }) => status);
  return statuses.every(isRollback) ? [`${short(arn)} was started although the stack was ${statuses.join(', ')}`] : [];
});

const everyRequestIsAnsweredInTime: Invariant = ({ history }) => unanswered(history.requests);

/** Those whose functions did not die, and could have answered in time. */
export function unanswered(requests: readonly Request[]): string[] {
  return requests.flatMap(request => {
    if (request.answer) return [];
    if (request.givenUpAt !== undefined && request.givenUpAt < request.deadline) return [];
    if (everyDeliveryDied(request)) return [];
    const inTime = (invocation: Invocation) => invocation.startedAt < request.deadline - TIME_TO_ANSWER_MS;
    const answerable = request.invocations.filter(invocation => invocation.end !== 'died' && inTime(invocation));
    const answerLost = answerable.every(({ faults }) => faults.some(({ call }) => call === 'answer'));
    if (answerable.length === 0 || answerLost) return [];
    return [`${request.type} ${short(request.id)} got no answer, although invocation ${answerable.map(({ n }) => n).join()} did not die`];
  });
}

const noInvocationIsCutOffByItsTimeout: Invariant = ({ history }) =>
  history.invocations.filter(({ end }) => end === 'timed out' || end === undefined).map(({ n, end }) => `invocation ${n} ${end ?? 'never ended'}`);

const anAnswerIsGivenOnce: Invariant = ({ history }) =>
  history.answers.filter(({ alreadyAcknowledged }) => alreadyAcknowledged)
    .map(({ by, answer }) => `invocation ${by.n} answered ${short(answer.RequestId)} again`);

const nobodyIsAnsweredAfterTheTimeout: Invariant = ({ history, scenario }) => history.answers.flatMap(({ at, by, answer }) => {
  if (!scenario.cloudformation.dated) return []; // then nobody can tell
  const request = history.requests.find(({ id }) => id === answer.RequestId)!;
  return at > request.deadline + CALL_MS ? [`invocation ${by.n} answered ${short(request.id)} ${(at - request.deadline) / 1000} s after its time`] : [];
});

/** What has failed, what to do, and where the log is; and an id by which CloudFormation can delete what was begun. */
const aFailureSaysWhy: Invariant = ({ history }) => history.answers.flatMap(({ answer, taken }) => {
  const request = history.requests.find(({ id }) => id === answer.RequestId)!;
  const wrong: string[] = [];
  const id = answer.PhysicalResourceId;
  if (request.type === 'Delete' && id !== request.physicalId) wrong.push(`answers a Delete of ${short(request.physicalId)} with the id ${short(id)}`);
  if (answer.Status === 'FAILED') {
    const reason = answer.Reason ?? '';
    if (!/[.:] .+\./s.test(reason)) wrong.push(`has a reason without a remedy: ${reason}`);
    // The first deployment of a stack that is rolled back takes its log along.
    if (request.type !== 'Create' && !reason.includes('Log: ')) wrong.push(`has a reason that does not say where the log is: ${reason}`);
    if (/unexpected error|undefined|\[object/i.test(reason)) wrong.push(`has a reason that nobody can act on: ${reason}`);
    const own = id === `not-started:${request.id}` || EXECUTION_ARN.test(id);
    // What goes back has begun nothing that a Delete would have to be sent for.
    if (request.type !== 'Delete' && !own && !(isRollback(request.stackStatus) && id === request.physicalId)) wrong.push(`fails with the id ${id}, which is not its own`);
    if (taken && request.type === 'Update' && id === request.physicalId && !isRollback(request.stackStatus)) wrong.push('fails with the id that it came with');
  } else if (request.type === 'Create' && !EXECUTION_ARN.test(id)) {
    wrong.push(`succeeds with the id ${id}`);
  }
  return wrong.map(text => `the answer to ${request.type} ${short(request.id)} ${text}`);
});

const othersAreLeftAlone: Invariant = ({ history }) => history.cancellations.flatMap(({ arn, by, execution }) => {
  if (by === 'others') return [];
  if (!execution) return [];
  if (!ours(execution)) return [`invocation ${by.n} cancelled ${short(arn)}, which somebody else has started`];
  // Those of the schedule and of each start of the stack are not each other's either.
  return execution.starter.request?.logicalId !== by.request?.logicalId ? [`invocation ${by.n} cancelled ${short(arn)} of another owner`] : [];
});

/** After a Delete has been answered, what it was about does not run; what CloudFormation knew nothing of goes with the stack. */
const nothingOfOursRunsAfterADelete: Invariant = ({ history }) => history.requests.flatMap(request => {
  if (request.type !== 'Delete' || request.answer?.Status !== 'SUCCESS') return [];
  const at = request.answeredAt!;
  const id = request.physicalId!;
  const about = (execution: Execution) => {
    if (!ours(execution) || isRunOnDelete(execution)) return false;
    if (execution.starter.request?.stackId !== request.stackId || execution.createdAt > request.sentAt) return false;
    if (execution.arn === id) return true;
    if (id.startsWith('not-started:')) return execution.tags[TAG_REQUEST] === id.slice('not-started:'.length);
    if (execution.starter.request?.logicalId !== request.logicalId) return false;
    if (!request.madeUpFor || !isRollback(request.stackStatus) || execution.taskArn !== request.taskArn) return false;
    // In the rollback of an update there may be other ids of the resource, of what has failed before and of what has succeeded.
    return !request.stackStatus.startsWith('UPDATE_ROLLBACK') || execution.tags[TAG_REQUEST] === request.madeUpFor;
  };
  return history.executions.filter(execution => about(execution) && isPendingAt(execution, at))
    .map(({ arn }) => `${short(arn)} still runs after the Delete ${short(request.id)} of ${short(id)}`);
});

/** At the end of all, what still runs of ours is what CloudFormation holds, or what ran before an operation that failed. */
const nothingIsLeftRunning: Invariant = ({ history, now }) => history.executions.flatMap(execution => {
  if (!ours(execution) || !execution.starter.request || !isPendingAt(execution, now)) return [];
  const { request } = execution.starter;
  if (everyDeliveryDied(request)) return [];
  if (startedFor(history, request).some(first => first !== execution && isDuplicateThatNobodyCouldSee(first, execution))) return [];
  const last = stackAt(history, request.stackId, now)!;
  if (/_FAILED$/.test(last.status) || history.abandoned.has(execution.arn)) return [];
  const held = last.status === 'DELETE_COMPLETE' ? [] : [...last.holds, currentAt(history, request, now)];
  // After a rollback CloudFormation can hold the id of what was rolled back; what runs then is what ran before, with the same settings.
  const before = request.settings === last.held.get(request.logicalId)?.settings && last.status !== 'DELETE_COMPLETE'
    && history.stages.some(stage => stage.stackId === request.stackId && isGood(stage) && idIn(stage, request) === execution.arn);
  return before || held.includes(execution.arn) ? [] : [`${short(execution.arn)} runs on, and belongs to nobody: the stack is ${last.status} and holds ${held.map(short).join()}`];
});

function idIn({ held }: Stage, { logicalId }: Request): string | undefined {
  return held.get(logicalId)?.id;
}

/** The execution that a start had at the end of the last operation; with `--no-rollback` what has succeeded stays. */
function currentAt(history: History, request: Request, time: number): string | undefined {
  const ended = (stage: Stage) => isGood(stage) || /^(CREATE|UPDATE)_FAILED$/.test(stage.status);
  const last = history.stages.filter(stage => stage.stackId === request.stackId && stage.at <= time && ended(stage)).at(-1);
  return last && idIn(last, request);
}

/**
 * Save by the Delete of it, by the deletion of its stack, by an Update for whose start the service found it in the way, and by one whose end is
 * waited for, once that has started the next.
 */
const theCurrentExecutionIsNotCancelled: Invariant = ({ history, scenario }) => history.cancellations.flatMap(({ at, arn, by, execution }) => {
  if (by === 'others' || !by.request || !execution || execution.cancelledAt !== at || !ours(execution)) return [];
  const { request } = by;
  if (request.link) return []; // its time was up
  const owner = execution.starter.request;
  if (!owner || currentAt(history, owner, at) !== arn) return [];
  if (stackAt(history, owner.stackId, at)?.status.startsWith('DELETE')) return []; // with the stack everything goes
  if (request.type === 'Delete' && (request.physicalId === arn || request.stackStatus.startsWith('DELETE'))) return [];
  if (request.type === 'Update' && request.wanted !== 'nothing') {
    const inTheWay = history.refusedStarts.some(refused => refused.at <= at && refused.by !== 'others' && refused.by.request === request);
    const isReplaced = waitsForEnd(scenario, request.logicalId) && startedFor(history, request).some(({ createdAt }) => createdAt <= at);
    const isAttached = waitsForEnd(scenario, request.logicalId) && scenario.ifRunning === 'ATTACH'
      && history.executions.some(other => !ours(other) && other.taskArn === request.taskArn && isPendingAt(other, at));
    if (inTheWay || isReplaced || isAttached || execution.taskArn !== request.taskArn) return [];
  }
  return [`invocation ${by.n} (${request.type} ${short(request.id)}) cancelled ${short(arn)}, the current execution`];
});

/** Whoever is told that it succeeded finds an execution with the settings asked for, which nobody of ours has cancelled. */
const newSettingsRunAfterASuccess: Invariant = ({ history }) => history.requests.flatMap(request => {
  if (request.wanted !== 'start' || request.answer?.Status !== 'SUCCESS') return [];
  const name = `${request.type} ${short(request.id)}`;
  const id = request.answer.PhysicalResourceId;
  const execution = history.executions.find(({ arn }) => arn === id);
  if (!execution) return [`${name} succeeded with ${short(id)}, which is no execution`];
  const wrong: string[] = [];
  if (execution.taskArn !== request.taskArn) wrong.push(`is one of ${short(execution.taskArn)}`);
  if (execution.shape !== request.shape) wrong.push(`transfers ${execution.shape} instead of ${request.shape}`);
  const ranFor = ours(execution) ? execution.starter.request : undefined;
  if (ranFor && ranFor.settings !== request.settings) wrong.push(`was started for ${ranFor.settings} instead of ${request.settings}`);
  if (cancelledByUs(execution) && execution.cancelledAt! <= request.answeredAt!) wrong.push('had been cancelled by us');
  if (!ours(execution) && ['SUCCESS', 'ERROR'].includes(statusAt(execution, request.sentAt) ?? '')) wrong.push('had ended before');
  return wrong.map(text => `${name} succeeded with ${short(id)}, which ${text}`);
});

const whatIsHeldAfterASuccessWasNotCancelled: Invariant = ({ history }) => history.stages.flatMap(({ at, stackId, status, held }) => {
  if (!['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status)) return [];
  const wrong = ([logicalId, { id }]: [string, { id: string }]) => {
    const execution = history.executions.find(({ arn }) => arn === id);
    const isAbout = (request: Request) => request.stackId === stackId && request.logicalId === logicalId && request.type !== 'Delete';
    const last = history.requests.filter(request => isAbout(request) && request.sentAt < at).at(-1);
    const since = last?.wanted === 'start' && last.answer?.PhysicalResourceId === id;
    return since && execution && cancelledByUs(execution) && execution.cancelledAt! <= at;
  };
  return [...held].filter(wrong).map(([, { id }]) => `the stack is ${status} and holds ${short(id)}, which was cancelled by us`);
});

const anUnchangedUpdateStartsNothing: Invariant = ({ history }) => history.requests.filter(({ wanted }) => wanted === 'nothing')
  .flatMap(request => startedFor(history, request).map(({ arn }) => `${request.type} ${short(request.id)} changed nothing, but started ${short(arn)}`));

/** A rollback may give CloudFormation back the id that it held before, when it comes with that of what is undone. */
const anUnchangedUpdateKeepsItsId: Invariant = ({ history }) => history.requests.flatMap(request => {
  const { type, wanted, answer, physicalId, stackId, stackStatus } = request;
  if (type !== 'Update' || wanted !== 'nothing' || answer?.Status !== 'SUCCESS' || answer.PhysicalResourceId === physicalId) return [];
  const back = isRollback(stackStatus)
    && history.stages.some(stage => stage.stackId === stackId && stage.at <= request.sentAt && idIn(stage, request) === answer.PhysicalResourceId);
  return back ? [] : [`Update ${short(request.id)} came with ${short(physicalId)}, and was answered with ${short(answer.PhysicalResourceId)}`];
});

/** Every execution of ours says who asked for it; without that nobody could find it again. */
const everyExecutionIsTagged: Invariant = ({ history }) => history.executions.filter(execution => ours(execution)
  && (!execution.tags[TAG_OWNER] || !execution.tags[TAG_REQUEST])).map(({ arn, starter }) => `${short(arn)} of ${who(starter)} lacks its tags`);

const everyScheduledTimeStartsOrSaysWhy: Invariant = ({ history }) => history.invocations.flatMap(({ n, scheduledTime, end, error, result }) => {
  if (!scheduledTime || end === 'died') return [];
  if (end === 'returned' && !EXECUTION_ARN.test((result as { TaskExecutionArn?: string })?.TaskExecutionArn ?? '')) return [`invocation ${n} returned ${JSON.stringify(result)}`];
  return end === 'threw' && /unexpected error|undefined|^$/i.test(error ?? '') ? [`invocation ${n} failed without a reason: ${error}`] : [];
});

/** The latest execution is the one that has started last, however late its scheduled time was delivered. */
const theParameterHoldsTheLatest: Invariant = ({ history, parameter }) => {
  const find = (arn?: string) => history.executions.find(execution => execution.arn === arn);
  const writes = history.parameterWrites.map(({ value, by }) => ({ execution: find(value), by }));
  if (writes.some(({ execution }) => !execution)) return ['something was written to the parameter that is no execution'];
  const returned = history.invocations.filter(({ scheduledTime, end }) => scheduledTime && end === 'returned')
    .map(({ result }) => find((result as { TaskExecutionArn?: string }).TaskExecutionArn)).filter(execution => execution !== undefined);
  const second = ({ createdAt }: Execution) => Math.floor(createdAt / 1000); // the service tells no more
  const kept = find(parameter);
  // Those of another task come and go with it: a rollback leads back to the task of before, and so to its executions.
  // A deleted task has none.
  const latest = returned.filter(({ taskArn, goneAt }) => taskArn === kept?.taskArn && goneAt === undefined)
    .sort((a, b) => a.createdAt - b.createdAt).at(-1);
  return writes.length > 0 && latest && kept && second(kept) < second(latest)
    ? [`the parameter holds ${short(kept.arn)}, although ${short(latest.arn)} has started later`] : [];
};

export const invariants = {
  atMostOneExecutionPerRequest,
  nothingStartsForAClosedRequest,
  nothingStartsInARollbackOrDeletion,
  everyRequestIsAnsweredInTime,
  noInvocationIsCutOffByItsTimeout,
  anAnswerIsGivenOnce,
  nobodyIsAnsweredAfterTheTimeout,
  aFailureSaysWhy,
  othersAreLeftAlone,
  nothingOfOursRunsAfterADelete,
  nothingIsLeftRunning,
  theCurrentExecutionIsNotCancelled,
  aDeletionComesAfterItsRun,
  aRunBeforeTheDeletionIsNotCancelled,
  newSettingsRunAfterASuccess,
  aWaitSucceedsAtTheEndOnly,
  noWaitGoesOnForEver,
  aLinkSucceedsAtTheEndOnly,
  aRollbackNeverWaits,
  whatComesAfterStartsAfterASuccess,
  everyLinkIsAnsweredInTime,
  whatIsHeldAfterASuccessWasNotCancelled,
  anUnchangedUpdateStartsNothing,
  anUnchangedUpdateKeepsItsId,
  everyExecutionIsTagged,
  everyScheduledTimeStartsOrSaysWhy,
  theParameterHoldsTheLatest,
} satisfies Record<string, Invariant>;
