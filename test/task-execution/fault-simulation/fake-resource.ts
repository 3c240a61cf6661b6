import type { Outcome, Requests } from './custom-resource';
import type { History, Request } from './history';
import type { Operation, Scenario } from './scenario';
import { propertiesOf } from './template';
import type { Template } from './template';
import { chance } from '../../custom-resource/fault-simulation/chance';
import type { VirtualClock } from '../../custom-resource/fault-simulation/clock';

/** "CloudFormation tries three times" to delete what an update has replaced (protocol, section 6). */
const CLEANUP_ATTEMPTS = 3;

/** The stack as it is when something is asked of a resource. */
export interface Situation {
  readonly stackId: string;
  readonly status: string;
  /** Counted over all stacks. */
  readonly operation: number;
  /** What makes CloudFormation give up a request that goes forward. */
  readonly disturbance?: Promise<void>;
}

/** A resource that is there, or of which something may be there. */
export interface Held {
  readonly id: string;
  readonly template: Template;
  /** It never came to be (`--no-rollback`): it is deleted in the next operation, and created anew. */
  readonly failed?: boolean;
}

/** One start of a stack, as CloudFormation knows it. */
export class FakeResource {
  public held?: Held;
  /** Ids to delete when an update has come to a good end. */
  public leftovers: string[] = [];
  private before?: Held;
  private failedUpdateId?: string;
  private lastAsked?: Template;
  private reversing = false;

  constructor(
    private readonly clock: VirtualClock, private readonly history: History, private readonly scenario: Scenario, private readonly requests: Requests,
    private readonly now: () => Situation,
  ) {}

  public get ids(): string[] { return [...(this.held ? [this.held.id] : []), ...this.leftovers]; }

  /** Whether it was not there, or not well, before the operation in progress. */
  public get isNew(): boolean { return !this.before || this.before.failed === true; }

  public beginOperation(): void {
    this.failedUpdateId = undefined;
    this.before = this.held;
  }

  /** It is no longer in the template. */
  public leave(): void {
    if (this.held) this.leftovers.push(this.held.id);
    this.held = undefined;
  }

  public forget(): void {
    this.held = undefined;
    this.leftovers = [];
  }

  // ---------------------------------------------------------------------------------------------------------------- deployments

  /** Sends Create or Update if there is need; with EXPRESS a failed one once more, under a new RequestId (protocol, section 2). */
  public async bring(operation: Operation, wish: Template): Promise<boolean | 'destroyed'> {
    const { failedCreate } = this.scenario.cloudformation;
    const old = this.held;
    const leftover = old?.failed ? old : undefined;
    let meanwhile: Promise<unknown> | undefined;
    if (leftover) {
      this.held = undefined;
      // "failed creates are deleted upon the next stack operation"; the order with the new Create is not documented.
      const remove = () => this.request('Delete', leftover.template, leftover.id);
      if (failedCreate === 'Delete first') await remove();
      else if (failedCreate === 'Delete meanwhile') meanwhile = this.clock.sleep(1_500).then(remove);
      else this.leftovers.push(leftover.id);
    }
    const existing = leftover ? undefined : old;
    if (existing && this.isSame(existing.template, wish)) return true;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.bringOnce(operation, wish, existing);
      if (outcome === 'again' && attempt === 0) {
        await this.clock.sleep(10_000);
        continue;
      }
      if (outcome === true) await meanwhile; // a failure waits for nothing
      return outcome === 'again' ? false : outcome;
    }
  }

  private async bringOnce(operation: Operation, wish: Template, existing: Held | undefined): Promise<boolean | 'destroyed' | 'again'> {
    const type = existing ? 'Update' : 'Create';
    // With --no-rollback the failure of another resource stops nothing that does not depend on it.
    const deaf = operation.noRollback && operation.disturbance?.kind === 'sibling';
    const outcome = await this.request(type, wish, existing?.id, existing?.template, deaf);
    if (outcome.kind === 'answered' && outcome.answer.Status === 'SUCCESS') {
      const id = outcome.answer.PhysicalResourceId;
      if (existing && id !== existing.id) this.leftovers.push(existing.id);
      this.held = { id, template: wish };
      return true;
    }
    const id = outcome.kind === 'answered' ? outcome.answer.PhysicalResourceId : existing?.id ?? this.requests.makeUpId(wish);
    if (outcome.kind === 'disturbed' && operation.disturbance!.kind === 'destroy') {
      if (!existing) this.held = { id, template: wish, failed: true };
      return 'destroyed';
    }
    if (operation.express && outcome.kind === 'answered') {
      // Whether the failed one is deleted before it is tried again is not documented.
      if (id !== existing?.id) {
        if (chance(this.scenario.seed, 'express', this.clock.now) < 0.5) await this.request('Delete', wish, id);
        else this.leftovers.push(id);
      }
      this.held = existing ?? { id, template: wish, failed: true };
      return 'again';
    }
    if (!existing) {
      this.held = { id, template: wish, failed: true };
    } else if (operation.noRollback && outcome.kind !== 'disturbed') {
      // "returned to their last stable state", while the stack is UPDATE_IN_PROGRESS (inferred: protocol 1.3).
      await this.clock.sleep(2_000);
      this.held = await this.back(existing, wish, id) ?? existing;
    } else {
      this.failedUpdateId = id;
    }
    return false;
  }

  // ------------------------------------------------------------------------------------------------------------------ rollbacks

  /** The rollback of an update. @returns whether that went well */
  public async rollBack(): Promise<boolean> {
    const { held, failedUpdateId: failedId, before } = this;
    this.failedUpdateId = undefined;
    this.leftovers = this.leftovers.filter(id => id !== before?.id || before.failed);
    if (this.isNew) return this.remove(); // created by this update: deleted again
    const old = before!;
    if (!failedId && held?.id === old.id && this.isSame(old.template, held.template)) return true;
    const restored = failedId !== undefined ? await this.back(old, this.lastAsked!, failedId) : await this.back(old, held!.template, held!.id, true);
    if (restored) this.held = restored;
    return restored !== undefined;
  }

  /**
   * Brings a resource back to what it was: by a Delete of the id that a failed Update answered with, by an Update with the properties
   * reversed, or by both; which one is told in different ways (protocol 1.6).
   */
  private async back(old: Held, asked: Template, id: string, succeeded = false): Promise<Held | undefined> {
    this.reversing = true;
    try {
      return await this.goBack(old, asked, id, succeeded);
    } finally {
      this.reversing = false;
    }
  }

  private async goBack(old: Held, asked: Template, id: string, succeeded: boolean): Promise<Held | undefined> {
    const { afterFailedUpdate, rolledBackId } = this.scenario.cloudformation;
    const isNew = id !== old.id;
    if (!succeeded && isNew && afterFailedUpdate !== 'Update of the new id') {
      if (!succeededIn(await this.request('Delete', asked, id))) this.history.abandoned.add(id);
      if (afterFailedUpdate === 'Delete') return old;
    }
    let incoming = old.id;
    if (isNew && (succeeded ? rolledBackId === 'new' : afterFailedUpdate === 'Update of the new id')) incoming = id;
    for (let attempt = 0; attempt < 2; attempt++) {
      const outcome = await this.request('Update', old.template, incoming, asked);
      if (outcome.kind !== 'answered' || outcome.answer.Status !== 'SUCCESS') continue; // `continue-update-rollback`, once
      const answered = outcome.answer.PhysicalResourceId;
      if (succeeded || incoming === id) this.leftovers.push(...[id, incoming].filter(other => other !== answered && other !== old.id));
      return { id: answered, template: old.template };
    }
    return undefined;
  }

  // ------------------------------------------------------------------------------------------------------------------ deletions

  /** Deletes what an operation that came to its end has replaced, and gives up what cannot be deleted. */
  public async cleanUp(): Promise<void> {
    for (const id of new Set(this.leftovers)) {
      if (id === this.held?.id) continue;
      let done = false;
      for (let attempt = 0; attempt < CLEANUP_ATTEMPTS && !done; attempt++) {
        done = await this.removeId(id);
      }
      if (!done) this.history.abandoned.add(id);
    }
    this.leftovers = [];
  }

  /** @returns whether all of it could be deleted */
  public async remove(): Promise<boolean> {
    // What an update has not cleaned up yet goes with the stack.
    for (const id of new Set(this.ids)) {
      if (!await this.removeId(id)) return false;
      this.leftovers = this.leftovers.filter(other => other !== id);
      if (this.held?.id === id) this.held = undefined;
    }
    return true;
  }

  private async removeId(id: string): Promise<boolean> {
    return succeededIn(await this.request('Delete', this.requests.templateOf(id) ?? this.held?.template ?? this.lastAsked!, id));
  }

  private request(type: Request['type'], template: Template, id?: string, old?: Template, deaf = false): Promise<Outcome> {
    const { reversing } = this;
    const { disturbance, ...situation } = this.now();
    if (type !== 'Delete') this.lastAsked = template;
    return this.requests.send({ type, template, id, old, ...situation, reversing }, deaf || reversing || type === 'Delete' ? undefined : disturbance);
  }

  private isSame(one: Template, other: Template): boolean {
    return JSON.stringify(propertiesOf(one, this.scenario)) === JSON.stringify(propertiesOf(other, this.scenario));
  }
}

function succeededIn(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.answer.Status === 'SUCCESS';
}
