import { resolve } from 'node:path';
import type { AgentStatus, TaskStatus } from '@aws-sdk/client-datasync';
import { systemClock } from './clock';
import { Faults } from './faults/faults';
import { Activation } from './lifecycle/activation';
import { unavailabilityByAgents } from './lifecycle/agent-status';
import type { ExecutionHost, MutableExecution } from './lifecycle/execution';
import { FailedItems } from './lifecycle/failed-items';
import { ItemLists } from './lifecycle/item-lists';
import type { LaunchHost } from './lifecycle/launch';
import { launch } from './lifecycle/launch';
import type { ContentAccess } from './lifecycle/open-location';
import { openLocation } from './lifecycle/open-location';
import { ExecutionQueue } from './lifecycle/queue';
import { startExecution } from './lifecycle/start-execution';
import { s3Access } from './local-services/s3-access';
import { ofScope } from './local-services/scope-access';
import type { Agent } from './model/agent';
import { agentNotFound } from './model/agent';
import { scopeOfArn } from './model/arns';
import { executionNotFound } from './model/execution';
import type { Location } from './model/location';
import { locationNotFound } from './model/location';
import { parseMounts } from './model/mounts';
import { Store } from './model/store';
import type { Task } from './model/task';
import { agentsOf, taskNotFound, taskStatus } from './model/task';
import type { TaskUnavailability } from './model/task-availability';
import { EventBus } from './observe/event-bus';
import { Logs } from './observe/logs';
import { StateChanges } from './observe/state-changes';
import type { EmulatorOptions } from './options';
import { SavedState } from './persistence/saved-state';
import { Scheduler } from './schedule/scheduler';

/** Everything that the emulator knows and does, shared by all requests. */
export interface State extends ContentAccess, ExecutionHost, LaunchHost {
  /** Where secrets of the callers' own are read. */
  readonly secretsEndpoint?: string;
  readonly agents: Store<Agent>;
  /** Agents that are offline. An agent that locations name but nobody created can be one of them. */
  readonly offlineAgents: Set<string>;
  /** The machines of agents, and the keys that they gave. */
  readonly activation: Activation;
  readonly locations: Store<Location>;
  readonly tasks: Store<Task>;
  readonly executions: Store<MutableExecution>;
  readonly queue: ExecutionQueue;
  readonly scheduler: Scheduler;
  /** Has to be called for everything that was made, changed or deleted, which is then in the state folder, if there is one. */
  save(arn: string): void;
  /** Runs what changes something, if the change can be saved; fails when it could not be. Throws `InternalException` then. */
  durably<T>(change: () => T | Promise<T>): Promise<T>;
  /** What keeps a task from being started, if anything does. */
  unavailabilityOf(task: Task): TaskUnavailability | undefined;
  /** The task's status, unavailability included. */
  statusOf(task: Task): TaskStatus;
  /** Tells the subscriber about a new location. */
  publishLocationCreated(arn: string): void;
  /** Tells the subscriber about a new status of an agent. */
  publishAgentStatus(arn: string, status: AgentStatus): void;
  /** Tells the subscriber about the status of the task, if it has changed. */
  publishTaskStatus(task: Task): void;
}

/**
 * Builds the parts of an emulator, each from those before it, and restores what the state folder holds.
 *
 * @throws Error when the fault plan is wrong, a mount leads nowhere, or the state folder cannot be used
 */
export function createState(options: EmulatorOptions): { readonly state: State; release(): Promise<void> } {
  const { clock = systemClock, onEvent, stateFolder } = options;
  const access: ContentAccess = {
    root: resolve(options.root),
    mounts: parseMounts(options.mounts ?? {}),
    azureEndpoint: options.azureEndpoint,
    s3: options.s3Endpoint ? s3Access(options.s3Endpoint) : undefined,
  };
  const faults = new Faults();
  if (options.faults) faults.replace(options.faults);

  const resources = {
    agents: new Store<Agent>(agentNotFound),
    offlineAgents: new Set<string>(),
    locations: new Store<Location>(locationNotFound),
    tasks: new Store<Task>(taskNotFound),
    executions: new Store<MutableExecution>(executionNotFound),
  };
  const { offlineAgents, tasks, executions } = resources;
  const saved = stateFolder === undefined ? undefined : new SavedState(stateFolder, resources);

  const launchHost: LaunchHost = {
    clock,
    faults,
    s3: access.s3,
    logs: new Logs({ clock, endpoint: options.logsEndpoint, folder: options.logFolder }),
    failedItems: new FailedItems(),
    itemLists: new ItemLists(),
    openLocation: location => openLocation(location, { ...access, s3: ofScope(access.s3, scopeOfArn(location.arn)) }),
  };
  const queue = new ExecutionQueue(execution => launch(execution, launchHost));

  const unavailabilityOf = (task: Task) => options.unavailabilityOf?.(task.arn)
    ?? faults.unavailabilityOf(task) ?? unavailabilityByAgents(agentsOf(task), offlineAgents);
  const statusOf = (task: Task) => unavailabilityOf(task)?.status ?? taskStatus(task, queue.isAgentBusy(task));
  const bus = options.eventsEndpoint ? new EventBus({ endpoint: options.eventsEndpoint, source: options.eventsSource }) : undefined;
  const changes = new StateChanges({ clock, faults, tasks, statusOf, bus, onEvent });
  faults.onChange(() => [...tasks].forEach(task => changes.task(task)));

  const executionHost: ExecutionHost = {
    clock,
    offlineAgents,
    publishExecutionStatus: execution => {
      saved?.saveExecution(execution);
      changes.execution(execution);
    },
  };
  const startHost = { ...executionHost, s3: access.s3, queue, executions, unavailabilityOf };
  const scheduler = new Scheduler(clock, task => startExecution(startHost, task), task => saved?.save(task.arn));
  changes.onExecutionEnd(execution => scheduler.ended(execution));

  const state: State = {
    ...access,
    ...launchHost,
    ...executionHost,
    ...resources,
    activation: new Activation(clock),
    secretsEndpoint: options.secretsEndpoint,
    queue,
    scheduler,
    save: arn => saved?.save(arn),
    durably: async change => saved ? saved.durably(change) : change(),
    unavailabilityOf,
    statusOf,
    publishTaskStatus: task => changes.task(task),
    publishLocationCreated: arn => changes.locationCreated(arn),
    publishAgentStatus: (arn, status) => {
      saved?.saveAgentStatus(arn);
      changes.agent(arn, status);
    },
  };
  saved?.restore(executionHost);
  [...tasks].forEach(task => scheduler.arm(task));
  [...executions].forEach(execution => execution.interrupt());
  return {
    state,
    release: async () => {
      scheduler.close();
      saved?.close();
      await Promise.all([bus?.close(), launchHost.logs.close()]);
    },
  };
}
