import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors';

/** Names of this machine that nobody else can have. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses pages of other web sites, which must not look in through the user's browser, nor change anything. A request from one of their
 * pages says so (`Sec-Fetch-Site`, and `Origin` with everything but a plain GET); a name of theirs that they made to lead here stands in
 * `Host`, and then the page takes itself for the emulator's own. What is no browser sends neither of the former, and a client in a
 * container may know this machine by another name.
 *
 * @param anyName whether what is no page may call the emulator by any name; not for what a page gets with a plain GET
 */
export function checkOrigin({ headers, method }: IncomingMessage, anyName: boolean): void {
  const { host = '', origin, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
  const isPage = origin !== undefined || site !== 'none';
  if ((isPage || !anyName) && !LOOPBACK.includes(host.replace(/:\d+$/, ''))) {
    throw forbidden(`the host '${host.slice(0, 100)}' is not this machine; use 127.0.0.1`);
  }
  if (origin !== undefined && origin !== `http://${host}`) throw forbidden('pages of another origin may not use it');
  const isLink = method === 'GET' && mode === 'navigate' && destination === 'document';
  if (site !== 'same-origin' && site !== 'none' && !isLink) throw forbidden('pages of another site may not use it');
}

function forbidden(why: string): ServiceError {
  return new ServiceError('AccessDeniedException', `Refused: ${why}`, 403);
}
