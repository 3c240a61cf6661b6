import type { Requests } from './custom-resource';
import type { FakeDataSync } from './fake-datasync';
import { FakeLinks } from './fake-links';
import { FakeResource } from './fake-resource';
import type { Situation } from './fake-resource';
import type { History } from './history';
import { short } from './history';
import { FIRST, SECOND } from './scenario';
import type { Scenario } from './scenario';
import { settingsOf } from './template';
import type { Template } from './template';
import type { StackState } from '../../../src/custom-resource/services';
import type { VirtualClock } from '../../custom-resource/fault-simulation/clock';
import type { Network } from '../../custom-resource/fault-simulation/network';

/** "The cancel of a resource in flight and the stack's ROLLBACK event are within about a second" (protocol 1.15). */
export const STATUS_LAG_MS = 1_000;
/** "CloudFormation tries three times" to delete what an update has replaced (protocol, section 6). */
const CLEANUP_ATTEMPTS = 3;

/** What CloudFormation knows of a stack, and the steps that its operations are made of. */
export class FakeStack {
  protected stackId = '';
  protected stacks = 0;
  protected status = 'none';
  protected readonly ended = new Map<string, string>();
  protected lastUpdatedTime?: number;
  protected operationId?: string;
  protected operationTypes: string[] = [];
  protected taskArn?: string;
  protected policySince = 0;
  protected taskPolicySince = 0;
  /** The task of the second start, if it has one of its own. */
  protected secondTask?: string;
  protected deployments = 0;
  protected operations = 0;
  protected wish: Template = { filter: false, option: false, folder: false, trigger: false, label: false, taskArn: '', deployment: 0, logicalId: FIRST };
  protected secondWish: Template = { ...this.wish, logicalId: SECOND };
  protected disturbance?: Promise<void>;
  protected disturbed = false;
  protected disarm?: () => void;
  protected readonly first: FakeResource;
  protected readonly second?: FakeResource;
  protected readonly links: FakeLinks;
  protected readonly situation: () => Situation;

  constructor(
    protected readonly clock: VirtualClock, protected readonly history: History, protected readonly scenario: Scenario,
    protected readonly network: Network, protected readonly datasync: FakeDataSync, protected readonly requests: Requests,
  ) {
    this.links = new FakeLinks(scenario, requests);
    this.situation = () => ({ stackId: this.stackId, status: this.status, operation: this.operations, disturbance: this.disturbance });
    this.first = new FakeResource(clock, history, scenario, requests, this.situation);
    if (scenario.second) this.second = new FakeResource(clock, history, scenario, requests, this.situation);
  }

  public get currentTask(): string | undefined { return this.taskArn; }

  /** DescribeStacks; by its id a deleted stack is found as well. */
  public describe(stackId: string): StackState {
    if (stackId !== this.stackId) return { status: this.ended.get(stackId) ?? 'DELETE_COMPLETE' };
    const { status, lastUpdatedTime, operationId: operation, operationTypes } = this;
    return { status, lastUpdatedTime, ...this.scenario.cloudformation.operationIds && { operation, operationTypes } };
  }

  /**
   * A policy takes a while until it is known everywhere. It is written anew when the task changes; until that is known the one before counts
   * (IAM user guide, "eventual consistency"), so that what both allow is allowed all the time.
   */
  public denied(call: string, input: unknown): boolean {
    const lag = this.scenario.iamDelay * 1000;
    // The function may describe and start the tasks of the template alone, and tag their executions; it may read, list and cancel those of all.
    if (!['DescribeTask', 'StartTaskExecution', 'TagResource'].includes(call)) return this.clock.now < this.policySince + lag;
    const { TaskArn, ResourceArn } = input as { TaskArn?: string; ResourceArn?: string };
    const arn = TaskArn ?? ResourceArn!.split('/execution/')[0];
    if (arn === this.secondTask) return this.clock.now < this.policySince + lag; // it comes and goes with the stack
    return arn !== this.taskArn || this.clock.now < this.taskPolicySince + lag;
  }

  protected enter(status: string): void {
    this.status = status;
    const { lastUpdatedMoves, dated } = this.scenario.cloudformation; // an emulator that dates nothing moves nothing
    const moves = lastUpdatedMoves && dated && this.lastUpdatedTime !== undefined;
    if (moves && !status.startsWith('CREATE')) this.lastUpdatedTime = this.clock.now;
    const held = new Map([this.first.held, this.second?.held].filter(one => one !== undefined).filter(({ failed }) => !failed)
      .map(({ id, template }) => [template.logicalId, { id, settings: settingsOf(template, this.scenario) }]));
    this.history.say(`CloudFormation: ${status}, with ${[...held].map(([logicalId, { id }]) => `${logicalId} ${short(id)}`).join(' and ') || 'nothing'}`);
    this.history.stages.push({
      at: this.clock.now,
      stackId: this.stackId,
      status,
      held,
      holds: [...this.first.ids, ...this.second?.ids ?? []],
    });
  }

  protected beginOperation(name: string): void {
    this.operationId = `${name}-${this.clock.now}`;
    this.operationTypes = [name];
    this.disarm?.();
    this.disturbance = undefined;
    this.disturbed = false;
    this.operations++;
    this.first.beginOperation();
    this.second?.beginOperation();
    this.links.beginOperation();
  }

  protected async cleanUp(): Promise<void> {
    await this.second?.cleanUp();
    if (!this.first.held) await this.links.remove(this.situation);
    await this.first.cleanUp();
  }

  protected async removeTask(old: string | undefined): Promise<void> {
    if (!old || old === this.taskArn) return;
    for (let attempt = 0; attempt < CLEANUP_ATTEMPTS; attempt++) {
      if (this.datasync.deleteTask(old)) return;
      await this.clock.sleep(10_000);
    }
  }

  /** In reverse, as each depends on the one before. */
  protected async removeResources(): Promise<boolean> {
    if (this.second && !await this.second.remove()) return false;
    await this.links.remove(this.situation);
    return this.first.remove();
  }

  protected async dropTask(): Promise<void> {
    const task = this.taskArn;
    if (task && this.datasync.deleteTask(task)) this.taskArn = undefined;
    if (this.secondTask) this.datasync.deleteTask(this.secondTask);
    this.taskArn = undefined;
    this.secondTask = undefined;
    this.wish = { ...this.wish, taskArn: '' };
  }
}
