import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { handlerOf } from './api/handlers';
import { answerActivation, isActivation } from './control-api/activation';
import { checkOrigin } from './control-api/origin-check';
import { answerControlRequest, isControlRequest } from './control-api/route';
import { InternalError, NotEmulatedError, ServiceError, UnknownOperationError } from './errors';
import { sendAnswer } from './http/answer';
import { encodeCbor, refuseOtherProtocols, speaksCbor } from './http/other-protocols';
import { bodyOf, parseJson } from './http/request-body';
import { forgetOld } from './lifecycle/retention';
import { ofScope } from './local-services/scope-access';
import { OPERATIONS, shape, TARGET_PREFIX } from './model/api';
import { checkAccount } from './model/arns';
import type { Scope } from './model/scope';
import { scopeOf } from './model/scope';
import { parseInput, toWire } from './model/validation';
import type { State } from './state';

/** Longer than clients wait between two polls: a connection that closes just as it is used again looks like a failed request to them. */
const KEEP_ALIVE_MS = 75_000;

/** The HTTP side: AWS JSON 1.1 in, AWS JSON 1.1 out. */
export function createApiServer(state: State): Server {
  const server = createServer((request, response) => {
    if (isActivation(request)) return answerActivation(state, request, response);
    if (isControlRequest(request)) return void answerControlRequest(state, request, response);
    respond(state, request)
      .then(body => send(response, 200, body))
      .catch((error: unknown) => {
        const known = error instanceof ServiceError ? error : internal(error);
        send(response, known.httpStatus, known.toWire());
      });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function respond(state: State, request: IncomingMessage): Promise<object> {
  const body = await bodyOf(request);
  checkOrigin(request, true);
  refuseOtherProtocols(request);
  if (request.method !== 'POST') throw new UnknownOperationError(`${request.method} is not supported: every operation is a POST to /`, 405);
  const operation = operationOf(request);
  const handler = handlerOf(operation);
  if (!handler) throw new NotEmulatedError(operation);
  const { input, output } = OPERATIONS[operation];
  const caller = scopeOf(request.headers.authorization);
  const members = parseJson(body);
  checkLocations(input, members, caller);
  const parsed = parseInput(input, members);
  forgetOld(state.executions, state.clock.now()).forEach(({ arn }) => state.save(arn));
  return toWire(output, await state.faults.answer(operation, parsed, async () => {
    const perform = () => handler({ ...state, caller, s3: ofScope(state.s3, caller) }, parsed);
    if (/^(?:Describe|List)/.test(operation)) return perform();
    return state.durably(async () => {
      const result = await perform();
      arnsIn({ ...parsed, ...result }).forEach(arn => state.save(arn));
      if (operation.startsWith('CreateLocation')) state.publishLocationCreated(arnsIn(result)[0]);
      return result;
    });
  }));
}

/** The service asks whose location it is before it asks whether it is one: to it, a bucket is a location of nobody. */
function checkLocations(input: string, members: unknown, caller: Scope): void {
  for (const [name, of] of Object.entries(shape(input).members!)) {
    const arn: unknown = of === 'LocationArn' ? Reflect.get(Object(members), name) : undefined;
    if (typeof arn === 'string' && /^arn:[^:]*:[^:]*:[^:]*:[0-9]{0,12}:/.test(arn)) checkAccount(arn, caller);
  }
}

/** What an operation can have changed stands in its input or output under one of these names. */
function arnsIn(members: object): string[] {
  return ['AgentArn', 'LocationArn', 'TaskArn', 'TaskExecutionArn', 'ResourceArn'].map(name => Reflect.get(members, name)).filter(Boolean);
}

function operationOf({ headers }: IncomingMessage): string {
  const target = String(headers['x-amz-target'] ?? '');
  const [prefix, operation, ...rest] = target.split('.');
  if (prefix !== TARGET_PREFIX || rest.length > 0 || !Object.hasOwn(OPERATIONS, operation ?? '')) {
    throw new UnknownOperationError(`X-Amz-Target '${target.slice(0, 100)}' is not an operation of AWS DataSync`);
  }
  return operation;
}

function internal(error: unknown): InternalError {
  console.error(error);
  return new InternalError();
}

function send(response: ServerResponse, status: number, body: object): void {
  const isCbor = speaksCbor(response.req);
  sendAnswer(response, status, {
    'x-amzn-RequestId': randomUUID(),
    ...(isCbor ? { 'Content-Type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' } : { 'Content-Type': 'application/x-amz-json-1.1' }),
  }, isCbor ? encodeCbor(body) : JSON.stringify(body));
}
