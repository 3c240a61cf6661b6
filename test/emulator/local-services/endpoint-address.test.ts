import dns from 'node:dns/promises';
import os from 'node:os';
import { addressesOf } from '../../../emulator/local-services/endpoint-address';

beforeEach(() => {
  const known: Record<string, string[]> = { 'localhost': ['127.0.0.1', '::1'], 'store.example.com': ['192.0.2.7', '2001:db8::7'], 'alias.example.com': ['192.0.2.7'], 'me.example.com': ['198.51.100.1'] };
  jest.spyOn(dns, 'lookup').mockImplementation(((host: string) => {
    const addresses = known[host.toLowerCase()] ?? (/^[\d.]+$|:/.test(host) ? [host] : undefined);
    return addresses ? Promise.resolve(addresses.map(address => ({ address, family: 4 }))) : Promise.reject(new Error('ENOTFOUND'));
  }) as typeof dns.lookup);
  jest.spyOn(os, 'networkInterfaces').mockReturnValue({ eth0: [{ address: '198.51.100.1' } as os.NetworkInterfaceInfo] });
});
afterEach(() => jest.restoreAllMocks());

test.each([
  ['http://127.0.0.1:9000', ['this machine:9000/']],
  ['http://localhost:9000/', ['this machine:9000/']],
  ['http://LOCALHOST:9000', ['this machine:9000/']],
  ['http://[::1]:9000', ['this machine:9000/']],
  ['http://[::ffff:127.0.0.1]:9000', ['this machine:9000/']],
  ['http://[::ffff:c000:207]:9000', ['192.0.2.7:9000/']],
  ['http://0.0.0.0:9000', ['this machine:9000/']],
  ['http://me.example.com:9000', ['this machine:9000/']],
  ['http://store.example.com', ['192.0.2.7:80/', '2001:db8::7:80/']],
  ['http://store.example.com:80', ['192.0.2.7:80/', '2001:db8::7:80/']],
  ['http://alias.example.com.', ['192.0.2.7:80/']],
  ['https://Alias.Example.com', ['192.0.2.7:443/']],
  ['https://alias.example.com/some//path//', ['192.0.2.7:443/some//path/']],
  ['http://gone.example.com', ['gone.example.com:80/']],
])('%s is %j', async (endpoint, addresses) => expect(await addressesOf(endpoint)).toEqual(addresses));
