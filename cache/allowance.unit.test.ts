import { expect, test } from '@jest/globals';
import { type Allowance, emptyAllowance, exhaustedMs, keepMs, takeToken, toAllowance } from './allowance.ts';

const allowance = (tokens: number, more: Partial<Allowance> = {}): Allowance => ({
  tokens,
  left: 5,
  endsAt: 1_000,
  nextAt: 0,
  fullAt: 0,
  ...more,
});

test.each([
  ['no tokens yet', emptyAllowance(), 0, 'ask', 0],
  ['tokens', allowance(3), 0, 'taken', 2],
  ['one token in its last moment', allowance(1), 999.9, 'taken', 0],
  ['tokens that are void', allowance(3), 1_000, 'ask', 3],
  ['no tokens, and perhaps some elsewhere', allowance(0), 0, 'ask', 0],
  ['no tokens, and none elsewhere before a time', allowance(0, { nextAt: 30 }), 29.9, 'exhausted', 0],
  ['none elsewhere before a time that has come', allowance(0, { nextAt: 30 }), 30, 'ask', 0],
] as const)('of an allowance with %s', (_, held, now, word, left) => {
  const mine = { ...held };
  expect([takeToken(mine, now), mine]).toEqual([word, { ...held, tokens: left }]);
});

test('a refill gives tokens for a time, and an empty one a time without any', () => {
  const full = toAllowance({ tokens: 4, left: 6, nextMs: 0, fullMs: 400 }, 1_000);
  expect(full).toEqual({ tokens: 4, left: 6, endsAt: 1_000 + keepMs, nextAt: 1_000, fullAt: 1_400 });
  expect(toAllowance({ tokens: 0, left: 0, nextMs: 300, fullMs: 1_000 }, 1_000).nextAt).toBe(1_300);
  expect(toAllowance({ tokens: 0, left: 0, nextMs: 1, fullMs: 1_000 }, 1_000).nextAt).toBe(1_000 + exhaustedMs);
});
