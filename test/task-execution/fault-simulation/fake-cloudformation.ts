import { chance } from './chance';
import { STATUS_LAG_MS, FakeStack, succeededIn } from './fake-stack';
import type { Resource } from './fake-stack';
import type { Operation } from './scenario';
import { changed, propertiesOf } from './template';
import type { Template } from './template';

/**
 * A request that is younger than this belongs to the operation in progress: without that LastUpdatedTime, of which nobody has
 * documented when it moves, could not be used (protocol 1.4). So nobody deploys again any sooner after a failure.
 */
const LATE_ENOUGH_S = 150;
/** One stack with a task and our resource, others that can fail, and everything that people do to it. */
export class FakeCloudFormation extends FakeStack {
  public finished = false;

  public async operateAll(): Promise<void> {
    for (const [n, operation] of this.scenario.operations.entries()) {
      const failed = n > 0 && !/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(this.status);
      await this.clock.sleep(Math.max(operation.pause, failed ? LATE_ENOUGH_S : 0) * 1000);
      this.network.operationBegins(n);
      this.beginDisturbances(n);
      await this.operate(operation);
    }
    this.finished = true;
  }

  /** What others do, and when the task is unavailable, counts from the beginning of an operation. */
  private beginDisturbances(n: number): void {
    for (const { operation, after, seconds } of this.scenario.unavailable) {
      if (operation === n) this.clock.after(after * 1000, () => this.taskArn && this.datasync.makeUnavailable(this.taskArn, seconds));
    }
    for (const { operation, after, act } of this.scenario.others) {
      if (operation === n) this.clock.after(after * 1000, () => this.other(act));
    }
  }

  private other(act: 'start the same' | 'start another' | 'cancel'): void {
    const arn = this.taskArn;
    if (!arn) return;
    try {
      if (act === 'cancel') {
        const pending = this.datasync.anyPending(arn);
        if (pending) this.datasync.send('CancelTaskExecution', { TaskExecutionArn: pending }, 'others', this.clock.now);
      } else {
        const wished = propertiesOf(this.wish, this.scenario) as any;
        const Includes = act === 'start the same' ? wished.Includes : [{ FilterType: 'SIMPLE_PATTERN', Value: '/elsewhere' }];
        const OverrideOptions = act === 'start the same' ? wished.OverrideOptions : undefined;
        this.datasync.send('StartTaskExecution', { TaskArn: arn, Includes, OverrideOptions }, 'others', this.clock.now);
      }
    } catch { /* the service refused it, which is their business */ }
  }

  private async operate(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'destroy': return this.destroy(operation);
      case 'rollback': return this.rollbackStack(operation);
      case 'remove': return this.deploy(operation, false);
      case 'deploy': return this.deploy(operation, true);
    }
  }

  // ---------------------------------------------------------------------------------------------------------------- deployments

  private async deploy(asked: Operation, present: boolean): Promise<void> {
    let operation = asked;
    // A stack that was rolled back or could not be deleted takes no update: it has to be deleted (ROLLBACK_COMPLETE: user guide, "stack statuses").
    if (['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED', 'UPDATE_ROLLBACK_FAILED'].includes(this.status)) {
      await this.destroy({ ...operation, disturbance: undefined });
      if (this.status !== 'DELETE_COMPLETE') return;
    }
    const creates = ['none', 'DELETE_COMPLETE'].includes(this.status);
    // CancelUpdateStack is for updates, and always rolls back.
    // Seen: "Stack cannot be deleted while in status UPDATE_IN_PROGRESS" (aws-toolkit-azure-devops#317); a Create is cut short by a deletion.
    if (!creates && operation.disturbance?.kind === 'destroy') operation = { ...operation, disturbance: { ...operation.disturbance, kind: 'sibling' } };
    if (creates && operation.disturbance?.kind === 'cancel') operation = { ...operation, disturbance: { ...operation.disturbance, kind: 'sibling' } };
    if (creates) {
      this.stackId = `arn:aws:cloudformation:us-east-1:000000000000:stack/App/6b2d0f2e-0000-1111-2222-${String(++this.stacks).padStart(12, '0')}`;
      this.lastUpdatedTime = undefined;
      this.taskArn = undefined;
    } else {
      this.lastUpdatedTime = this.clock.now;
    }
    this.beginOperation(creates ? 'CREATE_STACK' : 'UPDATE_STACK');
    this.enter(creates ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS');
    await this.clock.sleep(1_000 + chance(this.scenario.seed, 'begin', this.clock.now) * 2_000);

    const before = { resource: this.resource && { ...this.resource }, taskArn: this.taskArn };
    const replaced = this.taskArn === undefined || operation.change.includes('task');
    if (replaced) {
      // CloudFormation goes on when CreateTask has answered; the task can still be CREATING.
      this.taskArn = this.datasync.createTask(operation.creating);
      this.taskPolicySince = this.clock.now;
      if (creates) this.policySince = this.clock.now;
      await this.clock.sleep(1_500);
    }
    this.wish = { ...changed(this.wish, operation.change), taskArn: this.taskArn!, deployment: this.deployments++ };
    const good = await this.settle(operation, present ? this.wish : undefined, before.resource);
    this.disarm?.();
    if (good === 'destroyed') return;
    if (good === 'good') return this.complete(creates, before.taskArn);
    await this.clock.sleep(chance(this.scenario.seed, 'status', this.clock.now) * STATUS_LAG_MS);
    if (operation.noRollback && !(this.disturbed && operation.disturbance!.kind === 'cancel')) {
      // "Preserve successfully provisioned resources": what has succeeded stays, and with it what it replaced, until an update succeeds.
      return this.enter(creates ? 'CREATE_FAILED' : 'UPDATE_FAILED');
    }
    return creates ? this.rollbackCreate() : this.rollbackUpdate(operation, before);
  }

  /** The new state of the resource and of everything else in the stack, up to the point where the operation is good or not. */
  private async settle(operation: Operation, wish: Template | undefined, old: Resource | undefined): Promise<'good' | 'bad' | 'destroyed'> {
    this.arm(operation);
    let good = true;
    if (wish) {
      const outcome = await this.bring(operation, wish, old);
      if (outcome === 'destroyed') return 'destroyed';
      good = outcome && await this.bringLinks(operation);
      if (this.status === 'DELETE_COMPLETE') return 'destroyed';
    }
    if (good) await this.orDisturbed(this.clock.sleep(operation.rest * 1000));
    if (this.disturbed && operation.disturbance!.kind === 'destroy') {
      await this.destroyNow();
      return 'destroyed';
    }
    if (this.disturbed) good = false;
    if (good && !wish && old) {
      this.resource = undefined;
      this.leftovers.push(old.id);
    }
    return good ? 'good' : 'bad';
  }

  private arm({ disturbance }: Operation): void {
    if (!disturbance) return;
    this.disturbance = new Promise(resolve => {
      this.disarm = this.clock.after(disturbance.after * 1000, () => {
        this.disturbed = true;
        resolve();
      });
    });
  }

  private orDisturbed<T>(work: Promise<T>): Promise<T | 'disturbed'> {
    return this.disturbance ? Promise.race([work, this.disturbance.then(() => 'disturbed' as const)]) : work;
  }

  /** Sends Create or Update if there is need; with EXPRESS a failed one once more, under a new RequestId (protocol, section 2). */
  private async bring(operation: Operation, wish: Template, old: Resource | undefined): Promise<boolean | 'destroyed'> {
    const { failedCreate } = this.scenario.cloudformation;
    const leftover = old?.failed ? old : undefined;
    let meanwhile: Promise<unknown> | undefined;
    if (leftover) {
      this.resource = undefined;
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

  private async bringOnce(operation: Operation, wish: Template, existing: Resource | undefined): Promise<boolean | 'destroyed' | 'again'> {
    const type = existing ? 'Update' : 'Create';
    // With --no-rollback the failure of another resource stops nothing that does not depend on it.
    const deaf = operation.noRollback && operation.disturbance?.kind === 'sibling';
    const outcome = await this.request(type, wish, existing?.id, existing?.template, deaf);
    if (outcome.kind === 'answered' && outcome.answer.Status === 'SUCCESS') {
      const id = outcome.answer.PhysicalResourceId;
      if (existing && id !== existing.id) this.leftovers.push(existing.id);
      this.resource = { id, template: wish };
      return true;
    }
    const id = outcome.kind === 'answered' ? outcome.answer.PhysicalResourceId : existing?.id ?? this.requests.makeUpId(wish);
    if (outcome.kind === 'disturbed' && operation.disturbance!.kind === 'destroy') {
      if (!existing) this.resource = { id, template: wish, failed: true };
      await this.destroyNow();
      return 'destroyed';
    }
    if (operation.express && outcome.kind === 'answered') {
      // Whether the failed one is deleted before it is tried again is not documented.
      if (id !== existing?.id) {
        if (chance(this.scenario.seed, 'express', this.clock.now) < 0.5) await this.request('Delete', wish, id);
        else this.leftovers.push(id);
      }
      this.resource = existing ?? { id, template: wish, failed: true };
      return 'again';
    }
    if (!existing) {
      this.resource = { id, template: wish, failed: true };
    } else if (operation.noRollback && outcome.kind !== 'disturbed') {
      // "returned to their last stable state", while the stack is UPDATE_IN_PROGRESS (inferred: protocol 1.3).
      await this.clock.sleep(2_000);
      this.resource = await this.back(existing, wish, id) ?? existing;
    } else {
      this.failedUpdateId = id;
    }
    return false;
  }

  private async bringLinks(operation: Operation): Promise<boolean> {
    const deaf = operation.noRollback && operation.disturbance?.kind === 'sibling';
    const failed = await this.links.bring(this.resource!.id, this.situation(), deaf ? undefined : this.disturbance);
    if (failed?.kind === 'disturbed' && operation.disturbance!.kind === 'destroy') await this.destroyNow();
    return failed === undefined;
  }

  private async complete(creates: boolean, oldTask: string | undefined): Promise<void> {
    if (creates) {
      await this.cleanUp();
      return this.enter('CREATE_COMPLETE');
    }
    this.enter('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.cleanUp();
    await this.removeTask(oldTask);
    return this.enter('UPDATE_COMPLETE');
  }

  // ------------------------------------------------------------------------------------------------------------------ rollbacks

  private async rollbackCreate(): Promise<void> {
    this.enter('ROLLBACK_IN_PROGRESS');
    await this.clock.sleep(this.rollbackDelay());
    const good = await this.removeResource();
    if (good) await this.dropTask();
    this.enter(good ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED');
  }

  private async rollbackUpdate(operation: Operation, before: { resource?: Resource; taskArn?: string }): Promise<void> {
    this.enter('UPDATE_ROLLBACK_IN_PROGRESS');
    await this.clock.sleep(this.rollbackDelay());
    const newTask = this.taskArn;
    if (newTask !== before.taskArn) this.taskPolicySince = this.clock.now;
    this.taskArn = before.taskArn;
    this.wish = { ...changed(this.wish, operation.change), taskArn: before.taskArn ?? '', deployment: this.wish.deployment };
    const { resource } = this;
    const old = before.resource;
    const failedId = this.failedUpdateId;
    this.failedUpdateId = undefined;
    this.leftovers = this.leftovers.filter(id => id !== old?.id || old.failed);
    let good = true;
    if (!old || old.failed) {
      // Created by this update: deleted again.
      good = await this.removeResource();
    } else if (failedId || resource?.id !== old.id || !this.isSame(old.template, resource.template)) {
      const failed = failedId !== undefined;
      const restored = await this.back(old, failed ? this.requests.lastAsked! : resource!.template, failed ? failedId : resource!.id, !failed);
      good = restored !== undefined;
      if (restored) this.resource = restored;
    }
    if (!good) return this.enter('UPDATE_ROLLBACK_FAILED');
    await this.links.goBack(this.resource?.id, this.situation);
    this.enter('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.cleanUp();
    if (newTask && newTask !== this.taskArn) this.datasync.deleteTask(newTask);
    return this.enter('UPDATE_ROLLBACK_COMPLETE');
  }

  /**
   * Brings a resource back to what it was: by a Delete of the id that a failed Update answered with, by an Update with the properties
   * reversed, or by both; which one is told in different ways (protocol 1.6).
   */
  private async back(old: Resource, asked: Template, id: string, succeeded = false): Promise<Resource | undefined> {
    this.reversing = true;
    try {
      return await this.goBack(old, asked, id, succeeded);
    } finally {
      this.reversing = false;
    }
  }

  private async goBack(old: Resource, asked: Template, id: string, succeeded: boolean): Promise<Resource | undefined> {
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

  /** RollbackStack, of a stack that has failed and kept what it had. Of one that was never complete it is a deletion (its API text). */
  private async rollbackStack(operation: Operation): Promise<void> {
    if (this.status !== 'CREATE_FAILED') return this.deploy({ ...operation, kind: 'deploy' }, true);
    this.beginOperation('ROLLBACK_STACK');
    return this.rollbackCreate();
  }

  private rollbackDelay(): number {
    return STATUS_LAG_MS + 500 + chance(this.scenario.seed, 'rollback', this.clock.now) * 4_000;
  }

  // ------------------------------------------------------------------------------------------------------------------ deletion

  private async destroy(_: Operation): Promise<void> {
    if (['none', 'DELETE_COMPLETE'].includes(this.status)) return;
    this.beginOperation('DELETE_STACK');
    await this.destroyNow();
  }

  private async destroyNow(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      this.operationTypes = ['DELETE_STACK'];
      this.enter('DELETE_IN_PROGRESS');
      await this.clock.sleep(this.rollbackDelay());
      this.disturbance = undefined;
      if (await this.removeResource()) {
        await this.dropTask();
        this.enter('DELETE_COMPLETE');
        this.ended.set(this.stackId, 'DELETE_COMPLETE');
        return;
      }
      this.enter('DELETE_FAILED');
      await this.clock.sleep(60_000);
    }
    // The user deletes the stack and keeps the resource ("RetainResources" of DeleteStack), and with it what runs.
    for (const { arn, starter } of this.history.executions) {
      if (starter !== 'others' && starter.request?.stackId === this.stackId) this.history.abandoned.add(arn);
    }
    this.resource = undefined;
    this.leftovers = [];
    await this.dropTask();
    this.enter('DELETE_COMPLETE');
    this.ended.set(this.stackId, 'DELETE_COMPLETE');
  }

  private isSame(one: Template, other: Template): boolean {
    return JSON.stringify(propertiesOf(one, this.scenario)) === JSON.stringify(propertiesOf(other, this.scenario));
  }
}
