import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../errors';

/** Names of this machine that no other machine can have. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses requests from pages of other web sites in the user's browser, which could read or change something here.
 * - CSRF: the browser says that a request comes from another site, in `Sec-Fetch-Site`, and in `Origin` with everything but a plain GET.
 * - DNS rebinding: a site lets a name of its own lead to this machine, so that the browser takes its page for one of the emulator. That name
 *   stands in `Host`.
 *
 * Clients that are no browsers send neither `Sec-Fetch-Site` nor `Origin`, and one in a container may know this machine by another name.
 *
 * @param anyName whether clients that are no browsers may call the emulator by any name; not for what a page gets with a plain GET
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
