import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextInMs, noticeTerms } from './terms.ts';

test('ten tries over about 75 hours, then no more', () => {
  const waits = Array.from({ length: 10 }, (_, n) => nextInMs(noticeTerms, { noticeId: 'ev_1', tryN: n + 1 }));
  expect(waits.filter((wait) => wait !== null)).toHaveLength(9);
  expect(waits[9]).toBeNull();
  const hours = noticeTerms.retryMs.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(75);
  expect(hours).toBeLessThan(76);
});

test('every wait is within a fifth of the plan, spread out, and deterministic', () => {
  const first = noticeTerms.retryMs[0] ?? 0;
  const waits = new Set<number>();
  fc.assert(
    fc.property(fc.string(), (noticeId) => {
      const wait = nextInMs(noticeTerms, { noticeId, tryN: 1 }) ?? 0;
      waits.add(wait);
      expect(wait).toBeGreaterThanOrEqual(first * 0.8);
      expect(wait).toBeLessThanOrEqual(first * 1.2);
      expect(nextInMs(noticeTerms, { noticeId, tryN: 1 })).toBe(wait);
    }),
  );
  expect(waits.size).toBeGreaterThan(50);
});
