import type { TaskMode } from '@aws-sdk/client-datasync';
import { InvalidRequestError } from '../errors';
import { scopeOfArn } from './arns';
import type { Location } from './location';

type Paired = Pick<Location, 'arn' | 'type' | 'agentArns'>;

/**
 * Checks whether the service transfers from the one to the other, in that mode.
 *
 * @throws InvalidRequestError naming what does not fit
 */
export function checkPair(source: Paired, destination: Paired, mode: TaskMode): void {
  if (!source.type.aws && !destination.type.aws) {
    throw new InvalidRequestError(
      `Invalid location pair: a task from ${source.type.name} to ${destination.type.name} is not supported. One of them must be an AWS storage service.`,
    );
  }
  for (const [{ type, agentArns, arn }, other] of [[source, destination], [destination, source]]) {
    if (!type.aws && agentArns.length === 0 && other.type.name !== 'S3') {
      throw new InvalidRequestError(
        `Invalid location pair: ${type.name} without an agent goes together with S3 only, got ${other.type.name}. Create location ${arn} with AgentArns.`,
      );
    }
    if (type.onlyMode && type.onlyMode.mode !== mode) {
      throw new InvalidRequestError(
        `Invalid parameter: TaskMode ${mode} is not for ${type.name} location ${arn}: ${type.onlyMode.reason}. please use ${type.onlyMode.mode}.`,
      );
    }
  }
}

/** Types that are reached in the Region of their agents only. */
const BOUND_TO_REGION: readonly string[] = ['NFS', 'SMB', 'HDFS', 'OBJECT_STORAGE'];

/**
 * Checks where the locations of a task are: one of two must be in the Region of the task, and none may be elsewhere when one of them cannot
 * cross Regions.
 *
 * @throws InvalidRequestError naming the locations that are elsewhere
 */
export function checkRegions(source: Location, destination: Location, region: string): void {
  const elsewhere = [source, destination].filter(({ arn }) => scopeOfArn(arn).region !== region);
  const bound = [source, destination].find(({ type }) => BOUND_TO_REGION.includes(type.name));
  if (elsewhere.length < (bound ? 1 : 2)) return;
  const rule = bound ? `A task with a ${bound.type.name} location cannot cross Regions.` : `One of its locations must be in ${region}.`;
  throw new InvalidRequestError(`Invalid location pair: not in the Region ${region} of the task: ${elsewhere.map(({ arn }) => arn).join(', ')}. ${rule}`);
}
