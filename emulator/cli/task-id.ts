import { serverEndpoint } from './server-endpoint';
import type { TaskArn } from './task-arn';
import { parseTaskArn } from './task-arn';
import type { TaskEndpointOptions } from './task-endpoint';
import { idOf } from '../model/arns';

/** What `status` without an ARN shows of a task and of an execution. */
const ID = /^(?:task|exec)-[0-9a-f]{17}$/;

/** A task or an execution that was named, and where to look for it. */
export interface NamedTask<T> {
  readonly arn: TaskArn;
  readonly args: T;
}

/**
 * Takes the ARN of a task or of an execution, or its id alone. An id does not tell account and Region: it is looked for where `status` without an
 * ARN looks, and never in AWS.
 *
 * @throws Error that says what is wrong with it, or where it is not
 */
export async function findByName<T extends TaskEndpointOptions>(text: string, args: T): Promise<NamedTask<T>> {
  if (!ID.test(text)) return { arn: parseTaskArn(text), args };
  if (args.profile) throw new Error(`'${text}' does not tell the Region, which --profile needs; give the ARN`);
  const { endpoint, stack } = serverEndpoint(args.endpoint);
  const { fetchStatus } = await import('./server-status.js');
  const { tasks, executions } = await fetchStatus(endpoint).catch((error: Error) => {
    throw new Error(`'${text}' is an id, which only a server on this machine knows, and ${error.message}; of what is in AWS give the ARN`);
  });
  const found = [...tasks, ...executions].find(({ arn }) => idOf(arn) === text);
  if (!found) throw new Error(`${endpoint} has no '${text}'; "npx cdk-datasync status" shows what it has. Of what is in AWS give the ARN`);
  return { arn: parseTaskArn(found.arn), args: stack ? args : { ...args, endpoint } };
}
