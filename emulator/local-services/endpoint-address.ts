import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';

/**
 * What an endpoint is, whatever its spelling: `<address>:<port>/<path>/` for each address of its host. All addresses of this machine count as one.
 * A host that cannot be looked up is its own address.
 */
export async function addressesOf(endpoint: string): Promise<string[]> {
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const rest = `:${port || (protocol === 'https:' ? '443' : '80')}${pathname.replace(/\/*$/, '/')}`;
  const addresses = await resolve(hostname.replace(/^\[|\]$/g, '').replace(/\.$/, ''));
  return [...new Set(addresses.map(address => `${isOfThisMachine(address) ? 'this machine' : address}${rest}`))];
}

async function resolve(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => unmapped(address));
  } catch {
    return [host];
  }
}

/** An address of IPv4, of which IPv6 has one that is the same: `::ffff:127.0.0.1`, which a URL has as `::ffff:7f00:1`. */
function unmapped(address: string): string {
  const [, dotted, high, low] = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([\da-f]+):([\da-f]+))$/i.exec(address) ?? [];
  if (high === undefined) return dotted ?? address;
  return [high, low].flatMap(group => [Math.floor(parseInt(group, 16) / 256), parseInt(group, 16) % 256]).join('.');
}

function isOfThisMachine(address: string): boolean {
  if (address.startsWith('127.') || ['::1', '0.0.0.0', '::'].includes(address)) return true;
  return Object.values(networkInterfaces()).some(found => found!.some(own => own.address === address));
}
