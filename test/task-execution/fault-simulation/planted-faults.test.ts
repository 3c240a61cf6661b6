import { HANDLERS } from './simulate';
import type { Handlers } from './simulate';
import { simulateMany } from './simulate-many';
import type { Services } from '../../../src/task-execution/handler/datasync/services';

jest.setTimeout(600_000); // of real time

/** Within so many scenarios a fault has to be found: the seeds below are of scenarios that find it, until the choices of a scenario change. */
const SCENARIOS = 4_000;

type Command = { constructor: { name: string }; input: any };
type Send = (command: Command, options?: object) => Promise<any>;

/** The handlers of today with something between them and their services, which makes them worse. */
function worse(change: (services: Services) => Partial<Services>, changeEvent: (event: any) => any = event => event): Handlers {
  const wrap = (services: Services): Services => ({ ...services, ...change(services) });
  return {
    handleEvent: (event, context, services) => HANDLERS.handleEvent(changeEvent(event), context, wrap(services)),
    handleStep: (step, context, services) => HANDLERS.handleStep(step, context, wrap(services)),
    handleSchedule: (payload, context, services) => HANDLERS.handleSchedule(payload, context, wrap(services)),
  };
}

function sending(change: (send: Send, command: Command, options?: object) => Promise<unknown>): (services: Services) => Partial<Services> {
  return services => {
    const send = services.datasync.send.bind(services.datasync) as unknown as Send;
    return { datasync: { send: (command: Command, options?: object) => change(send, command, options) } as unknown as Services['datasync'] };
  };
}

function answering(change: (answer: any) => any): (services: Services) => Partial<Services> {
  return services => ({ put: (url, body, signal) => services.put(url, JSON.stringify(change(JSON.parse(body))), signal) });
}

const nameOf = (command: Command) => command.constructor.name.replace(/Command$/, '');

const FAULTS: Array<[name: string, invariant: string, seed: number, handlers: Handlers]> = [
  ['does not look at the stack', 'nothingStartsForAClosedRequest', 36, worse(services => ({
    stack: async () => ({ status: 'UPDATE_IN_PROGRESS' }), now: services.now,
  }))],
  ['does not read the date of a request', 'nobodyIsAnsweredAfterTheTimeout', 12, worse(() => ({}), event => ({
    ...event, ResponseURL: event.ResponseURL.split('?')[0],
  }))],
  ['does not look for what an earlier attempt has started', 'atMostOneExecutionPerRequest', 8, worse(sending(async (send, command, options) => {
    const answer = await send(command, options);
    if (nameOf(command) === 'ListTaskExecutions') return { TaskExecutions: [] };
    return nameOf(command) === 'DescribeTask' ? { ...answer, CurrentTaskExecutionArn: undefined, Status: 'AVAILABLE' } : answer;
  }))],
  ['starts without tags', 'everyExecutionIsTagged', 8, worse(sending((send, command, options) => {
    if (nameOf(command) === 'StartTaskExecution') command.input.Tags = [];
    return send(command, options);
  }))],
  ['takes everything for its own', 'othersAreLeftAlone', 63, worse(sending(async (send, command, options) => {
    const answer = await send(command, options);
    return nameOf(command) === 'ListTagsForResource' && answer.Tags.length === 0
      ? { Tags: [{ Key: 'cdk-datasync:owner', Value: 'arn:aws:cloudformation:us-east-1:000000000000:stack/App/6b2d0f2e-0000-1111-2222-000000000001/SeedExecution' }] }
      : answer;
  }))],
  ['starts whatever it is told', 'newSettingsRunAfterASuccess', 8, worse(sending((send, command, options) => {
    if (nameOf(command) === 'StartTaskExecution') delete command.input.Includes;
    return send(command, options);
  }))],
  ['never cancels', 'nothingOfOursRunsAfterADelete', 16, worse(sending(async (send, command, options) => {
    if (nameOf(command) === 'CancelTaskExecution') return {};
    const answer = await send(command, options);
    return nameOf(command) === 'DescribeTaskExecution' ? { ...answer, Status: 'SUCCESS' } : answer;
  }))],
  ['thinks that all has changed', 'anUnchangedUpdateStartsNothing', 42, worse(sending(async (send, command, options) => {
    const answer = await send(command, options);
    return nameOf(command) === 'ListTagsForResource'
      ? { Tags: answer.Tags.filter(({ Key }: { Key: string }) => Key !== 'cdk-datasync:values') } : answer;
  }), event => event.OldResourceProperties ? { ...event, OldResourceProperties: { ...event.OldResourceProperties, Triggers: { data: 'other' } } } : event)],
  ['thinks that nothing has changed', 'newSettingsRunAfterASuccess', 9, worse(() => ({}), event => event.RequestType === 'Update'
    ? { ...event, ResourceProperties: event.OldResourceProperties } : event)],
  ['fails with one id for all', 'aFailureSaysWhy', 13, worse(answering(answer => answer.PhysicalResourceId.startsWith('not-started')
    ? { ...answer, PhysicalResourceId: 'not-started' } : answer))],
  ['fails without a remedy', 'aFailureSaysWhy', 13, worse(answering(answer => answer.Status === 'FAILED' ? { ...answer, Reason: 'it failed' } : answer))],
  ['sees the end of what it waits for too early', 'aWaitSucceedsAtTheEndOnly', 9, worse(sending(async (send, command, options) => {
    const answer = await send(command, options);
    return nameOf(command) === 'DescribeTaskExecution' && answer.Status === 'LAUNCHING' ? { ...answer, Status: 'SUCCESS' } : answer;
  }))],
  ['sees the end of what a link waits for too early', 'aLinkSucceedsAtTheEndOnly', 11, worse(sending(async (send, command, options) => {
    const answer = await send(command, options);
    return nameOf(command) === 'DescribeTaskExecution' && answer.Status === 'LAUNCHING' ? { ...answer, Status: 'SUCCESS' } : answer;
  }))],
  ['tells what comes after it too early', 'whatComesAfterStartsAfterASuccess', 1, worse(sending(async (send, command, options) => {
    const answer = await send(command, options);
    return nameOf(command) === 'DescribeTaskExecution' && answer.Status === 'LAUNCHING' ? { ...answer, Status: 'SUCCESS' } : answer;
  }))],
  ['takes what another start of the stack has started for its own', 'othersAreLeftAlone', 1, worse(() => ({}), event => event.LogicalResourceId
    ? { ...event, LogicalResourceId: 'Start' } : event)],
  ['lets a link wait on the way back', 'aRollbackNeverWaits', 324, worse(services => ({
    stack: async (stackId, signal) => {
      const state = await services.stack(stackId, signal);
      return state.status === 'UPDATE_ROLLBACK_IN_PROGRESS' ? { ...state, status: 'UPDATE_IN_PROGRESS' } : state;
    },
  }))],
  ['deletes without the run before it', 'aDeletionComesAfterItsRun', 16, worse(() => ({}), event => event.RequestType === 'Delete'
    ? { ...event, ResourceProperties: { ...event.ResourceProperties, OnDelete: undefined } } : event)],
  ['takes every Delete for the deletion of the stack', 'nothingStartsInARollbackOrDeletion', 48, worse(services => ({
    stack: async (stackId, signal) => {
      const state = await services.stack(stackId, signal);
      return state.status === 'ROLLBACK_IN_PROGRESS' ? { status: 'DELETE_IN_PROGRESS' } : state;
    },
  }))],
  ['hands over and forgets', 'everyRequestIsAnsweredInTime', 9, worse(services => ({
    states: async (operation, input, signal) => operation === 'StartExecution' ? {} : services.states(operation, input, signal),
  }))],
  ['answers twice', 'anAnswerIsGivenOnce', 8, worse(services => ({
    put: async (url, body, signal) => {
      await services.put(url, body, signal);
      return services.put(url, body, signal);
    },
  }))],
  ['answers to nobody', 'everyRequestIsAnsweredInTime', 8, worse(() => ({ put: async () => 200 }))],
  ['writes what came last', 'theParameterHoldsTheLatest', 3485, worse(() => ({ getParameter: async () => undefined }))],
];

describe('the random scenarios of the fault simulation', () => {
  test.each(FAULTS)('find a function that %s', async (_, invariant, seed, handlers) => {
    const { violations } = await simulateMany(seed, SCENARIOS, handlers, invariant);
    expect(violations.get(invariant) ?? 0).toBeGreaterThan(0);
  });
});
