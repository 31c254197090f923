import { expect, test } from '@jest/globals';
import { filled, type Lease, nothingLeased, take } from './lease.ts';

const lease = (tokens: number, more: Partial<Lease> = {}): Lease => ({
  tokens,
  elsewhere: 5,
  isDry: false,
  endsAt: 1_000,
  ...more,
});

test.each([
  ['nothing leased yet', nothingLeased(), 0, 'ask', 0],
  ['tokens in its window', lease(3), 0, 'given', 2],
  ['one token in the last moment of its window', lease(1), 999.9, 'given', 0],
  ['tokens of a window that is over', lease(3), 1_000, 'ask', 3],
  ['no tokens, and perhaps some elsewhere', lease(0), 0, 'ask', 0],
  ['no tokens, and none elsewhere', lease(0, { isDry: true }), 999.9, 'dry', 0],
  ['none elsewhere, in a window that is over', lease(0, { isDry: true }), 1_000, 'ask', 0],
] as const)('of a lease with %s', (_, held, now, word, left) => {
  const mine = { ...held };
  expect([take(mine, now), mine]).toEqual([word, { ...held, tokens: left }]);
});

test.each([
  ['tokens', { tokens: 4, elsewhere: 6, endsInMs: 300 }, { tokens: 4, elsewhere: 6, isDry: false, endsAt: 1_300 }],
  [
    'the last of them',
    { tokens: 4, elsewhere: 0, endsInMs: 1 },
    { tokens: 4, elsewhere: 0, isDry: false, endsAt: 1_001 },
  ],
  ['none', { tokens: 0, elsewhere: 0, endsInMs: 300 }, { tokens: 0, elsewhere: 0, isDry: true, endsAt: 1_300 }],
])('a grant of %s', (_, granted, made) => {
  expect(filled(granted, 1_000)).toEqual(made);
});

test('what was granted is given once each, then asked for again, and after a no refused until the window ends', () => {
  let mine = filled({ tokens: 2, elsewhere: 0, endsInMs: 500 }, 0);
  expect([take(mine, 1), take(mine, 2), take(mine, 3)]).toEqual(['given', 'given', 'ask']);
  mine = filled({ tokens: 0, elsewhere: 0, endsInMs: 400 }, 100);
  expect([take(mine, 101), take(mine, 499), take(mine, 500)]).toEqual(['dry', 'dry', 'ask']);
});
