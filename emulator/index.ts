import { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { State } from './api/context';
import { startExecution } from './api/start-execution';
import { checkedOptions } from './checks';
import { Clock, systemClock } from './clock';
import { Faults } from './faults/faults';
import { FaultControl, FaultPlan } from './faults/plan';
import { offlineImpediment, setAgentStatus } from './lifecycle/agent-status';
import { MutableExecution } from './lifecycle/execution';
import { FailedItems } from './lifecycle/failed-items';
import { ItemLists } from './lifecycle/item-lists';
import { launch } from './lifecycle/launch';
import { ContentAccess, openLocation } from './lifecycle/open-location';
import { ExecutionQueue } from './lifecycle/queue';
import { s3Access } from './local-services/s3-access';
import { ofScope } from './local-services/scope-access';
import { Agent, agentNotFound } from './model/agent';
import { scopeOfArn } from './model/arns';
import { executionNotFound } from './model/execution';
import { stateChangeEvent, StateChangeEvent } from './model/events';
import { Location, locationNotFound } from './model/location';
import { parseMounts } from './model/mounts';
import { Store } from './model/store';
import { agentsOf, Task, taskNotFound, taskStatus } from './model/task';
import { TaskImpediment } from './model/task-availability';
import { EventBus } from './observe/event-bus';
import { Logs } from './observe/logs';
import { Keeper } from './persistence/keeper';
import type { Provisioned, ProvisionOptions, ProvisionSource } from './provision/types';
import { Scheduler } from './schedule/scheduler';
import { createApiServer } from './server';

export { ManualClock } from './clock';
export type { Clock } from './clock';
export type { StateChangeEvent } from './model/events';
export type { TaskImpediment } from './model/task-availability';
export type { Fault, FaultControl, FaultPlan } from './faults/plan';
export type {
  ConstructLike, ExecutionCounters, ExecutionResult, IgnoredResource, Provisioned, ProvisionedLocation, ProvisionedTask, ProvisionOptions,
  ProvisionSource, ResourceLike, RunOverrides, StackLike, TemplateLike,
} from './provision/types';

/** How to start an emulator. */
export interface EmulatorOptions {
  /** Port on loopback; 0 takes any that is free. @default 4580 */
  readonly port?: number;

  /** Folder that holds the content of every file system location, `<root>/<kind>/<host or file system id>/<subdirectory>`. */
  readonly root: string;

  /**
   * Folders elsewhere that stand in for file systems: what a location's URI begins with, such as `nfs://host/export`, and the folder.
   * The longest beginning wins. @default - everything is below `root`
   */
  readonly mounts?: Readonly<Record<string, string>>;

  /** URL of the S3 endpoint that S3 locations are reached through. @default AWS_ENDPOINT_URL_S3, else the bucket is the folder `<root>/s3/<bucket>` */
  readonly s3Endpoint?: string;

  /**
   * URL of a Blob endpoint that holds the containers of Azure, as Azurite is one: `<endpoint>/<account>/<container>`.
   * @default - they are folders below `root`
   */
  readonly azureEndpoint?: string;

  /**
   * URL of an endpoint that has Secrets Manager, for locations whose keys are a secret of the caller's own.
   * @default AWS_ENDPOINT_URL_SECRETS_MANAGER, else such secrets are refused where they are needed
   */
  readonly secretsEndpoint?: string;

  /** The clock that schedules, retention and all reported times go by; `ManualClock` is one that tests move. @default the machine's */
  readonly clock?: Clock;

  /**
   * Folder in which everything that the emulator knows is kept, so that it is still there when the next one starts with it, even if this one
   * is killed. Secrets of locations are in it too: only its owner can read it. @default - nothing outlives the emulator
   */
  readonly stateFolder?: string;

  /** URL of an endpoint that has EventBridge, for the state changes. @default - they go to `onEvent` alone */
  readonly eventsEndpoint?: string;

  /** What the events at that endpoint say they come from. EventBridge itself takes none from `aws.*`. @default local.datasync */
  readonly eventsSource?: string;

  /** URL of an endpoint that has CloudWatch Logs, for the logs of executions. @default - they go to `logFolder` */
  readonly logsEndpoint?: string;

  /** Folder for the logs of executions, `<group>/<stream>.log`. @default - none are written */
  readonly logFolder?: string;

  /** What is to go wrong on purpose. @default nothing */
  readonly faults?: FaultPlan;

  /** Gets every state change of agents, locations, tasks and executions, as EventBridge would deliver it. */
  onEvent?(event: StateChangeEvent): void;

  /** Makes a task CREATING or UNAVAILABLE for as long as it says so. For tests of clients. @default every task can be started at once */
  impedimentOf?(taskArn: string): TaskImpediment | undefined;
}

/** A running emulator. */
export interface Emulator {
  readonly url: string;
  readonly port: number;

  /** What goes wrong on purpose, to look at and to replace. */
  readonly faults: FaultControl;

  /**
   * Switches an agent off or on: with one of its agents offline, a task is UNAVAILABLE and cannot be started, and what it runs ends in ERROR.
   * The agent does not have to be created: every agent that a location names is online until it is switched off. Throws when none does.
   */
  setAgentStatus(agentArn: string, status: 'ONLINE' | 'OFFLINE'): void;

  /**
   * Creates what a stack of a CDK app has of DataSync, starts what it starts on deploy, and waits for the end of that. The source is a stack, a
   * template, the path of one, or the folder of a cloud assembly, of which it takes all stacks. Nothing else of the stack is created.
   *
   * Rejects with an error that has a line for everything that cannot be resolved, created or started. What was created stays.
   */
  provision(source: ProvisionSource, options?: ProvisionOptions): Promise<Provisioned>;

  /** Cancels what runs, waits for it and lets the port go. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Starts a server that speaks the API of AWS DataSync on loopback and really copies.
 *
 * What it copied stays where it was copied to; everything else lives in memory, and in the state folder if there is one.
 *
 * Rejects when an option or the fault plan is wrong, when the port is taken, or when the state folder cannot be used.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { state, release } = createState(checkedOptions(options));
  const server = createApiServer(state);
  await new Promise<void>((listening, failed) => {
    server.once('error', error => void release().then(() => failed(error)));
    server.listen(options.port ?? 4580, LOOPBACK, () => {
      server.removeAllListeners('error');
      listening();
    });
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${LOOPBACK}:${port}`;
  return {
    url,
    port,
    faults: state.faults,
    setAgentStatus: (agentArn, status) => void setAgentStatus(state, agentArn, status),
    provision: async (source, provisionOptions) => loadProvision()(url, source, provisionOptions),
    close: async () => {
      const closed = new Promise(done => server.close(done));
      server.closeAllConnections();
      state.scheduler.close();
      await Promise.all([closed, state.queue.close()]);
      await release();
    },
  };
}

/** With it come the handlers and their client: nothing else needs them, and to load them takes as long as everything else. */
function loadProvision(): typeof import('./provision/provision')['provision'] {
  return require('./provision/provision').provision; // eslint-disable-line @typescript-eslint/no-require-imports
}

function createState(options: EmulatorOptions): { readonly state: State; release(): Promise<void> } {
  let keeper: Keeper | undefined;
  const { root, s3Endpoint, clock = systemClock, faults: plan, onEvent, impedimentOf } = options;
  const faults = new Faults(() => [...state.tasks].forEach(publishTaskStatus));
  const bus = options.eventsEndpoint ? new EventBus({ endpoint: options.eventsEndpoint, source: options.eventsSource }) : undefined;
  const published = new WeakMap<Task, string>();
  const publish = (detailType: StateChangeEvent['detail-type'], arn: string, status: string) => {
    const event = stateChangeEvent(detailType, arn, status, clock.now());
    if (faults.losesEvent(event)) return;
    bus?.send(event);
    try {
      onEvent?.(event);
    } catch (error) {
      // The subscriber's trouble must not become the execution's.
      console.error(error);
    }
  };
  const offlineAgents = new Set<string>();
  const impedimentOfTask = (task: Task) => impedimentOf?.(task.arn) ?? faults.impedimentOf(task) ?? offlineImpediment(agentsOf(task), offlineAgents);
  const statusOf = (task: Task) => impedimentOfTask(task)?.status ?? taskStatus(task, state.queue.isAgentBusy(task));
  const publishTaskStatus = (task: Task) => {
    const status = statusOf(task);
    if (published.get(task) === status || status === 'CREATING') return; // there is no event of the latter
    published.set(task, status);
    publish('DataSync Task State Change', task.arn, status);
  };
  const access: ContentAccess = {
    root: resolve(root),
    mounts: parseMounts(options.mounts ?? {}),
    azureEndpoint: options.azureEndpoint,
    s3: s3Endpoint ? s3Access(s3Endpoint) : undefined,
  };
  const state: State = {
    ...access,
    secretsEndpoint: options.secretsEndpoint,
    agents: new Store<Agent>(agentNotFound),
    clock,
    offlineAgents,
    faults,
    locations: new Store<Location>(locationNotFound),
    tasks: new Store<Task>(taskNotFound),
    executions: new Store<MutableExecution>(executionNotFound),
    queue: new ExecutionQueue(execution => launch(execution, state)),
    scheduler: new Scheduler(clock, task => startExecution(state, task), task => state.keep(task.arn)),
    keep: arn => keeper?.note(arn),
    keeping: async change => {
      keeper?.reserve();
      const result = await change();
      keeper?.confirm();
      return result;
    },
    itemLists: new ItemLists(),
    logs: new Logs({ clock, endpoint: options.logsEndpoint, folder: options.logFolder }),
    failedItems: new FailedItems(),
    openLocation: location => openLocation(location, { ...access, s3: ofScope(access.s3, scopeOfArn(location.arn)) }),
    impedimentOf: impedimentOfTask,
    statusOf,
    publishTaskStatus,
    publishLocationCreated: arn => ['ADDING', 'AVAILABLE'].forEach(status => publish('DataSync Location State Change', arn, status)),
    publishAgentStatus: (arn, status) => {
      keeper?.noteAgentStatus(arn);
      publish('DataSync Agent State Change', arn, status);
    },
    publishExecutionStatus: execution => {
      keeper?.noteExecution(execution);
      publish('DataSync Task Execution State Change', execution.arn, execution.status);
      const { task, agents } = execution;
      publishTaskStatus(task);
      for (const other of state.tasks) {
        if (other !== task && agentsOf(other).some(arn => agents.includes(arn))) publishTaskStatus(other);
      }
      if (!execution.isPending) state.scheduler.ended(execution);
    },
  };
  if (plan) faults.replace(plan);
  if (options.stateFolder !== undefined) {
    keeper = new Keeper(options.stateFolder, state);
    [...state.executions].forEach(execution => execution.interrupt());
  }
  return {
    state,
    release: async () => {
      state.scheduler.close();
      keeper?.close();
      await Promise.all([bus?.close(), state.logs.close()]);
    },
  };
}
