import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromLedgerToken, noVersions, toLedgerToken } from './ledger-token.ts';

const version = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const shown = fc.array(fc.record({ accountId: fc.uuid(), version: version.map(String) }), {
  minLength: 1,
  maxLength: 20,
});

test('a token is read back', () => {
  fc.assert(
    fc.property(shown, (readings) => {
      const seen = fromLedgerToken(toLedgerToken(noVersions, readings) ?? '');
      for (const { accountId } of readings) {
        const newest = readings.filter((other) => other.accountId === accountId).map((other) => BigInt(other.version));
        expect(seen?.get(accountId)).toBe(newest.toSorted((a, b) => Number(a - b)).at(-1));
      }
    }),
  );
});

test('an older answer does not replace a newer version', () => {
  const accountId = '01900000-0000-7000-8000-000000000001';
  const before = new Map([[accountId, 7n]]);
  expect(fromLedgerToken(toLedgerToken(before, [{ accountId, version: '5' }]) ?? '')?.get(accountId)).toBe(7n);
});

test('a token is bounded: the last shown accounts stay', () => {
  const readings = Array.from({ length: 100 }, (_, n) => ({
    accountId: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    version: String(n),
  }));
  const token = toLedgerToken(noVersions, readings) ?? '';
  expect(token.length).toBeLessThan(1_100);
  expect([...(fromLedgerToken(token)?.values() ?? [])]).toEqual(Array.from({ length: 32 }, (_, n) => BigInt(n + 68)));
});

test.each(['', 'lt1', 'lt1.x', 'lt1.AAAA', 'lt2.', `lt1.${'A'.repeat(1_025)}`, 'lt1.????'])(
  '%s is not a token',
  (text) => {
    expect(fromLedgerToken(text)).toBeNull();
  },
);
