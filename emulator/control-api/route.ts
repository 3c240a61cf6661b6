import type { IncomingMessage, ServerResponse } from 'node:http';
import { consoleRoutes } from './console';
import { InternalError, ServiceError } from '../errors';
import type { State } from '../state';
import { agentRoutes } from './agents';
import { faultRoutes } from './faults';
import { checkOrigin } from './origin-check';
import { provisionRoutes } from './provision';
import { sendAnswer } from '../http/answer';
import { bodyOf, parseJson } from '../http/request-body';

/** Below it is everything that the service does not have, but for the page at `/`. */
const PREFIX = '/_emulator/';

/** One route of the control API. */
export interface ControlRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Matches the whole path of the URL; what its groups capture is handed over, decoded. */
  readonly path: RegExp;
  /** `body` is the request's JSON, `{}` without one. Errors that the caller is to see are `ServiceError`s. */
  answer(state: State, body: unknown, ...captured: string[]): ControlAnswer | Promise<ControlAnswer>;
}

/** JSON, or a page with headers of its own. */
export type ControlAnswer = { readonly json: unknown } | { readonly html: string; readonly headers: Readonly<Record<string, string>> };

/** Every route. A new group of routes is a new file and a line here. */
const ROUTES: readonly ControlRoute[] = [...agentRoutes, ...faultRoutes, ...consoleRoutes, ...provisionRoutes];

/** Is it a request of the control API? A call of the service is a POST to `/`; with a target it is one whatever else it looks like. */
export function isControlRequest({ method = '', url = '', headers }: IncomingMessage): boolean {
  if (headers['x-amz-target'] !== undefined) return false;
  return url.startsWith(PREFIX) || (pathOf(url) === '/' && ['GET', 'HEAD'].includes(method));
}

/** Answers a request of the control API. Never rejects. */
export async function answerControlRequest(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await bodyOf(request);
    checkOrigin(request, false);
    const answer = await dispatch(state, request, body);
    if ('html' in answer) send(response, 200, answer.html, { 'Content-Type': 'text/html; charset=utf-8', ...answer.headers });
    else send(response, 200, JSON.stringify(answer.json));
  } catch (error) {
    if (!(error instanceof ServiceError)) console.error(error);
    const known = error instanceof ServiceError ? error : new InternalError();
    send(response, known.httpStatus, JSON.stringify(known.toWire()));
  }
}

async function dispatch(state: State, { method = '', url = '' }: IncomingMessage, body: Buffer): Promise<ControlAnswer> {
  const path = pathOf(url);
  const routes = ROUTES.filter(route => route.path.test(path));
  const route = routes.find(one => one.method === (method === 'HEAD' ? 'GET' : method));
  if (route) return route.answer(state, parseJson(body), ...route.path.exec(path)!.slice(1).map(decode));
  if (routes.length === 0) throw notFound(path);
  throw new ServiceError('MethodNotAllowed', `${method} is not supported here, only ${routes.map(one => one.method).join(', ')}`, 405);
}

function notFound(path: string): ServiceError {
  return new ServiceError('NotFound', `There is nothing at ${path.slice(0, 100)}`, 404);
}

function pathOf(url: string): string {
  return url.split('?')[0];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notFound(text);
  }
}

function send(
  response: ServerResponse, status: number, text: string, headers: Readonly<Record<string, string>> = { 'Content-Type': 'application/json' },
): void {
  sendAnswer(response, status, { 'Cache-Control': 'no-store', 'Cross-Origin-Resource-Policy': 'same-origin', 'X-Content-Type-Options': 'nosniff', ...headers }, text);
}
