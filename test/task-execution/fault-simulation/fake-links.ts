import type { Outcome, Requests } from './custom-resource';
import type { Situation } from './fake-resource';
import { chainOf } from './scenario';
import type { Scenario } from './scenario';

/** One link of a long wait, as CloudFormation knows it. */
interface Link {
  readonly arn: string;
  /** It never came to be: it is deleted in the next operation, and created anew. */
  readonly failed?: boolean;
  /** Its last Update has failed: that which it had before, and with which the next operation compares. */
  readonly stable?: string;
}

/** The links of a long wait: one after the other, each updated exactly when the ARN of the execution has changed. */
export class FakeLinks {
  private links: Link[] = [];
  private before: Link[] = [];

  constructor(private readonly scenario: Scenario, private readonly requests: Requests) {}

  public beginOperation(): void {
    this.before = [...this.links];
  }

  /** @returns the outcome of the first that did not succeed; undefined if all are done */
  public async bring(arn: string, { disturbance, ...now }: Situation): Promise<Outcome | undefined> {
    for (let n = 0; n < chainOf(this.scenario).count; n++) {
      const existing = this.links[n];
      if (existing?.failed) await this.requests.sendLink({ ...now, type: 'Delete', n, arn: existing.arn });
      else if (existing && (existing.stable ?? existing.arn) === arn) continue;
      const old = existing?.failed ? undefined : existing?.stable ?? existing?.arn;
      const outcome = await this.requests.sendLink({ ...now, type: old ? 'Update' : 'Create', n, arn, old }, disturbance);
      const isGood = outcome.kind === 'answered' && outcome.answer.Status === 'SUCCESS';
      this.links[n] = { arn, failed: !isGood && !old, stable: isGood ? undefined : old };
      if (!isGood) return outcome;
    }
    return undefined;
  }

  /** What an update has touched goes back to the execution that the start has now; what it has made goes. */
  public async goBack(arn: string | undefined, now: () => Situation): Promise<void> {
    for (let n = 0; n < this.links.length; n++) {
      const [old, link] = [this.before[n], this.links[n]];
      if (!old || old.failed || arn === undefined || link === old) continue;
      await this.requests.sendLink({ ...now(), type: 'Update', n, arn, old: link.arn });
      this.links[n] = { arn };
    }
    await this.remove(now, this.before.length);
  }

  /** In reverse, as each depends on the one before. */
  public async remove(now: () => Situation, from = 0): Promise<void> {
    for (let n = this.links.length - 1; n >= from; n--) await this.requests.sendLink({ ...now(), type: 'Delete', n, arn: this.links[n].arn });
    this.links = this.links.slice(0, from);
  }
}
