import { Entry, Journal } from './journal';
import type { State } from '../api/context';
import { ExecutionRecord, MutableExecution } from '../lifecycle/execution';
import type { Agent } from '../model/agent';
import type { Location } from '../model/location';
import type { Resource } from '../model/store';
import type { Task } from '../model/task';

/** A task without what has a record of its own. */
type TaskRecord = Omit<Task, 'source' | 'destination' | 'executions'> & { readonly source: string; readonly destination: string };

const STORES = ['agents', 'locations', 'tasks', 'executions'] as const;

/** Keeps what the emulator knows in a folder, so that the next one that is started with it knows it too. */
export class Keeper {
  private readonly journal: Journal;

  /**
   * Restores what the folder holds. Executions that had not ended then are as they were: somebody has to end them.
   *
   * @throws Error when the folder cannot be used
   */
  constructor(folder: string, private readonly state: State) {
    const { journal, entries } = Journal.open(folder);
    this.journal = journal;
    for (const kind of [...STORES, 'offlineAgents'] as const) {
      for (const entry of entries) {
        if (entry.kind === kind) restore(state, entry);
      }
    }
  }

  /** Notes what has become of the resource with that ARN. */
  note(arn: string): void {
    if (arn.includes(':agent/')) this.noteAgentStatus(arn);
    for (const kind of STORES) {
      const resource = this.state[kind].find(arn);
      if (resource) return this.journal.write(arn, kind, recordOf(resource));
    }
    this.journal.write(arn, 'deleted', undefined);
  }

  /** Notes the execution, which need not be in the store yet. */
  noteExecution(execution: MutableExecution): void {
    this.journal.write(execution.arn, 'executions', recordOf(execution));
  }

  noteAgentStatus(arn: string): void {
    this.journal.write(`offline ${arn}`, 'offlineAgents', this.state.offlineAgents.has(arn) ? { arn } : undefined);
  }

  /** Tells whether what changes next can be kept, before it changes. @throws ServiceError when it cannot */
  reserve(): void {
    this.journal.reserve();
  }

  /** Tells whether everything that changed is kept. @throws ServiceError when it is not */
  confirm(): void {
    this.journal.confirm();
  }

  close(): void {
    this.journal.close();
  }
}

function recordOf(resource: Resource): object {
  if (resource instanceof MutableExecution) return resource.record;
  if (!('executions' in resource)) return resource;
  const { executions: _, ...task } = resource as Task;
  return { ...task, source: task.source.arn, destination: task.destination.arn } satisfies TaskRecord;
}

function restore(state: State, { kind, value }: Entry): void {
  switch (kind) {
    case 'agents':
      state.agents.add(value as Agent);
      return;
    case 'offlineAgents':
      state.offlineAgents.add((value as { arn: string }).arn);
      return;
    case 'locations':
      state.locations.add(value as Location);
      return;
    case 'tasks': {
      const record = value as TaskRecord;
      const [source, destination] = [state.locations.find(record.source), state.locations.find(record.destination)];
      if (source && destination) state.scheduler.arm(state.tasks.add({ ...record, source, destination, executions: [] }));
      return;
    }
    case 'executions': {
      const record = value as ExecutionRecord;
      const task = state.tasks.find(record.arn.slice(0, record.arn.indexOf('/execution/')));
      if (!task) return; // deleted along with its task
      task.executions.push(state.executions.add(MutableExecution.restore(record, task, state)));
    }
  }
}
