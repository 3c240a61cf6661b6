import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { History, Invocation, Request, Wanted } from './history';
import { isPendingAt, short, statusAt } from './history';
import { FIRST, waitsForEnd } from './scenario';
import type { Scenario } from './scenario';
import type { Lambda } from './simulate';
import { linkPropertiesOf, propertiesOf, serviceTimeoutOf, settingsOf, shapeFor } from './template';
import type { Template } from './template';
import type { Answer } from '../../../src/custom-resource/respond';
import { WAITED_SERVICE_TIMEOUT } from '../../../src/custom-resource/waiter/contract';
import { TAG_REQUEST, TASK_EXECUTION_RESOURCE_TYPE, WAIT_RESOURCE_TYPE } from '../../../src/task-execution/contract';
import type { handleEvent } from '../../../src/task-execution/handler/deploy';
import { chance } from '../../custom-resource/fault-simulation/chance';
import type { VirtualClock } from '../../custom-resource/fault-simulation/clock';

const EXECUTION_ARN = /:task\/task-[0-9a-f]{17}\/execution\/exec-[0-9a-f]{17}$/;

export type Outcome = { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: 'timeout' } | { readonly kind: 'disturbed' };

/** What CloudFormation wants of the custom resource, and in which situation. */
export interface Asking {
  readonly type: Request['type'];
  readonly template: Template;
  readonly id?: string;
  readonly old?: Template;
  readonly stackId: string;
  readonly status: string;
  readonly operation: number;
  /** Back to what was before. */
  readonly reversing: boolean;
}

/** What CloudFormation wants of a link of a long wait. */
export interface LinkAsking {
  readonly type: Request['type'];
  readonly n: number;
  readonly arn: string;
  readonly old?: string;
  readonly stackId: string;
  readonly status: string;
  readonly operation: number;
}

/** The custom resource as CloudFormation talks to it: requests, answers, and how long it waits for one. */
export class Requests {
  public lambda!: Lambda;

  private count = 0;
  private readonly templates = new Map<string, Template>();
  private readonly madeUp = new Map<string, string>();
  private readonly waiting = new Map<string, (answer: Answer) => void>();

  constructor(
    private readonly clock: VirtualClock, private readonly history: History, private readonly scenario: Scenario,
    private readonly code: typeof handleEvent,
  ) {}

  /** The properties with which an id was last deployed: its Delete carries them. */
  public templateOf(id: string): Template | undefined {
    return this.templates.get(id);
  }

  /** CloudFormation needs some id for the Delete of what has never answered: `<stack>-<logical id>-<random>` (roadmap#1814). */
  public makeUpId(template: Template): string {
    const { logicalId } = template;
    const id = `App-${logicalId}-${Math.floor(chance(this.scenario.seed, 'made up', this.count) * 36 ** 8).toString(36).toUpperCase()}`;
    this.madeUp.set(id, this.history.requests.filter(request => request.type !== 'Delete' && request.logicalId === logicalId).at(-1)!.id);
    this.templates.set(id, template);
    return id;
  }

  /** A PUT to a ResponseURL. The URL takes answers that nobody waits for any more just as well: it is a bucket's. */
  public answer(body: string, by: Invocation): number {
    const answer: Answer = JSON.parse(body);
    const take = this.waiting.get(answer.RequestId);
    const isOfLink = this.history.linkRequests.some(({ id }) => id === answer.RequestId);
    if (!isOfLink) this.history.answers.push({ at: this.clock.now, by, answer, taken: take !== undefined, alreadyAcknowledged: by.acknowledged > 0 });
    this.history.say(`answer to ${short(answer.RequestId)} by invocation ${by.n}: ${answer.Status} ${short(answer.PhysicalResourceId)}`
      + `${answer.Reason ? ` (${answer.Reason.slice(0, 300)})` : ''}${take ? '' : ', which nobody waits for'}`);
    take?.(answer);
    return 200;
  }

  /**
   * Sends a request and waits for its answer, or for its timeout, or for what makes CloudFormation give it up: it does not wait
   * for a resource in flight when another one fails (facts 15.6.9).
   */
  public async send(asking: Asking, disturbance?: Promise<void>): Promise<Outcome> {
    const { type, template, id: physicalId, stackId, status, operation } = asking;
    const { logicalId } = template;
    const id = `00000000-0000-4000-8000-${String(++this.count).padStart(12, '0')}`;
    const sentAt = this.clock.now;
    const request: Request = {
      id,
      type,
      stackId,
      logicalId,
      operation,
      sentAt,
      deadline: sentAt + serviceTimeoutOf(this.scenario, logicalId) * 1000,
      physicalId,
      madeUpFor: this.madeUp.get(physicalId ?? ''),
      taskArn: template.taskArn,
      settings: settingsOf(template, this.scenario),
      shape: shapeFor(template),
      wanted: this.wantedOf(asking),
      stackStatus: status,
      invocations: [],
    };
    this.history.requests.push(request);
    this.history.say(`CloudFormation: ${type} ${short(id)}${physicalId ? ` of ${short(physicalId)}` : ''}, ${logicalId}, ${request.settings}, ${short(request.taskArn)}`);

    const event = this.eventOf(asking, id);
    // What fails leaves the properties as they were, save of what it has brought into the world.
    return this.deliver(request, event, disturbance, answer => {
      if (type !== 'Delete' && (answer.Status === 'SUCCESS' || answer.PhysicalResourceId !== physicalId)) {
        this.templates.set(answer.PhysicalResourceId, template);
      }
    });
  }

  /** The same for a link of a long wait. */
  public async sendLink({ type, n, arn, old, stackId, status, operation }: LinkAsking, disturbance?: Promise<void>): Promise<Outcome> {
    const id = `00000000-0000-4000-8000-${String(++this.count).padStart(12, '0')}`;
    const logicalId = `${FIRST}Wait${n + 1}`;
    const sentAt = this.clock.now;
    const request: Request = {
      id,
      type,
      stackId,
      logicalId: FIRST,
      operation,
      sentAt,
      deadline: sentAt + WAITED_SERVICE_TIMEOUT * 1000,
      taskArn: '',
      settings: '',
      shape: '',
      wanted: 'nothing',
      stackStatus: status,
      invocations: [],
      link: { n, arn },
    };
    this.history.linkRequests.push(request);
    this.history.say(`CloudFormation: ${type} ${short(id)} of link ${n + 1}, of ${short(arn)}`);
    return this.deliver(request, {
      RequestType: type,
      ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
      ResponseURL: this.urlOf(stackId, logicalId, id),
      StackId: stackId,
      RequestId: id,
      LogicalResourceId: logicalId,
      ResourceType: WAIT_RESOURCE_TYPE,
      ResourceProperties: linkPropertiesOf(n, arn, FIRST, this.scenario, stackId),
      ...(type !== 'Create' ? { PhysicalResourceId: logicalId } : {}),
      ...(old ? { OldResourceProperties: linkPropertiesOf(n, old, FIRST, this.scenario, stackId) } : {}),
    } as unknown as CloudFormationCustomResourceEvent, disturbance);
  }

  private async deliver(
    request: Request, event: CloudFormationCustomResourceEvent, disturbance?: Promise<void>, onAnswer?: (answer: Answer) => void,
  ): Promise<Outcome> {
    const { id } = request;
    const answered = new Promise<Outcome>(resolve => {
      this.waiting.set(id, answer => {
        this.waiting.delete(id);
        request.answer = answer;
        request.answeredAt = this.clock.now;
        onAnswer?.(answer);
        resolve({ kind: 'answered', answer });
      });
    });
    this.lambda.invoke((services, context) => this.code(event, context, services), { request });
    const timeout = this.clock.sleep(request.deadline - request.sentAt).then((): Outcome => ({ kind: 'timeout' }));
    const disturbed = disturbance ? [disturbance.then((): Outcome => ({ kind: 'disturbed' }))] : [];
    const outcome = await Promise.race([answered, timeout, ...disturbed]);
    if (outcome.kind === 'answered') return outcome;
    this.waiting.delete(id);
    request.givenUpAt = this.clock.now;
    this.history.say(`CloudFormation: gives up ${short(id)}, ${outcome.kind === 'disturbed' ? 'because something else has happened' : 'because its time is up'}`);
    return outcome;
  }

  private eventOf({ type, template, id: physicalId, old, stackId }: Asking, id: string): CloudFormationCustomResourceEvent {
    return {
      RequestType: type,
      ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:App-Starter',
      ResponseURL: this.urlOf(stackId, template.logicalId, id),
      StackId: stackId,
      RequestId: id,
      LogicalResourceId: template.logicalId,
      ResourceType: TASK_EXECUTION_RESOURCE_TYPE,
      ResourceProperties: propertiesOf(template, this.scenario, stackId),
      ...(physicalId ? { PhysicalResourceId: physicalId } : {}),
      ...(old ? { OldResourceProperties: propertiesOf(old, this.scenario, stackId) } : {}),
    } as unknown as CloudFormationCustomResourceEvent;
  }

  /** A presigned URL as seen in the wild (protocol, trap 10); emulators have no date in theirs. */
  private urlOf(stackId: string, logicalId: string, id: string): string {
    const base = `https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com/${encodeURIComponent(`${stackId}|${logicalId}|${id}`)}`;
    const date = new Date(this.clock.now).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
    return this.scenario.cloudformation.dated
      ? `${base}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${date}&X-Amz-SignedHeaders=host&X-Amz-Expires=7200&X-Amz-Credential=x&X-Amz-Signature=y`
      : base;
  }

  /** Whether an execution must start, may, or must not (design, section 5). */
  private wantedOf({ type, template, id, old, status, reversing }: Asking): Wanted {
    const { runOn, onDelete } = this.scenario;
    if (type === 'Create') return 'start';
    if (type === 'Delete' && template.logicalId === FIRST && onDelete && status === 'DELETE_IN_PROGRESS' && EXECUTION_ARN.test(id!)) return 'maybe';
    if (type === 'Delete' || status !== 'UPDATE_IN_PROGRESS') return 'nothing';
    if (!EXECUTION_ARN.test(id!)) return reversing ? 'maybe' : 'start';
    const settings = settingsOf(template, this.scenario);
    const unchanged = settings === settingsOf(old!, this.scenario);
    const incoming = this.history.executions.find(({ arn }) => arn === id);
    // By the time it is looked at, what runs on the task of before can have ended.
    if (template.taskArn !== old!.taskArn || (incoming && incoming.taskArn !== template.taskArn)) return 'maybe';
    const ranWith = incoming && this.history.requests.find(request => incoming.tags[TAG_REQUEST] === request.id)?.settings;
    if (incoming && incoming.goneAt === undefined && ranWith === settings) {
      // What is waited for may fail before anybody looks, and then has to be run again.
      if (waitsForEnd(this.scenario, template.logicalId) && isPendingAt(incoming, this.clock.now)) return 'maybe';
      const hasFailed = waitsForEnd(this.scenario, template.logicalId) && statusAt(incoming, this.clock.now) !== 'SUCCESS';
      if (incoming.cancelledBy === undefined && !hasFailed) return 'nothing';
      // What fails has cost the predecessor, perhaps; going back does not start it again (protocol 1.9).
      return runOn === 'CREATE' || unchanged || reversing ? 'maybe' : 'start';
    }
    if (runOn === 'CREATE') return 'nothing';
    if (!unchanged) return reversing ? 'maybe' : 'start';
    return ranWith === undefined || (incoming && isPendingAt(incoming, this.clock.now)) ? 'nothing' : 'maybe';
  }
}
