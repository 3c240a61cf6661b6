import type { JournalEntry } from './journal';
import { Journal } from './journal';
import type { ExecutionHost, ExecutionRecord } from '../lifecycle/execution';
import { MutableExecution } from '../lifecycle/execution';
import type { Agent } from '../model/agent';
import type { Location } from '../model/location';
import type { Resource, Store } from '../model/store';
import type { Task } from '../model/task';

/** A task without what has a record of its own. */
type TaskRecord = Omit<Task, 'source' | 'destination' | 'executions'> & { readonly source: string; readonly destination: string };

const STORES = ['agents', 'locations', 'tasks', 'executions'] as const;

/** What is saved. */
interface Resources {
  readonly agents: Store<Agent>;
  readonly offlineAgents: Set<string>;
  readonly locations: Store<Location>;
  readonly tasks: Store<Task>;
  readonly executions: Store<MutableExecution>;
}

/** Saves what the emulator knows in a folder, so that the next one that is started with it knows it too. */
export class SavedState {
  private readonly journal: Journal;
  private entries: readonly JournalEntry[];

  /** @throws Error when the folder cannot be used */
  constructor(folder: string, private readonly resources: Resources) {
    const { journal, entries } = Journal.open(folder);
    this.journal = journal;
    this.entries = entries;
  }

  /** Restores what the folder holds. Executions that had not ended then are as they were: somebody has to end them. */
  public restore(host: ExecutionHost): void {
    for (const kind of [...STORES, 'offlineAgents'] as const) {
      for (const entry of this.entries) {
        if (entry.kind === kind) restore(this.resources, entry, host);
      }
    }
    this.entries = [];
  }

  /** Saves what has become of the resource with that ARN. */
  public save(arn: string): void {
    if (arn.includes(':agent/')) this.saveAgentStatus(arn);
    for (const kind of STORES) {
      const resource = this.resources[kind].find(arn);
      if (resource) return this.journal.write(arn, kind, recordOf(resource));
    }
    this.journal.write(arn, 'deleted', undefined);
  }

  /** Saves the execution, which need not be in the store yet. */
  public saveExecution(execution: MutableExecution): void {
    this.journal.write(execution.arn, 'executions', recordOf(execution));
  }

  public saveAgentStatus(arn: string): void {
    this.journal.write(`offline ${arn}`, 'offlineAgents', this.resources.offlineAgents.has(arn) ? { arn } : undefined);
  }

  /**
   * Runs what changes something, if the change can be saved.
   *
   * @throws ServiceError when it could not be, before anything is changed, or when it has not been
   */
  public async durably<T>(change: () => T | Promise<T>): Promise<T> {
    this.journal.reserve();
    const result = await change();
    this.journal.confirm();
    return result;
  }

  public close(): void {
    this.journal.close();
  }
}

function recordOf(resource: Resource): object {
  if (resource instanceof MutableExecution) return resource.record;
  if (!('executions' in resource)) return resource;
  const { executions: _, ...task } = resource as Task;
  return { ...task, source: task.source.arn, destination: task.destination.arn } satisfies TaskRecord;
}

function restore({ agents, offlineAgents, locations, tasks, executions }: Resources, { kind, value }: JournalEntry, host: ExecutionHost): void {
  switch (kind) {
    case 'agents':
      agents.add(value as Agent);
      return;
    case 'offlineAgents':
      offlineAgents.add((value as { arn: string }).arn);
      return;
    case 'locations':
      locations.add(value as Location);
      return;
    case 'tasks': {
      const record = value as TaskRecord;
      const [source, destination] = [locations.find(record.source), locations.find(record.destination)];
      if (source && destination) tasks.add({ ...record, source, destination, executions: [] });
      return;
    }
    case 'executions': {
      const record = value as ExecutionRecord;
      const task = tasks.find(record.arn.slice(0, record.arn.indexOf('/execution/')));
      if (!task) return; // deleted along with its task
      task.executions.push(executions.add(MutableExecution.restore(record, task, host)));
    }
  }
}
