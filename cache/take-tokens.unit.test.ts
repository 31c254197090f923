import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, takeFrom } from './take-tokens.ts';

/** Takes at these times, in milliseconds, and returns how many tokens each got. */
function takeAt(perSecond: number, takes: readonly { atMs: number; count: number }[]): number[] {
  let bucket: Bucket | undefined;
  return takes.map(({ atMs, count }) => {
    const { grant, ...after } = takeFrom(bucket, { perSecond, count }, atMs);
    bucket = after.bucket;
    return grant.tokens;
  });
}

const crowd = 1_000_000;

test.each([1, 3, 7, 50, 333, 100_000])('%p a second: as many at once, and no more around any border', (perSecond) => {
  // Everything that there is, immediately before and after each moment at which a window could end.
  const takes = [0, 999, 1_000, 1_001, 1_999, 2_000, 2_001].map((atMs) => ({ atMs, count: crowd }));
  const got = takeAt(perSecond, takes);
  expect(got[0]).toBe(perSecond);
  const around = (got[1] ?? 0) + (got[2] ?? 0) + (got[3] ?? 0);
  expect(around).toBeLessThanOrEqual(perSecond + Math.ceil(perSecond / 500));
  expect(got.reduce((sum, tokens) => sum + tokens, 0)).toBeLessThanOrEqual(perSecond * 3 + Math.ceil(perSecond / 500));
});

test('any time of T seconds has at most the rate times 1 + T, and what was not used is there', () => {
  const aTake = fc.record({ waitMs: fc.nat(1_500), count: fc.integer({ min: 1, max: 60 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(aTake, { maxLength: 60 }), (perSecond, waits) => {
      const takes = waits.map(({ count }, n) => ({
        atMs: waits.slice(0, n + 1).reduce((sum, { waitMs }) => sum + waitMs, 0),
        count,
      }));
      const got = takeAt(perSecond, takes);
      for (const [from, first] of takes.entries()) {
        let sum = 0;
        for (const [to, last] of takes.entries()) {
          if (to < from) continue;
          sum += got[to] ?? 0;
          expect(sum).toBeLessThanOrEqual(perSecond * (1 + (last.atMs - first.atMs) / 1_000) + 0.001);
        }
      }
    }),
  );
});

test('a grant says what is left, when there is one again, and when all are', () => {
  const some = takeFrom(undefined, { perSecond: 10, count: 4 }, 0);
  expect(some.grant).toEqual({ tokens: 4, left: 6, nextMs: 0, fullMs: 400 });
  const none = takeFrom({ used: 10, atMs: 0 }, { perSecond: 10, count: 4 }, 50);
  expect(none.grant).toEqual({ tokens: 0, left: 0, nextMs: 50, fullMs: 950 });
});

test('a clock that jumps back gives nothing and takes nothing, and one that jumps ahead gives a full bucket at most', () => {
  expect(
    takeAt(
      10,
      [5_000, 0, 100, 90_000].map((atMs) => ({ atMs, count: crowd })),
    ),
  ).toEqual([10, 0, 1, 10]);
});

test('a limit that was lowered gives nothing until its own bucket has room', () => {
  const { bucket } = takeFrom(undefined, { perSecond: 100, count: 100 }, 0);
  expect(takeFrom(bucket, { perSecond: 10, count: 1 }, 0).grant).toMatchObject({ tokens: 0, left: 0, nextMs: 9_100 });
});
