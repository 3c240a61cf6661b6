import type { AddressInfo } from 'node:net';
import type { FaultControl } from './faults/plan';
import { setAgentStatus } from './lifecycle/agent-status';
import type { EmulatorOptions } from './options';
import { checkedOptions } from './options';
import type { Provisioned, ProvisionOptions, ProvisionSource } from './provision/types';
import { createApiServer } from './server';
import { createState } from './state';

export { ManualClock } from './clock';
export type { Clock } from './clock';
export type { StateChangeEvent } from './model/events';
export type { TaskUnavailability } from './model/task-availability';
export type { Fault, FaultControl, FaultPlan } from './faults/plan';
export type { EmulatorOptions } from './options';
export type {
  ConstructLike, ExecutionCounters, ExecutionResult, IgnoredResource, Provisioned, ProvisionedLocation, ProvisionedTask, ProvisionOptions,
  ProvisionSource, ResourceLike, RunOverrides, StackLike, TemplateLike,
} from './provision/types';

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
  return require('./provision/provision').provision; // eslint-disable-line @typescript-eslint/no-require-imports -- an import would load it at once
}
