import type { Scenario } from './scenario';
import type { VirtualClock } from '../../../custom-resource/fault-simulation/clock';
import { serviceError } from '../../../custom-resource/fault-simulation/service-error';

interface Agent {
  readonly instance: string;
  readonly madeAt: number;
  readonly onlineAt: number;
  name?: string;
  readonly tags: Map<string, string>;
}

interface Instance {
  /** When its port 80 opens. */
  readonly bootedAt: number;
  /** So long its agent is offline, in seconds. */
  readonly offline: number;
  key?: string;
  isTerminated?: boolean;
}

/** Instances that give their key once, and the agents of DataSync. */
export class FakeAccount {
  public readonly agents = new Map<string, Agent>();
  public readonly instances = new Map<string, Instance>();
  /** Keys that instances have given. */
  public readonly keys: string[] = [];
  private made = 0;

  constructor(private readonly clock: VirtualClock, private readonly scenario: Scenario, private readonly say: (text: string) => void) {}

  public launch(boots: number, offline: number): string {
    const id = `i-${String(this.instances.size + 1).padStart(17, '0')}`;
    this.instances.set(id, { bootedAt: this.clock.now + boots * 1000, offline });
    return id;
  }

  /** CloudFormation deletes an instance after what depends on it. */
  public terminateAllBut(id?: string): void {
    for (const [other, instance] of this.instances) instance.isTerminated ||= other !== id;
  }

  public fetchKey(url: string): { Key?: string; Problem?: string } {
    const [, id] = /\/\/(i-\d+)\//.exec(url)!;
    const instance = this.instances.get(id)!;
    if (instance.isTerminated) return { Problem: 'EHOSTUNREACH' };
    if (this.clock.now < instance.bootedAt) return { Problem: 'ECONNREFUSED' };
    if (instance.key !== undefined) return { Problem: 'an answer without a key, of HTTP status 404' };
    instance.key = `KEY-OF-${id}`;
    this.keys.push(instance.key);
    this.say(`${id} gives its key`);
    return { Key: instance.key };
  }

  public send(name: string, input: any): object {
    switch (name) {
      case 'CreateAgent': return this.create(input);
      case 'ListAgents': return { Agents: [...this.agents].filter(([, { madeAt }]) => this.clock.now - madeAt >= this.scenario.listLag * 1000).map(([AgentArn]) => ({ AgentArn })) };
      case 'ListTagsForResource': return { Tags: [...this.find(input.ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })) };
      case 'DescribeAgent': return { Status: this.clock.now >= this.find(input.AgentArn).onlineAt ? 'ONLINE' : 'OFFLINE' };
      case 'DeleteAgent': {
        this.find(input.AgentArn);
        this.agents.delete(input.AgentArn);
        this.say(`${input.AgentArn.slice(-3)} is deleted`);
        return {};
      }
      case 'TagResource': {
        for (const { Key, Value } of input.Tags) this.find(input.ResourceArn).tags.set(Key, Value);
        return {};
      }
      case 'UntagResource': {
        for (const key of input.Keys) this.find(input.ResourceArn).tags.delete(key);
        return {};
      }
      case 'UpdateAgent': {
        this.find(input.AgentArn).name = input.Name;
        return {};
      }
      default: throw new Error(`no such operation: ${name}`);
    }
  }

  private create({ ActivationKey, AgentName, Tags }: any): object {
    const found = [...this.instances].find(([, { key }]) => key === ActivationKey);
    if (!found || [...this.agents.values()].some(({ instance }) => instance === found[0])) {
      throw serviceError('InvalidRequestException', 'Invalid activation key');
    }
    const arn = `arn:aws:datasync:us-east-1:111122223333:agent/agent-${String(++this.made).padStart(17, '0')}`;
    const [instance, { offline }] = found;
    this.agents.set(arn, {
      instance,
      madeAt: this.clock.now,
      onlineAt: this.clock.now + offline * 1000,
      name: AgentName,
      tags: new Map(Tags.map(({ Key, Value }: any) => [Key, Value])),
    });
    this.say(`${arn.slice(-3)} is made of ${instance}`);
    return { AgentArn: arn };
  }

  private find(arn: string): Agent {
    const agent = this.agents.get(arn);
    if (!agent) throw serviceError('InvalidRequestException', `Agent ${arn} does not exist.`);
    return agent;
  }
}
