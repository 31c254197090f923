import { expect, test } from '@jest/globals';
import { createRetryAfter, retryBounds } from './retry-after.ts';

/** A clock of the test's, and a chance that adds this part of what it may. */
function aWait(part: number) {
  const clock = { nowMs: 0 };
  const { waitMs } = createRetryAfter(
    () => clock.nowMs,
    () => part,
  );
  return { clock, waitMs };
}

test('the waits of one client grow while the trouble lasts, up to a minute', () => {
  const { clock, waitMs } = aWait(0);
  const waits = Array.from({ length: 14 }, () => {
    const wait = waitMs('ada', 'unavailable');
    clock.nowMs += wait;
    return wait;
  });
  expect(waits.slice(0, 6)).toEqual([1_000, 1_000, 1_000, 1_500, 2_250, 3_375]);
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits.at(-1)).toBe(retryBounds.longestMs);
});

test('after a time without a refusal they begin again', () => {
  const { clock, waitMs } = aWait(0);
  for (let n = 0; n < 10; n += 1) clock.nowMs += waitMs('ada', 'unavailable');
  const last = waitMs('ada', 'unavailable');
  clock.nowMs += last + 1;
  expect(waitMs('ada', 'unavailable')).toBe(retryBounds.firstMs);
});

test('one caller and one kind of refusal does not make others wait', () => {
  const { clock, waitMs } = aWait(0);
  for (let n = 0; n < 20; n += 1) clock.nowMs += waitMs('ada', 'outcome_unknown');
  expect(waitMs('ada', 'unavailable')).toBe(retryBounds.firstMs);
  expect(waitMs('grace', 'outcome_unknown')).toBe(retryBounds.firstMs);
  expect(waitMs(undefined, 'outcome_unknown')).toBe(retryBounds.firstMs);
});

test('a crowd of a thousand that is refused together comes back spread out, wider each time', () => {
  const clock = { nowMs: 0 };
  const { waitMs } = createRetryAfter(() => clock.nowMs);
  const busiest: number[] = [];
  for (const lasts of [0, 10_000, 60_000]) {
    // Somebody is refused in between, so it is one trouble.
    for (; clock.nowMs < lasts; clock.nowMs += 500) waitMs('ada', 'unavailable');
    const seconds = new Map<number, number>();
    for (let n = 0; n < 1_000; n += 1) {
      const second = Math.floor(waitMs('ada', 'unavailable') / 1_000);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
    }
    busiest.push(Math.max(...seconds.values()));
  }
  const [first = 0, second = 0, third = 0] = busiest;
  expect(first).toBeLessThan(450);
  expect(second).toBeLessThan(first);
  expect(third).toBeLessThan(second);
});

test('memory is bounded', () => {
  const { waitMs } = aWait(0.5);
  for (let n = 0; n < 3 * retryBounds.callersMax; n += 1) waitMs(`caller ${n}`, 'unavailable');
  expect(waitMs('caller 0', 'unavailable')).toBe(2_500);
});
