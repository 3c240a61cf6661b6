import { Readable } from 'node:stream';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { OPERATIONS } from '../../emulator/model/api';
import { problemsOf } from '../../emulator/model/validation';

/** Those of the service, and those that every AWS service has. */
const KNOWN_ERRORS = ['InvalidRequestException', 'InternalException', 'SerializationException', 'UnknownOperationException', 'ValidationException', 'AccessDeniedException'];

/** Sends an SDK client's requests, and fails when an answer is not what the API model says an answer looks like. */
export class CheckedHandler extends NodeHttpHandler {
  public async handle(...[request, options]: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    const { response } = await super.handle(request, options);
    const body = Buffer.concat(await response.body.toArray());
    const problems = problemsOfAnswer(String(request.headers['x-amz-target']).split('.')[1], response.statusCode, JSON.parse(body.toString()));
    if (problems.length > 0) throw new Error(`the answer breaks the API model: ${problems.join('; ')}`);
    response.body = Readable.from([body]);
    return { response };
  }
}

/** What is wrong with an answer, according to the API model. */
export function problemsOfAnswer(operation: string, statusCode: number, answer: any): string[] {
  if (statusCode === 200) {
    // The published pattern of URIs leaves out characters that are allowed in a Subdirectory.
    return problemsOf(OPERATIONS[operation].output, answer).filter(problem => !/at '(\S*\.)?LocationUri'/.test(problem));
  }
  const known = KNOWN_ERRORS.includes(answer.__type) && typeof answer.message === 'string' && statusCode >= 400;
  return known ? [] : [`${statusCode} ${JSON.stringify(answer)}`];
}
