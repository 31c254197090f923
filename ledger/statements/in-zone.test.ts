import { expect, test } from '@jest/globals';
import { freshLedger } from '../../test/support/fixtures/ledger.ts';

const { pools } = freshLedger();

test.each([
  ['2026-10-31T23:00:00.000Z', 'Europe/Warsaw', '2026-11-01T00:00:00.000+01:00'],
  ['2026-10-25T00:59:59.999Z', 'Europe/Warsaw', '2026-10-25T02:59:59.999+02:00'],
  ['2026-10-25T01:00:00.000Z', 'Europe/Warsaw', '2026-10-25T02:00:00.000+01:00'],
  ['2026-11-01T02:00:00.000Z', 'America/St_Johns', '2026-10-31T23:30:00.000-02:30'],
  ['2026-11-01T00:00:00.000Z', 'Asia/Kathmandu', '2026-11-01T05:45:00.000+05:45'],
  ['2026-10-31T10:00:00.000Z', 'Pacific/Kiritimati', '2026-11-01T00:00:00.000+14:00'],
  ['2026-11-01T00:00:00.123Z', 'UTC', '2026-11-01T00:00:00.123+00:00'],
])('%s in %s is %s', async (at, zone, there) => {
  const { rows } = await pools.root.query('select ledger.rfc3339_in_zone($1, $2) as there', [at, zone]);
  expect(rows).toEqual([{ there }]);
  expect(new Date(there).toISOString()).toBe(at);
});

test.each([
  // At one o'clock clocks go back to midnight: the day begins with the first of the two.
  ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
  // Clocks go from midnight to one o'clock: the day begins with that.
  ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
  ['2026-11-01', 'Europe/Warsaw', '2026-10-31T23:00:00.000Z'],
])('%s in %s begins at %s', async (day, zone, at) => {
  const { rows } = await pools.root.query('select ledger.start_of_month($1, $2) as at', [day, zone]);
  expect(rows[0]?.at.toISOString()).toBe(at);
});

test('times of a zone that the database does not know are those of UTC', async () => {
  const { rows } = await pools.root.query(
    "select ledger.usable_zone('Mars/Base') as lost, ledger.usable_zone('Asia/Tokyo') as kept",
  );
  expect(rows).toEqual([{ lost: 'UTC', kept: 'Asia/Tokyo' }]);
});
