import { expect, test } from '@jest/globals';
import { followUsability } from './usability.ts';

test('a standby that is behind or away for 25 s raises an alarm, again and again, and none when it is back', () => {
  let now = 1_000;
  const raised: unknown[] = [];
  const follow = followUsability(
    (facts) => raised.push(facts),
    () => now,
  );
  const looks = [
    [1_000, 'ok'],
    [25_999, 'behind'],
    [26_000, 'behind'],
    [27_000, 'away'],
    [28_000, 'ok'],
    [52_000, 'away'],
  ] as const;
  for (const [at, state] of looks) {
    now = at;
    follow(state);
  }
  expect(raised).toEqual([
    { state: 'behind', forMs: 25_000 },
    { state: 'away', forMs: 26_000 },
  ]);
});
