import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { v7 as uuidV7 } from 'uuid';
import { refusedSignInsMax } from '../../ledger/archive/note-refused-sign-ins.ts';
import { createRefusedSignInCounts, type RefusedSignIn } from './refused-sign-ins.ts';

const madeUp = (changes: Partial<RefusedSignIn> = {}): RefusedSignIn => ({
  ...{ reason: 'made_up_key', tenantId: null, last4: 'abcd', address: '192.0.2.7' },
  ...changes,
});

function countsOf(bounds?: { apartMax: number; networksMax: number }) {
  const clock = { ms: Date.parse('2026-11-01T10:00:00.000Z') };
  const crowded = { count: 0 };
  const counts = createRefusedSignInCounts({
    nowMs: () => clock.ms,
    onCrowded: () => {
      crowded.count += 1;
    },
    ...(bounds && { bounds }),
  });
  const note = (...some: RefusedSignIn[]) => some.forEach(counts.note);
  const take = () => counts.take(refusedSignInsMax);
  return { note, take, clock, crowded };
}
const sumOf = (rows: readonly { count: number }[]) => rows.reduce((sum, { count }) => sum + count, 0);

test('equal ones are one row with the first and the last time, in the window in which they came', () => {
  const { note, take, clock } = countsOf();
  clock.ms += 4_000;
  note(madeUp());
  clock.ms += 3_000;
  // Another address of the same network.
  note(madeUp({ address: '192.0.2.200' }));
  expect(take()).toEqual([
    {
      ...{ id: expect.any(String), reason: 'made_up_key', tenantId: null, last4: 'abcd', network: '192.0.2.0/24' },
      ...{ count: 2, windowAt: '2026-11-01T10:00:00.000Z' },
      ...{ firstAt: '2026-11-01T10:00:04.000Z', lastAt: '2026-11-01T10:00:07.000Z' },
    },
  ]);
  note(madeUp());
  expect(take()).toMatchObject([{ count: 1, windowAt: '2026-11-01T10:00:07.000Z' }]);
  expect(take()).toEqual([]);
});

test('reasons, keys, tenants and networks are counted apart', () => {
  const { note, take, crowded } = countsOf();
  const others = [
    ...[madeUp(), madeUp({ last4: 'efgh' }), madeUp({ address: '192.0.3.7' }), madeUp({ address: null, last4: null })],
    ...[madeUp({ reason: 'revoked', tenantId: uuidV7() }), madeUp({ reason: 'revoked', tenantId: uuidV7() })],
    ...[madeUp({ reason: 'no_key', last4: null }), madeUp({ reason: 'unknown_key' })],
  ];
  note(...others, ...others);
  expect(take().map(({ count }) => count)).toEqual(others.map(() => 2));
  expect(crowded.count).toBe(0);
});

test('a flood of 100,000 made-up keys from everywhere is one call of rows, which count all of them', () => {
  const { note, take, crowded } = countsOf();
  for (let n = 0; n < 100_000; n += 1) {
    const [a = 0, b = 0] = randomBytes(2);
    note(madeUp({ last4: randomBytes(3).toString('base64url'), address: `10.${a}.${b}.1` }));
  }
  const rows = take();
  expect(rows.length).toBeLessThanOrEqual(refusedSignInsMax / 2);
  expect(sumOf(rows)).toBe(100_000);
  // The last row is for the rest.
  expect(rows.at(-1)).toMatchObject({ reason: 'made_up_key', last4: null, network: null });
  expect(crowded.count).toBeGreaterThan(99_000);
});

test('a flood with keys that were made here takes no more, and the two together are one call', () => {
  const { note, take } = countsOf();
  const reasons = ['unknown_key', 'revoked', 'expired', 'tenant_disabled', 'address_not_allowed'] as const;
  for (let n = 0; n < 4_000; n += 1) {
    const [a = 0, b = 0] = randomBytes(2);
    const source = {
      last4: randomBytes(3).toString('base64url'),
      address: `2001:db8:${a.toString(16)}${b.toString(16)}::1`,
    };
    note(madeUp(source), madeUp({ ...source, reason: 'no_key' }));
    note(madeUp({ ...source, reason: reasons[n % 5] ?? 'revoked', tenantId: uuidV7() }));
  }
  const rows = take();
  expect(rows.length).toBeLessThanOrEqual(refusedSignInsMax);
  expect(sumOf(rows)).toBe(12_000);
  expect(take()).toEqual([]);
});

test('a flood from one network keeps its network when its keys are too many, and hides no revoked key', () => {
  const { note, take } = countsOf({ apartMax: 3, networksMax: 5 });
  const tenantId = uuidV7();
  for (const last4 of ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee', 'aaaa']) note(madeUp({ last4 }));
  note(madeUp({ reason: 'revoked', tenantId, last4: 'ffff' }));
  for (const address of ['198.51.100.1', '203.0.113.1', '198.18.0.1']) note(madeUp({ last4: 'gggg', address }));
  expect(take().map(({ reason, last4, network, count }) => [reason, last4, network, count])).toEqual([
    ['revoked', 'ffff', '192.0.2.0/24', 1],
    ['made_up_key', 'aaaa', '192.0.2.0/24', 2],
    ['made_up_key', 'bbbb', '192.0.2.0/24', 1],
    ['made_up_key', 'cccc', '192.0.2.0/24', 1],
    ['made_up_key', null, '192.0.2.0/24', 2],
    ['made_up_key', null, '198.51.100.0/24', 1],
    ['made_up_key', null, null, 2],
  ]);
});

test('a clock that is set back ends nothing before it began', () => {
  const { note, take, clock } = countsOf();
  note(madeUp());
  clock.ms -= 3_600_000;
  note(madeUp());
  const [row] = take();
  expect([row?.count, row?.firstAt, row?.lastAt]).toEqual([2, '2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z']);
});
