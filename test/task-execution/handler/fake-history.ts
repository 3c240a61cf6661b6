import { TAG_REQUEST } from '../../../src/task-execution/contract';
import type { Services } from '../../../src/task-execution/handler/datasync/services';

export interface FakeExecution {
  readonly arn: string;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly request?: string;
}

export const TASK_ARN = 'arn:aws:datasync:us-east-1:000000000000:task/task-0123456789abcdef0';

export function executionArn(n: number): string {
  return `${TASK_ARN}/execution/exec-${n.toString(16).padStart(17, '0')}`;
}

/** A fake DataSync with a long history, which counts what it is asked. `listed` is the order in which it lists. */
export function fakeHistory(listed: FakeExecution[], task: { Status?: string; CurrentTaskExecutionArn?: string } = {}): { datasync: Services['datasync']; calls: Record<string, number> } {
  const calls: Record<string, number> = {};
  const find = (arn: string) => {
    const found = listed.find(execution => execution.arn === arn);
    if (!found) throw Object.assign(new Error(`${arn} is not found.`), { name: 'InvalidRequestException', $metadata: { httpStatusCode: 400 } });
    return found;
  };
  const answer = (name: string, input: Record<string, never>) => {
    switch (name) {
      case 'DescribeTaskCommand': return task;
      case 'DescribeTaskExecutionCommand': {
        const { status, startTime } = find(input.TaskExecutionArn);
        return { Status: status, StartTime: new Date(startTime) };
      }
      case 'ListTagsForResourceCommand': {
        const { request } = find(input.ResourceArn);
        return { Tags: request === undefined ? [] : [{ Key: TAG_REQUEST, Value: request }] };
      }
      case 'ListTaskExecutionsCommand': {
        const start = Number(input.NextToken ?? 0);
        const end = start + Number(input.MaxResults);
        return {
          TaskExecutions: listed.slice(start, end).map(({ arn, status }) => ({ TaskExecutionArn: arn, Status: status })),
          NextToken: end < listed.length ? String(end) : undefined,
        };
      }
      default: throw new Error(`the fake does not know ${name}`);
    }
  };
  const send = async (command: { constructor: { name: string }; input: Record<string, never> }) => {
    const { name } = command.constructor;
    calls[name] = (calls[name] ?? 0) + 1;
    return answer(name, command.input);
  };
  return { datasync: { send } as unknown as Services['datasync'], calls };
}
