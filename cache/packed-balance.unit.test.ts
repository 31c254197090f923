import { expect, test } from '@jest/globals';
import { packBalance, unpackBalance } from './packed-balance.ts';

const ttlMs = 5_000;
const place = { key: '1:bal:a', macKey: Buffer.alloc(32, 7), now: 1_795_000_000_000 };
const packed = packBalance({ accountId: 'a', version: '7', posted: '-70', held: '9', seq: '3' }, place);
const balance = { version: 7n, posted: -70n, held: 9n, seq: 3n };

test('a balance is read back at its place', () => {
  expect(unpackBalance(packed, place, ttlMs)).toEqual(balance);
});

test.each([
  ['at the place of another account', packed, { key: '1:bal:b' }],
  ['with the key of another database', packed, { macKey: Buffer.alloc(32, 8) }],
  ['with another amount', packed.replace(':-70:', ':-71:'), {}],
  ['with a higher version', packed.replace('7:', '8:'), {}],
  ['with a later time', packed.replace('1795000000000', '1795000000001'), {}],
  ['without its checksum', packed.slice(0, packed.lastIndexOf(':')), {}],
  ['with half of its checksum', packed.slice(0, -11), {}],
  ['with a line break', `${packed}\n`, {}],
])('%s it is a miss', (_, text, other) => {
  expect(unpackBalance(text, { ...place, ...other }, ttlMs)).toBeNull();
});

test.each([
  [-1_001, false],
  [-1_000, true],
  [0, true],
  [3_999, true],
  [4_000, false],
  [60_000, false],
])('%i ms after it was written it is shown: %s', (later, isShown) => {
  expect(unpackBalance(packed, { ...place, now: place.now + later }, ttlMs)).toEqual(isShown ? balance : null);
});
