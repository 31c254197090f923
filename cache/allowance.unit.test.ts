import { expect, test } from '@jest/globals';
import { type Allowance, emptyAllowance, takeToken, toAllowance } from './allowance.ts';

const allowance = (tokens: number, more: Partial<Allowance> = {}): Allowance => ({
  tokens,
  elsewhere: 5,
  isExhausted: false,
  endsAt: 1_000,
  ...more,
});

test.each([
  ['no tokens yet', emptyAllowance(), 0, 'ask', 0],
  ['tokens in its window', allowance(3), 0, 'taken', 2],
  ['one token in the last moment of its window', allowance(1), 999.9, 'taken', 0],
  ['tokens of a window that is over', allowance(3), 1_000, 'ask', 3],
  ['no tokens, and perhaps some elsewhere', allowance(0), 0, 'ask', 0],
  ['no tokens, and none elsewhere', allowance(0, { isExhausted: true }), 999.9, 'exhausted', 0],
  ['none elsewhere, in a window that is over', allowance(0, { isExhausted: true }), 1_000, 'ask', 0],
] as const)('of an allowance with %s', (_, held, now, word, left) => {
  const mine = { ...held };
  expect([takeToken(mine, now), mine]).toEqual([word, { ...held, tokens: left }]);
});

test.each([
  [
    'tokens',
    { tokens: 4, elsewhere: 6, endsInMs: 300 },
    { tokens: 4, elsewhere: 6, isExhausted: false, endsAt: 1_300 },
  ],
  [
    'the last of them',
    { tokens: 4, elsewhere: 0, endsInMs: 1 },
    { tokens: 4, elsewhere: 0, isExhausted: false, endsAt: 1_001 },
  ],
  ['none', { tokens: 0, elsewhere: 0, endsInMs: 300 }, { tokens: 0, elsewhere: 0, isExhausted: true, endsAt: 1_300 }],
])('a grant of %s', (_, granted, made) => {
  expect(toAllowance(granted, 1_000)).toEqual(made);
});

test('each token is taken once, then a refill is needed, and after an empty refill requests are refused until the window ends', () => {
  let mine = toAllowance({ tokens: 2, elsewhere: 0, endsInMs: 500 }, 0);
  expect([takeToken(mine, 1), takeToken(mine, 2), takeToken(mine, 3)]).toEqual(['taken', 'taken', 'ask']);
  mine = toAllowance({ tokens: 0, elsewhere: 0, endsInMs: 400 }, 100);
  expect([takeToken(mine, 101), takeToken(mine, 499), takeToken(mine, 500)]).toEqual(['exhausted', 'exhausted', 'ask']);
});
