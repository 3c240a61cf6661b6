import { randomUUID } from 'node:crypto';
import type { DataSyncClient } from '@aws-sdk/client-datasync';
import { CreateLocationNfsCommand, DescribeAgentCommand, ListAgentsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-datasync';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { WireAgentProperties } from '../../../src/agent/activation/contract';
import { AGENT_RESOURCE_TYPE } from '../../../src/agent/activation/contract';
import { onFetch } from '../../../src/agent/activation/fetcher';
import { handleEvent, handleStep } from '../../../src/agent/activation/handler/deploy';
import type { EndpointInterface, Services } from '../../../src/agent/activation/handler/services';
import type { Answer } from '../../../src/custom-resource/respond';
import { isWaitStep } from '../../../src/custom-resource/step';
import type { WaitStep } from '../../../src/custom-resource/waiter/contract';
import { waiterDefinition } from '../../../src/custom-resource/waiter/definition';
import { FakeStateMachine } from '../../custom-resource/waiter/fake-state-machine';
import type { Harness, QuickServices } from '../../task-execution/handler/harness';
import { lambdaContext, LOGICAL_ID, quickServices, STACK_ID, startHarness } from '../../task-execution/handler/harness';

/** What goes wrong at a call: its effect or its answer is lost, or the process is gone. */
export type Fault = 'lost' | 'crash';
export type Faults = (call: string, moment: 'before' | 'after') => Fault | undefined | Promise<Fault | undefined>;

const NO_FAULTS: Faults = () => undefined;

/** An emulator with machines, a CloudFormation, a function and a state machine, in time that jumps. */
export class World {
  public static async start(): Promise<World> {
    return new World(await startHarness());
  }

  public faults: Faults = NO_FAULTS;
  /** What the machine's port 80 says before it is up: one text per request. */
  public booting: string[] = [];
  /** So many lists of agents do not have the newest yet. */
  public listLag = 0;
  public interfaces: EndpointInterface[] = [];
  public readonly urls: string[] = [];
  public readonly calls: string[] = [];
  public readonly machine: FakeStateMachine;
  /** Whatever left the process but for CreateAgent itself: logs, answers, data of the machine. */
  public readonly seen: string[] = [];
  public readonly keys: string[] = [];

  private readonly services: Services;
  private readonly hold: QuickServices['hold'];

  private constructor(public readonly h: Harness) {
    const quick = quickServices(h.client, { write: line => { this.seen.push(line); } });
    this.hold = quick.hold;
    const clock = {
      get now() { return quick.now(); },
      after: (milliseconds: number, action: () => void) => {
        const abort = new AbortController();
        quick.sleep(milliseconds, abort.signal).then(action, () => undefined);
        return () => abort.abort();
      },
      sleep: (milliseconds: number, signal = new AbortController().signal) => quick.sleep(milliseconds, signal),
    };
    this.machine = new FakeStateMachine(clock, waiterDefinition('arn:function'), payload => this.invoke(payload));
    this.services = {
      ...quick,
      states: async (operation, input) => {
        this.seen.push(JSON.stringify(input));
        return this.machine.call(operation, input);
      },
      fetchKey: (_, { Url }) => this.hold(async () => {
        this.urls.push(Url);
        const problem = this.booting.shift();
        if (problem) return { Problem: problem };
        const answer = await onFetch({ Url });
        if (answer.Key) this.keys.push(answer.Key);
        return answer;
      }),
      endpointInterfaces: async () => this.interfaces,
      datasync: clientOf(async (command, options) => {
        const answer = await sendOf(quick.datasync)(command, options);
        if (!(command instanceof ListAgentsCommand) || this.listLag <= 0) return answer;
        this.listLag--;
        return { Agents: [] };
      }),
    };
  }

  public properties(InstanceId: string, more: Partial<WireAgentProperties> = {}): WireAgentProperties {
    return {
      InstanceId,
      Address: `${new URL(this.h.emulator.url).host}/_emulator/machines/${InstanceId}`,
      Fetcher: 'Fetcher',
      EndpointType: 'PUBLIC',
      ActivationTimeout: '900',
      Waiter: this.machine.arn,
      ...more,
    };
  }

  /** Delivers an event as Lambda does, three times if need be, lets the machine go on to its end, and gives the answer. */
  public async deliver(type: 'Create' | 'Update' | 'Delete', more: Record<string, unknown>): Promise<Answer> {
    await this.send(type, more);
    await this.finish();
    return this.h.receiver.last();
  }

  /** @param minutes how late it comes */
  public async send(type: 'Create' | 'Update' | 'Delete', more: Record<string, unknown>, minutes = 0): Promise<void> {
    const event = this.h.event(type, { ResourceType: AGENT_RESOURCE_TYPE, RequestId: randomUUID(), ...more }, this.services.now() - minutes * 60_000);
    for (let delivery = 0; delivery < 3; delivery++) {
      try {
        await this.invoke(event);
        return;
      } catch (error) {
        this.calls.push(`delivery failed: ${(error as Error).name}`);
      }
    }
  }

  public async finish(): Promise<void> {
    while (this.machine.running.length > 0) await new Promise(resolve => setTimeout(resolve, 2));
  }

  /** ARNs and tags of all agents. */
  public async agents(): Promise<Array<{ arn: string; name?: string; tags: Record<string, string> }>> {
    const { Agents = [] } = await this.h.client.send(new ListAgentsCommand());
    return Promise.all(Agents.map(async ({ AgentArn }) => {
      const { Tags = [] } = await this.h.client.send(new ListTagsForResourceCommand({ ResourceArn: AgentArn }));
      const { Name } = await this.h.client.send(new DescribeAgentCommand({ AgentArn }));
      return { arn: AgentArn!, name: Name, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value!])) };
    }));
  }

  public async arns(): Promise<string[]> {
    return (await this.agents()).map(({ arn }) => arn);
  }

  public useInLocation(agentArn: string): Promise<unknown> {
    return this.h.client.send(new CreateLocationNfsCommand({
      ServerHostname: 'files.example.com', Subdirectory: '/', OnPremConfig: { AgentArns: [agentArn] },
    }));
  }

  private invoke(payload: CloudFormationCustomResourceEvent | WaitStep): Promise<unknown> {
    const never = new Promise<never>(() => {});
    let dead = false;
    return new Promise((resolve, reject) => {
      type Call<A extends unknown[], R> = (...args: A) => Promise<R>;
      const wrap = <A extends unknown[], R>(nameOf: string | ((...args: A) => string), call: Call<A, R>): Call<A, R> => async (...args) => {
        const name = typeof nameOf === 'string' ? nameOf : nameOf(...args);
        const at = async (moment: 'before' | 'after') => {
          const fault = await this.hold(async () => this.faults(name, moment));
          if (fault === 'lost') throw Object.assign(new Error('the connection was lost'), { name: 'TimeoutError' });
          if (fault !== 'crash') return;
          dead = true;
          reject(Object.assign(new Error('the process is gone'), { name: 'Lambda.Unknown' }));
          await never;
        };
        if (dead) return never;
        this.calls.push(name);
        await at('before');
        const result = await call(...args);
        if (dead) return never;
        await at('after');
        return result;
      };
      const { datasync, stack, states, put, fetchKey, endpointInterfaces, sleep } = this.services;
      const services: Services = {
        ...this.services,
        datasync: clientOf(wrap(command => command.constructor.name.replace('Command', ''), sendOf(datasync))),
        stack: wrap('DescribeStacks', stack),
        states: wrap(operation => operation, states),
        put: wrap('the answer', put),
        fetchKey: wrap('fetchKey', fetchKey),
        endpointInterfaces: wrap('endpointInterfaces', endpointInterfaces),
        sleep: (milliseconds, signal) => dead ? never : sleep(milliseconds, signal),
      };
      (isWaitStep(payload) ? handleStep(payload, lambdaContext(), services) : handleEvent(payload, lambdaContext(), services)).then(resolve, reject);
    });
  }
}

/** What a client of the SDK does, for any command. */
type Send = (command: object, options?: { abortSignal?: AbortSignal }) => Promise<unknown>;

const sendOf = (client: Services['datasync']): Send => client.send.bind(client) as Send;
const clientOf = (send: Send): Services['datasync'] => ({ send: send as DataSyncClient['send'] });

export const OWNER = `${STACK_ID}/${LOGICAL_ID}`;

/** One fault, the first time that a call comes there. */
export function once(call: string, moment: 'before' | 'after', fault: Fault): Faults {
  let isOver = false;
  return (at, when) => {
    if (isOver || at !== call || when !== moment) return undefined;
    isOver = true;
    return fault;
  };
}
