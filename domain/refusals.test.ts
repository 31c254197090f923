import { expect, test } from '@jest/globals';
import { ledgerRefusals, domainRefusals as refusals } from './refusals.ts';
import { ok, refused } from './result.ts';

test('what the ledger refuses is 422 and final: the same key gets the same answer', () => {
  for (const code of ledgerRefusals)
    expect([code, refusals[code].status, refusals[code].retryable]).toEqual([code, 422, false]);
});

test('a result is plain JSON, so it passes through Temporal unchanged', () => {
  for (const result of [ok({ id: 'x' }), refused('insufficient_funds'), refused('state_conflict', 'Too long.')]) {
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  }
  expect(refused('not_found').refusal).not.toHaveProperty('detail');
});
