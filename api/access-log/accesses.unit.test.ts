import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as uuidV7 } from 'uuid';
import { type Access, createAccessCounts } from './accesses.ts';

const tenantId = uuidV7();
const reading = (subjectId: string | null, changes: Partial<Access> = {}): Access => ({
  ...{ tenantId, actor: 'api_key:one', subjectType: 'balance', subjectId },
  ...changes,
});

/** Counts with a clock that the test moves, and what was not counted apart. */
function countsOf(bounds?: { apartMax: number; restMax: number }) {
  const clock = { ms: Date.parse('2026-11-01T10:00:30.000Z') };
  const crowded = { rest: 0, nowhere: 0 };
  const counts = createAccessCounts({
    nowMs: () => clock.ms,
    onCrowded: (where) => {
      crowded[where] += 1;
    },
    ...(bounds && { bounds }),
  });
  const note = (...some: Access[]) => some.forEach(counts.note);
  return { counts, note, clock, crowded };
}
const shown = (rows: readonly { minute: string; subjectId: string | null; count: number }[]) =>
  rows.map(({ minute, subjectId, count }) => `${minute.slice(11, 16)} ${subjectId} ${count}`);

test('what was read before it was taken is one row, whose id is its own', () => {
  const { counts, note } = countsOf();
  note(reading('a'), reading('a'), reading('b'), reading('a'));
  const rows = counts.take(100, false);
  expect(rows).toEqual([
    { ...reading('a'), id: expect.any(String), minute: '2026-11-01T10:00:00.000Z', count: 3 },
    { ...reading('b'), id: expect.any(String), minute: '2026-11-01T10:00:00.000Z', count: 1 },
  ]);
  expect(rows[0]?.id).not.toBe(rows[1]?.id);
  expect(counts.take(100, false)).toEqual([]);
});

test('another caller, tenant, subject, kind of subject and minute are counted apart, and so is a list', () => {
  const { counts, note, clock } = countsOf();
  const others = [
    ...[reading('a'), reading('b'), reading(null), reading('a', { actor: 'api_key:two' })],
    ...[reading('a', { tenantId: uuidV7() }), reading('a', { subjectType: 'account' })],
  ];
  note(...others, ...others);
  clock.ms += 60_000;
  note(reading('a'));
  expect(counts.take(100, false).map(({ count }) => count)).toEqual([2, 2, 2, 2, 2, 2, 1]);
});

test('what is read again after it was taken waits for the end of its minute: two rows, however often it is looked', () => {
  const { counts, note, clock } = countsOf();
  const taken: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    note(reading('a'), reading('a'));
    taken.push(...shown(counts.take(100, false)));
    clock.ms += 10_000;
  }
  // From 10:00:30 to 10:01:30.
  expect(taken).toEqual(['10:00 a 2', '10:00 a 4', '10:01 a 2']);
  expect(shown(counts.take(100, true))).toEqual(['10:01 a 4']);
  expect(counts.take(100, true)).toEqual([]);
});

test('no more is taken than may be, the oldest first, and the rest later with what was read meanwhile', () => {
  const { counts, note } = countsOf();
  note(...['a', 'b', 'c', 'd'].map((id) => reading(id)));
  expect(shown(counts.take(3, false))).toEqual(['10:00 a 1', '10:00 b 1', '10:00 c 1']);
  note(reading('d'), reading('a'));
  expect(shown(counts.take(3, false))).toEqual(['10:00 d 2']);
  expect(shown(counts.take(3, true))).toEqual(['10:00 a 1']);
});

test('where there are too many, the rest of each caller is counted without its subject, and behind that it is said to be lost', () => {
  const { counts, note, crowded } = countsOf({ apartMax: 2, restMax: 2 });
  note(...['a', 'b', 'c', 'd', 'a'].map((id) => reading(id)));
  note(reading('e', { actor: 'api_key:two' }), reading('f', { actor: 'api_key:three' }));
  expect(crowded).toEqual({ rest: 3, nowhere: 1 });
  const rows = counts.take(100, false);
  expect(shown(rows)).toEqual(['10:00 null 2', '10:00 null 1', '10:00 a 2', '10:00 b 1']);
  expect(rows[1]).toMatchObject({ actor: 'api_key:two', subjectType: 'balance' });
});

test('a clock that is set back loses and doubles nothing', () => {
  const { counts, note, clock } = countsOf();
  note(reading('a'));
  counts.take(100, false);
  note(reading('a'));
  clock.ms -= 3_600_000;
  note(reading('a'));
  expect(shown(counts.take(100, false))).toEqual(['10:00 a 1', '09:00 a 1']);
});

test('whatever is read and taken in whatever sequence, the counts are all of it, and the places are bounded', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ subject: fc.nat(30), actor: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constant('take' as const) },
    { weight: 1, arbitrary: fc.constant('wait' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const { counts, note, clock, crowded } = countsOf({ apartMax: 10, restMax: 2 });
      const rows = [];
      for (const one of steps) {
        if (one === 'take') rows.push(...counts.take(4, false));
        else if (one === 'wait') clock.ms += 20_000;
        else note(reading(`${one.subject}`, { actor: `api_key:${one.actor}` }));
      }
      const left = counts.take(1_000, true);
      expect(left.length).toBeLessThanOrEqual(12);
      rows.push(...left);
      const reads = steps.filter((one) => typeof one === 'object').length;
      expect(rows.reduce((sum, { count }) => sum + count, 0) + crowded.nowhere).toBe(reads);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    }),
  );
});
