import { expect, test } from '@jest/globals';
import { areWithin, isInNetwork, toNetwork } from './network.ts';

test.each([
  ['192.0.2.7', '192.0.2.7/32'],
  ['192.0.2.0/24', '192.0.2.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8::1', '2001:db8::1/128'],
  ['2001:db8:0:0::/32', '2001:db8::/32'],
  ['::/0', '::/0'],
  ['::ffff:192.0.2.7', '192.0.2.7/32'],
  ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
])('%s is the network %s', (text, network) => {
  expect(toNetwork(text)).toBe(network);
  expect(toNetwork(network)).toBe(network);
});

test.each([
  '',
  '192.0.2.7/24',
  '192.0.2.0/33',
  '192.0.2.0/-1',
  '192.0.2.0/',
  '192.0.2',
  '3221225985',
  '0xc0.0.2.7',
  '192.0.02.7',
  '256.0.0.1',
  '2001:db8::1/32',
  '2001:db8::/129',
  'fe80::1%eth0',
  '::ffff:192.0.2.0/90',
  'example.com',
  ' 192.0.2.7',
])('%j is no network', (text) => {
  expect(toNetwork(text)).toBeNull();
});

test.each([
  ['192.0.2.7', '192.0.2.0/24', true],
  ['192.0.3.7', '192.0.2.0/24', false],
  ['::ffff:192.0.2.7', '192.0.2.0/24', true],
  ['192.0.2.7', '::/0', false],
  ['2001:db8::9', '2001:db8::/32', true],
  ['2001:db9::9', '2001:db8::/32', false],
  ['2001:db8::9', '0.0.0.0/0', false],
  ['nobody', '0.0.0.0/0', false],
])('%s in %s: %s', (address, network, isIn) => {
  expect(isInNetwork(address, network)).toBe(isIn);
});

test('networks are within others when each is part of one of them', () => {
  expect(areWithin(['192.0.2.0/25', '2001:db8::1/128'], ['192.0.2.0/24', '2001:db8::/32'])).toBe(true);
  expect(areWithin(['192.0.2.0/24'], ['192.0.2.0/25', '192.0.2.128/25'])).toBe(false);
  expect(areWithin(['192.0.0.0/16'], ['192.0.2.0/24'])).toBe(false);
});
