import { STATUS_LAG_MS, FakeStack } from './fake-stack';
import type { Change, Operation } from './scenario';
import { changed, propertiesOf } from './template';
import type { Template } from './template';
import { chance } from '../../custom-resource/fault-simulation/chance';

/**
 * A request that is younger than this belongs to the operation in progress: without that LastUpdatedTime, of which nobody has
 * documented when it moves, could not be used (protocol 1.4). So nobody deploys again any sooner after a failure.
 */
const LATE_ENOUGH_S = 150;
/** One stack with a task and our resource, others that can fail, and everything that people do to it. */
export class FakeCloudFormation extends FakeStack {
  public finished = false;
  private secondChange: readonly Change[] = [];

  public async operateAll(): Promise<void> {
    for (const [n, operation] of this.scenario.operations.entries()) {
      const failed = n > 0 && !/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(this.status);
      await this.clock.sleep(Math.max(operation.pause, failed ? LATE_ENOUGH_S : 0) * 1000);
      this.network.operationBegins(n);
      this.secondChange = this.scenario.second?.changes[n % this.scenario.second.changes.length] ?? [];
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

    const before = this.taskArn;
    const replaced = this.taskArn === undefined || operation.change.includes('task');
    if (replaced) {
      // CloudFormation goes on when CreateTask has answered; the task can still be CREATING.
      this.taskArn = this.datasync.createTask(operation.creating);
      this.taskPolicySince = this.clock.now;
      if (creates) this.policySince = this.clock.now;
      if (creates && this.scenario.second?.task === 'own') this.secondTask = this.datasync.createTask(0);
      await this.clock.sleep(1_500);
    }
    const deployment = this.deployments++;
    this.wish = { ...changed(this.wish, operation.change), taskArn: this.taskArn!, deployment };
    this.secondWish = { ...changed(this.secondWish, this.secondChange), taskArn: this.secondTask ?? this.taskArn!, deployment };
    const good = await this.settle(operation, present ? this.wish : undefined);
    this.disarm?.();
    if (good === 'destroyed') return;
    if (good === 'good') return this.complete(creates, before);
    await this.clock.sleep(chance(this.scenario.seed, 'status', this.clock.now) * STATUS_LAG_MS);
    if (operation.noRollback && !(this.disturbed && operation.disturbance!.kind === 'cancel')) {
      // "Preserve successfully provisioned resources": what has succeeded stays, and with it what it replaced, until an update succeeds.
      return this.enter(creates ? 'CREATE_FAILED' : 'UPDATE_FAILED');
    }
    return creates ? this.rollbackCreate() : this.rollbackUpdate(operation, before);
  }

  /** The new state of the resource and of everything else in the stack, up to the point where the operation is good or not. */
  private async settle(operation: Operation, wish: Template | undefined): Promise<'good' | 'bad' | 'destroyed'> {
    this.arm(operation);
    let good = true;
    if (wish) {
      const outcome = await this.bring(operation, wish);
      if (outcome === 'destroyed') {
        await this.destroyNow();
        return 'destroyed';
      }
      good = outcome;
    }
    if (good) await this.orDisturbed(this.clock.sleep(operation.rest * 1000));
    if (this.disturbed && operation.disturbance!.kind === 'destroy') {
      await this.destroyNow();
      return 'destroyed';
    }
    if (this.disturbed) good = false;
    if (good && !wish) {
      this.second?.leave();
      this.first.leave();
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

  /** One after the other, as each depends on the one before. */
  private async bring(operation: Operation, wish: Template): Promise<boolean | 'destroyed'> {
    const outcome = await this.first.bring(operation, wish);
    if (outcome !== true) return outcome;
    const deaf = operation.noRollback && operation.disturbance?.kind === 'sibling';
    const failed = await this.links.bring(this.first.held!.id, { ...this.situation(), ...deaf && { disturbance: undefined } });
    if (failed?.kind === 'disturbed' && operation.disturbance!.kind === 'destroy') return 'destroyed';
    if (failed || !this.second) return failed === undefined;
    return this.second.bring(operation, this.secondWish);
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
    const good = await this.removeResources();
    if (good) await this.dropTask();
    this.enter(good ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED');
  }

  private async rollbackUpdate(operation: Operation, oldTask: string | undefined): Promise<void> {
    this.enter('UPDATE_ROLLBACK_IN_PROGRESS');
    await this.clock.sleep(this.rollbackDelay());
    const newTask = this.taskArn;
    if (newTask !== oldTask) this.taskPolicySince = this.clock.now;
    this.taskArn = oldTask;
    this.wish = { ...changed(this.wish, operation.change), taskArn: oldTask ?? '', deployment: this.wish.deployment };
    this.secondWish = { ...changed(this.secondWish, this.secondChange), taskArn: this.secondTask ?? oldTask ?? '', deployment: this.wish.deployment };
    if (!await this.rollBackResources()) return this.enter('UPDATE_ROLLBACK_FAILED');
    this.enter('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    await this.cleanUp();
    if (newTask && newTask !== this.taskArn) this.datasync.deleteTask(newTask);
    return this.enter('UPDATE_ROLLBACK_COMPLETE');
  }

  /** In which order updates go back is not documented; what is new goes in reverse. */
  private async rollBackResources(): Promise<boolean> {
    const { first, second } = this;
    const isSecondFirst = second !== undefined && (second.isNew || chance(this.scenario.seed, 'back', this.clock.now) < 0.5);
    if (isSecondFirst && !await second.rollBack()) return false;
    if (first.isNew) await this.links.remove(this.situation);
    if (!await first.rollBack()) return false;
    await this.links.goBack(first.held?.id, this.situation);
    return isSecondFirst || second === undefined || second.rollBack();
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
      if (await this.removeResources()) {
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
    this.first.forget();
    this.second?.forget();
    await this.dropTask();
    this.enter('DELETE_COMPLETE');
    this.ended.set(this.stackId, 'DELETE_COMPLETE');
  }
}
