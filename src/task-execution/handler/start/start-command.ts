import { StartTaskExecutionCommand } from '@aws-sdk/client-datasync';
import type { Options } from '@aws-sdk/client-datasync';
import { TAG_OWNER, TAG_PURPOSE, TAG_REQUEST, TAG_VALUES } from '../../contract';
import type { Identity } from '../identity';
import type { StartRequest } from '../parse';

/** The StartTaskExecution of a request. */
export function startCommand(
  request: StartRequest, { owner, request: id, values, purpose }: Identity, overrideOptions: Options | undefined,
): StartTaskExecutionCommand {
  const command = new StartTaskExecutionCommand({
    TaskArn: request.taskArn,
    OverrideOptions: overrideOptions,
    Includes: request.includes,
    Excludes: request.excludes,
    ManifestConfig: request.manifestConfig,
    TaskReportConfig: request.taskReportConfig,
    Tags: [
      ...request.tags,
      { Key: TAG_REQUEST, Value: id },
      { Key: TAG_OWNER, Value: owner },
      ...(values === undefined ? [] : [{ Key: TAG_VALUES, Value: values }]),
      ...(purpose === undefined ? [] : [{ Key: TAG_PURPOSE, Value: purpose }]),
    ],
  });
  if (overrideOptions) passAllOptions(command, overrideOptions);
  return command;
}

/** The SDK drops, without a word, every option that its own list of them lacks, such as ObjectMetadata: put them back into the body. */
function passAllOptions(command: StartTaskExecutionCommand, OverrideOptions: Options): void {
  command.middlewareStack.add(next => async args => {
    const request = args.request as { body?: unknown };
    const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body as Uint8Array);
    request.body = JSON.stringify({ ...JSON.parse(body), OverrideOptions });
    return next(args);
  }, { step: 'build', priority: 'high', name: 'passAllOptions' }); // before the length of the body is counted, and before it is signed
}
