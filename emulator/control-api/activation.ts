import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOrigin } from './origin-check';
import { ServiceError } from '../errors';
import { sendAnswer } from '../http/answer';
import { parseActivationRequest } from '../lifecycle/activation';
import type { State } from '../state';

/** Stands for port 80 of a machine: `http://127.0.0.1:4580/_emulator/machines/i-0123456789abcdef0/?gatewayType=SYNC&activationRegion=us-east-1&no_redirect`. */
const MACHINE = /^\/_emulator\/machines\/([\w-]+)\/?(?:\?(.*))?$/;

/** Is it for the machine of an agent? */
export function isActivation({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && MACHINE.test(url);
}

/** Answers as the agent on the machine does: with its key the first time, with a closed connection ever after. */
export function answerActivation({ activation }: Pick<State, 'activation'>, request: IncomingMessage, response: ServerResponse): void {
  const [, machine, query = ''] = MACHINE.exec(request.url!)!;
  const send = (status: number, text: string, headers = {}) =>
    sendAnswer(response, status, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store', ...headers }, text);
  const parameters = new URLSearchParams(query);
  try {
    checkOrigin(request, true);
    const wanted = parseActivationRequest(parameters);
    const key = activation.issue(machine, wanted);
    if (key === undefined) {
      request.socket.destroy();
    } else if (parameters.has('no_redirect')) {
      send(200, key);
    } else {
      const target = new URLSearchParams({ gatewayType: 'SYNC', activationRegion: wanted.region, activationKey: key });
      send(302, '', { Location: `https://console.aws.amazon.com/datasync/home?${target}` });
    }
  } catch (error) {
    send(error instanceof ServiceError ? error.httpStatus : 400, (error as Error).message);
  }
}
