import { lookup } from 'dns/promises';
import { networkInterfaces } from 'os';

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
    return (await lookup(host, { all: true })).map(({ address }) => address.replace(/^::ffff:(?=\d+\.)/i, ''));
  } catch {
    return [host];
  }
}

function isOfThisMachine(address: string): boolean {
  if (address.startsWith('127.') || ['::1', '0.0.0.0', '::'].includes(address)) return true;
  return Object.values(networkInterfaces()).some(found => found!.some(own => own.address === address));
}
