import { expect, test } from '@jest/globals';
import { sourceNetworkOf } from './source-network.ts';

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['192.0.2.255', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:7:ffff:1::9', '2001:db8:7::/48'],
  ['2001:db8:8::', '2001:db8:8::/48'],
  ['not an address', null],
  ['', null],
  [null, null],
])('the network of %s is %s', (address, network) => {
  expect(sourceNetworkOf(address)).toBe(network);
});
