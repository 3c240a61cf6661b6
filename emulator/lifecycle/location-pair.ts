import type { TaskMode } from '@aws-sdk/client-datasync';
import { InvalidRequestError } from '../errors';
import { Location } from '../model/location';

/**
 * Checks whether the service transfers from the one to the other, in that mode.
 *
 * @throws InvalidRequestError naming what does not fit
 */
export function checkPair(source: Location, destination: Location, mode: TaskMode): void {
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
