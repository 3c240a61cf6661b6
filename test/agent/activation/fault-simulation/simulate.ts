import { FakeAccount } from './fake-account';
import type { Operation, Scenario } from './scenario';
import { ACTIVATION_FUNCTION_TIMEOUT, AGENT_RESOURCE_TYPE, TAG_INSTANCE } from '../../../../src/agent/activation/contract';
import type { WireAgentProperties } from '../../../../src/agent/activation/contract';
import { isAgentArn } from '../../../../src/agent/activation/handler/agents';
import { handleEvent, handleStep } from '../../../../src/agent/activation/handler/deploy';
import type { Services } from '../../../../src/agent/activation/handler/services';
import type { Answer } from '../../../../src/custom-resource/respond';
import { WAITED_SERVICE_TIMEOUT } from '../../../../src/custom-resource/waiter/contract';
import { waiterDefinition } from '../../../../src/custom-resource/waiter/definition';
import { VirtualClock } from '../../../custom-resource/fault-simulation/clock';
import type { FakeInvocation } from '../../../custom-resource/fault-simulation/fake-lambda';
import { FakeLambda } from '../../../custom-resource/fault-simulation/fake-lambda';
import { Network } from '../../../custom-resource/fault-simulation/network';
import { FakeStateMachine } from '../../../custom-resource/waiter/fake-state-machine';

const BEGIN = Date.UTC(2026, 0, 31, 12);
/** Longer than a delivery can stand in Lambda's queue, and be retried, and a machine can run. */
const AFTERMATH_MS = 3 * 3_600_000;

export interface Simulation {
  /** What was promised and not kept. */
  readonly broken: string[];
  readonly timeline: string;
  readonly happened: { readonly [what: string]: number };
}

/** What the template has of the agent. */
interface Template {
  readonly instance: string;
  readonly endpoint: string;
  readonly name: string;
}

interface Held {
  readonly id: string;
  readonly template: Template;
}

interface Request {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly template: Template;
  readonly id?: string;
  readonly old?: Template;
}

type Outcome = Answer | 'nobody answered' | 'given up';

/** Runs one scenario in virtual time and judges it: one stack, with one agent, as CloudFormation takes it through its operations. */
export async function simulate(scenario: Scenario): Promise<Simulation> {
  const life = new Life(scenario);
  await life.run();
  return { broken: life.broken, timeline: life.lines.join('\n'), happened: life.happened() };
}

class Life {
  public readonly broken: string[] = [];
  public readonly lines: string[] = [];

  private readonly clock = new VirtualClock(BEGIN);
  private readonly account: FakeAccount;
  private readonly network: Network;
  private readonly lambda: FakeLambda<never, Services>;
  private readonly invocations: Array<FakeInvocation<never>> = [];
  /** All that leaves the functions but for the key to CreateAgent. */
  private readonly told: unknown[] = [];
  /** The one of each stack, by ARN. */
  private readonly machines = new Map<string, FakeStateMachine>();
  private readonly waiting = new Map<string, (answer: Answer) => void>();
  private readonly answers: Answer[] = [];
  private readonly count = { requests: 0, answered: 0, failed: 0, rollbacks: 0 };
  /** Each stack that is created has an id of its own. */
  private stackId = '';
  private status = 'DELETE_COMPLETE';
  private held?: Held;
  /** Ids that CloudFormation still has to delete. */
  private leftOver: Held[] = [];

  constructor(private readonly scenario: Scenario) {
    this.account = new FakeAccount(this.clock, scenario, text => this.say(text));
    this.network = new Network(this.clock, { ...scenario, outages: [] });
    this.lambda = new FakeLambda(this.clock, {
      scenario: { ...scenario, outages: [] },
      network: this.network,
      timeout: ACTIVATION_FUNCTION_TIMEOUT * 1000,
      invocations: this.invocations,
      say: text => this.say(text),
    }, {
      datasync: (name, input) => {
        if (name !== 'CreateAgent') this.told.push(input);
        return this.account.send(name, input);
      },
      stack: stackId => ({ status: stackId === this.stackId ? this.status : 'DELETE_COMPLETE' }),
      answer: (_, body) => this.take(JSON.parse(body)),
      states: (operation, input: any) => {
        const arn = input.stateMachineArn ?? input.executionArn.replace(':execution:', ':stateMachine:').replace(/:[^:]*$/, '');
        return this.machines.get(arn)!.call(operation, input);
      },
      more: reach => ({
        fetchKey: (_: string, { Url }: { Url: string }, signal: AbortSignal) => reach('fetchKey', Url, () => this.account.fetchKey(Url), signal),
      }),
      write: line => { this.told.push(line); },
    });
  }

  public async run(): Promise<void> {
    let isOver = false;
    let thrown: unknown;
    this.operateAll().catch((error: unknown) => { thrown = error; }).finally(() => { isOver = true; });
    await this.clock.runUntil(() => isOver);
    if (thrown) throw thrown;
    if (!isOver) throw new Error(`the scenario stands still:\n${this.lines.join('\n')}`);
    isOver = false;
    this.clock.after(AFTERMATH_MS, () => { isOver = true; });
    await this.clock.runUntil(() => isOver);
    const left = [...this.account.agents.keys()];
    if (left.length > 0) this.broken.push(`nothing is left of a stack that is deleted: ${left.join(', ')}`);
    const told = JSON.stringify([this.told, this.answers, [...this.machines.values()].map(({ executions }) => executions)]);
    if (this.account.keys.some(key => told.includes(key))) this.broken.push('a key is in no log, no answer and no data of the machine');
    for (const { Reason } of this.answers) {
      if (Reason && /unexpected error/i.test(Reason)) this.broken.push(`no error is unexpected: ${Reason}`);
    }
  }

  public happened(): { readonly [what: string]: number } {
    return { ...this.count, agents: this.account.keys.length, deaths: this.deaths, faults: this.faults };
  }

  private async operateAll(): Promise<void> {
    const { operations } = this.scenario;
    let wanted: Template | undefined;
    for (const [n, operation] of operations.entries()) {
      await this.clock.sleep(operation.pause * 1000);
      this.network.operationBegins(n);
      if (operation.kind === 'destroy') {
        await this.destroy();
        continue;
      }
      wanted = this.next(this.held?.template, operation);
      await (this.held ? this.update(this.held, wanted, operation) : this.create(wanted, operation));
      this.judge();
    }
    this.network.operationBegins(operations.length); // nothing goes wrong in it
    await this.clock.sleep(AFTERMATH_MS);
    await this.destroy();
  }

  private next(before: Template | undefined, { change, boots, offline }: Operation): Template {
    const [isNew, label] = [!before || change.includes('instance'), `${this.count.requests}`];
    return {
      instance: isNew ? this.account.launch(boots, offline) : before!.instance,
      endpoint: change.includes('endpoint') ? `${before?.endpoint === 'FIPS' ? 'PUBLIC' : 'FIPS'}` : before?.endpoint ?? 'PUBLIC',
      name: change.includes('name') ? `Agent ${label}` : before?.name ?? 'Agent',
    };
  }

  private async create(template: Template, operation: Operation): Promise<void> {
    this.stackId = `arn:aws:cloudformation:us-east-1:111122223333:stack/App/${this.count.requests}`;
    this.machines.set(this.machineArn, new FakeStateMachine(this.clock, waiterDefinition('arn:function'),
      step => this.lambda.call((services, context) => handleStep(step, context, services)), this.machineArn));
    this.enter('CREATE_IN_PROGRESS');
    const outcome = await this.ask({ type: 'Create', template }, operation.siblingFails);
    if (typeof outcome === 'object' && outcome.Status === 'SUCCESS' && operation.siblingFails === undefined) {
      this.held = { id: outcome.PhysicalResourceId, template };
      return this.enter('CREATE_COMPLETE');
    }
    this.count.rollbacks++;
    this.enter('ROLLBACK_IN_PROGRESS');
    this.leftOver.push({ id: typeof outcome === 'object' ? outcome.PhysicalResourceId : 'App-Agent-1ABC', template });
    if (!await this.clean()) {
      this.enter('DELETE_IN_PROGRESS'); // what is rolled back can only be deleted
      this.network.operationBegins(-1);
      if (!await this.clean()) this.broken.push('the deletion of what was rolled back goes through');
    }
    this.enter('DELETE_COMPLETE');
  }

  private async update(before: Held, template: Template, operation: Operation): Promise<void> {
    this.enter('UPDATE_IN_PROGRESS');
    const hasChanged = JSON.stringify(template) !== JSON.stringify(before.template);
    const { siblingFails } = operation;
    const outcome = hasChanged ? await this.ask({ type: 'Update', template, id: before.id, old: before.template }, siblingFails) : undefined;
    const answer = typeof outcome === 'object' ? outcome : undefined;
    const isNew = answer && answer.PhysicalResourceId !== before.id;
    if (answer?.Status === 'SUCCESS' && template.instance === before.template.instance && isNew && isAgentArn(before.id)) {
      this.broken.push(`an update of the same instance keeps the agent: ${before.id} -> ${answer.PhysicalResourceId}`);
    }
    if ((!hasChanged || answer?.Status === 'SUCCESS') && siblingFails === undefined) {
      this.held = hasChanged ? { id: answer!.PhysicalResourceId, template } : before;
      this.enter('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
      if (isNew) this.leftOver.push(before);
      await this.clean();
      return this.enter('UPDATE_COMPLETE');
    }
    this.count.rollbacks++;
    this.enter('UPDATE_ROLLBACK_IN_PROGRESS');
    this.held = before;
    if (isNew) this.leftOver.push({ id: answer.PhysicalResourceId, template });
    if (hasChanged && !(answer?.Status === 'FAILED' && isNew && this.scenario.afterFailedUpdate === 'Delete')) {
      const id = isNew && (answer.Status === 'FAILED' || this.scenario.rolledBackId === 'new') ? answer.PhysicalResourceId : before.id;
      let back = await this.ask({ type: 'Update', template: before.template, id, old: template });
      if (typeof back !== 'object' || back.Status === 'FAILED') {
        this.enter('UPDATE_ROLLBACK_FAILED');
        this.enter('UPDATE_ROLLBACK_IN_PROGRESS'); // continue-update-rollback, when what was wrong is over
        this.network.operationBegins(-1);
        back = await this.ask({ type: 'Update', template: before.template, id, old: template });
      }
      if (typeof back !== 'object' || back.Status === 'FAILED') return void this.broken.push(`a rollback goes through: ${JSON.stringify(back)}`);
      this.held = { id: back.PhysicalResourceId, template: before.template };
      if (id !== before.id && back.PhysicalResourceId !== before.id) this.leftOver.push(before);
    }
    this.enter('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
    this.leftOver = this.leftOver.filter(({ id }) => id !== this.held!.id);
    await this.clean();
    this.enter('UPDATE_ROLLBACK_COMPLETE');
  }

  private async destroy(): Promise<void> {
    if (!this.held) return;
    this.leftOver.push(this.held);
    for (let time = 0; this.leftOver.length > 0; time++) {
      if (time === 3) return void this.broken.push('a deletion goes through when nothing is wrong any more');
      if (time === 2) this.network.operationBegins(-1);
      this.enter('DELETE_IN_PROGRESS');
      await this.clean();
    }
    this.held = undefined;
    this.enter('DELETE_COMPLETE');
  }

  /** Deletes what is left over. In a cleanup CloudFormation goes on without what it could not delete. */
  private async clean(): Promise<boolean> {
    const all = this.leftOver;
    const isCleanup = this.status.includes('CLEANUP');
    this.leftOver = [];
    for (const held of all) {
      let outcome: Outcome | undefined;
      for (let time = 0; time < (isCleanup ? 3 : 1) && (typeof outcome !== 'object' || outcome.Status === 'FAILED'); time++) {
        outcome = await this.ask({ type: 'Delete', template: held.template, id: held.id });
      }
      if (typeof outcome === 'object' && outcome.Status === 'SUCCESS') continue;
      this.leftOver.push(held);
    }
    if (!isCleanup || this.leftOver.length === 0) return this.leftOver.length === 0;
    for (const { id } of this.leftOver) { // it tells the user that it gave up, who deletes it by hand
      this.say(`CloudFormation gives up the deletion of ${id}`);
      this.account.agents.delete(id);
    }
    this.leftOver = [];
    return true;
  }

  /** After an operation: what CloudFormation holds is there, on the instance of the template, and nothing else is. */
  private judge(): void {
    if (!this.held) return;
    const { id, template } = this.held;
    const agents = [...this.account.agents].map(([arn, { tags }]) => ({ arn, instance: tags.get(TAG_INSTANCE) }));
    if (!agents.some(({ arn, instance }) => arn === id && instance === template.instance)) {
      this.broken.push(`after ${this.status} the agent of ${template.instance} is there: CloudFormation holds ${id}, there are ${JSON.stringify(agents)}`);
    }
    const others = agents.filter(({ arn }) => arn !== id);
    if (others.length > 0) this.broken.push(`after ${this.status} there is no other agent: ${JSON.stringify(others)} besides ${id}`);
  }

  /** Sends a request and waits for its answer, for its hour, or for another resource to fail. */
  private async ask({ type, template, id, old }: Request, siblingFails?: number): Promise<Outcome> {
    const RequestId = `00000000-0000-4000-8000-${String(++this.count.requests).padStart(12, '0')}`;
    const asked = this.clock.now;
    const date = new Date(asked).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
    const event: any = {
      RequestType: type,
      ServiceToken: 'arn:aws:lambda:us-east-1:111122223333:function:Activation',
      ResponseURL: `https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com/${RequestId}?X-Amz-Date=${date}&X-Amz-Expires=7200`,
      StackId: this.stackId,
      RequestId,
      LogicalResourceId: 'Agent',
      ResourceType: AGENT_RESOURCE_TYPE,
      ResourceProperties: this.properties(template),
      ...id && { PhysicalResourceId: id },
      ...old && { OldResourceProperties: this.properties(old) },
    };
    this.say(`${type} ${RequestId.slice(-3)} of ${id?.slice(-40) ?? 'nothing'}, ${JSON.stringify(template)}`);
    const answered = new Promise<Answer>(resolve => {
      this.waiting.set(RequestId, answer => {
        this.waiting.delete(RequestId);
        resolve(answer);
      });
    });
    this.lambda.invoke((services, context) => handleEvent(event, context, services));
    const after = (ms: number, outcome: Outcome) => this.clock.sleep(ms).then((): Outcome => outcome);
    const outcome = await Promise.race([
      answered, after(WAITED_SERVICE_TIMEOUT * 1000, 'nobody answered'), ...siblingFails === undefined ? [] : [after(siblingFails * 1000, 'given up')],
    ]);
    this.waiting.delete(RequestId);
    if (typeof outcome === 'string') {
      this.say(`CloudFormation: ${outcome}, ${RequestId.slice(-3)}`);
    } else {
      this.count.answered++;
      if (outcome.Status === 'FAILED') this.count.failed++;
    }
    const { bootedAt, offline, isTerminated } = this.account.instances.get(template.instance)!;
    const isReady = !isTerminated && Math.max(bootedAt, asked) + offline * 1000 < asked + 600_000;
    const isMade = template.endpoint === old?.endpoint || template.instance !== old?.instance; // an endpoint alone cannot be changed
    if (this.isQuiet && (typeof outcome === 'object' ? outcome.Status === 'FAILED' && isReady && isMade : outcome === 'nobody answered')) {
      this.broken.push(`what nothing is wrong with succeeds: ${type} ${RequestId}, ${JSON.stringify(outcome)}`);
    }
    return outcome;
  }

  private get deaths(): number {
    return this.invocations.filter(({ end }) => end === 'died' || end === 'timed out').length;
  }

  private get faults(): number {
    return this.invocations.reduce((sum, { faults }) => sum + faults.length, 0);
  }

  /** Whether all went right in the functions so far, but for what comes late or twice. */
  private get isQuiet(): boolean {
    return this.deaths === 0 && this.faults === 0;
  }

  private get machineArn(): string {
    return `arn:aws:states:us-east-1:111122223333:stateMachine:Waiter-${this.stackId.split('/').at(-1)}`;
  }

  private properties({ instance, endpoint, name }: Template): WireAgentProperties {
    return {
      InstanceId: instance, Address: instance, Fetcher: 'Fetcher', EndpointType: endpoint, AgentName: name, ActivationTimeout: '900', Waiter: this.machineArn,
    };
  }

  /** @returns the HTTP status */
  private take(answer: Answer): number {
    const take = this.waiting.get(answer.RequestId);
    this.answers.push(answer);
    this.say(`answer to ${answer.RequestId.slice(-3)}: ${answer.Status} ${answer.PhysicalResourceId.slice(-40)} ${answer.Reason ?? ''}${take ? '' : ', which nobody waits for'}`);
    take?.(answer);
    return 200;
  }

  private enter(status: string): void {
    this.status = status;
    if (status.endsWith('_COMPLETE')) this.account.terminateAllBut(status === 'DELETE_COMPLETE' ? undefined : this.held!.template.instance);
    this.say(`stack: ${status}`);
  }

  private say(text: string): void {
    const seconds = (this.clock.now - BEGIN) / 1000;
    this.lines.push(`${seconds.toFixed(2).padStart(10)}  ${text}`);
  }
}
