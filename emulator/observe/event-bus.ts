import { callAws, describeFailure } from '../local-services/aws-call';
import type { StateChangeEvent } from '../model/events';
import { LOCAL_EVENT_SOURCE } from '../model/events';

const PUT_EVENTS = { service: 'events', target: 'AWSEvents.PutEvents' };
/** As many as PutEvents takes at a time. */
const BATCH = 10;
/** More than these do not wait for a bus that does not answer: the oldest are lost. */
const MAX_WAITING = 1_000;

/** Where events are sent to. */
export interface EventBusOptions {
  /** URL of an endpoint that has EventBridge. The events go to its default bus. */
  readonly endpoint: string;
  /** What the events say they come from. @default local.datasync */
  readonly source?: string;
}

/** Sends events to EventBridge, in their order. Best effort, as the service's own: what the bus does not take is lost, and the emulator goes on. */
export class EventBus {
  private readonly waiting: StateChangeEvent[] = [];
  private sending?: Promise<void>;
  private isFailing = false;
  private isClosing = false;

  constructor(private readonly options: EventBusOptions) {}

  /** Sends the event soon. */
  public send(event: StateChangeEvent): void {
    this.waiting.push(event);
    if (this.waiting.length > MAX_WAITING) this.waiting.shift();
    this.sending ??= this.sendWaiting().finally(() => { this.sending = undefined; });
  }

  /** Sends what waits; gives up on it when the bus fails once more. */
  public async close(): Promise<void> {
    this.isClosing = true;
    await this.sending;
  }

  private async sendWaiting(): Promise<void> {
    await Promise.resolve(); // what happens in the same moment goes together
    while (this.waiting.length > 0) {
      const [{ account, region }] = this.waiting;
      const others = this.waiting.findIndex(event => event.account !== account || event.region !== region);
      const batch = this.waiting.splice(0, Math.min(BATCH, others < 0 ? BATCH : others));
      try {
        const input = { Entries: batch.map(event => this.entryOf(event)) };
        const { Entries = [] } = await callAws(this.options.endpoint, PUT_EVENTS, { account, region }, input);
        this.settled(Entries.find(({ ErrorCode }: { ErrorCode?: string }) => ErrorCode));
      } catch (error) {
        this.settled({ ErrorCode: describeFailure(error) });
        if (this.isClosing) this.waiting.length = 0;
      }
    }
  }

  private entryOf(event: StateChangeEvent): object {
    return {
      Source: this.options.source ?? LOCAL_EVENT_SOURCE,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
      Resources: event.resources,
      Time: Date.parse(event.time) / 1000,
    };
  }

  /** Tells the first failure after a success, not each. */
  private settled(failure: { ErrorCode: string; ErrorMessage?: string } | undefined): void {
    if (failure && !this.isFailing) {
      const hint = failure.ErrorCode === 'NotAuthorizedForSourceException' ? '; give --events-source a name that does not start with aws.' : '';
      const reason = [failure.ErrorCode, failure.ErrorMessage].filter(Boolean).join(': ');
      console.error(`Events are lost, ${this.options.endpoint} does not take them: ${reason}${hint}`);
    }
    this.isFailing = failure !== undefined;
  }
}
