import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { clientAddressOf } from './client-address.ts';

function requestFrom(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const message = new IncomingMessage(socket);
  if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded;
  return message;
}

const proxies = ['10.0.0.0/8', '2001:db8::/32'];

test.each<[string, string | undefined, string | undefined, string | null]>([
  ['nobody declared sent it', '192.0.2.7', '203.0.113.9', '192.0.2.7'],
  ['one proxy', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['one proxy, as a socket of both families names it', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['two proxies', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
  ['a client that made up a hop', '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['a client that says it is a proxy', '10.0.0.1', '10.9.9.9, 203.0.113.9', '203.0.113.9'],
  ['IPv6', '2001:db8::1', '2001:db9::7', '2001:db9::7'],
  ['IPv6 with a port', '2001:db8::1', '[2001:db9::7]:443', '2001:db9::7'],
  ['IPv4 with a port', '10.0.0.1', '203.0.113.9:5123', '203.0.113.9'],
  ['the proxy itself', '10.0.0.1', undefined, '10.0.0.1'],
  ['only proxies', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ['no address', '10.0.0.1', 'unknown', null],
  ['a network is no address', '10.0.0.1', '203.0.113.0/24', null],
  ['a connection that ended', undefined, '203.0.113.9', null],
])('%s', (_, remote, forwarded, address) => {
  expect(clientAddressOf(requestFrom(remote, forwarded), proxies)).toBe(address);
});

test('without declared proxies the header says nothing', () => {
  expect(clientAddressOf(requestFrom('10.0.0.1', '203.0.113.9'), [])).toBe('10.0.0.1');
});
