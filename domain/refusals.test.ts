import { expect, test } from '@jest/globals';
import { ledgerRefusals, domainRefusals as refusals } from './refusals.ts';
import { ok, refused } from './result.ts';

test('what the ledger refuses is 422 and final: the same key gets the same answer', () => {
  for (const code of ledgerRefusals)
    expect([code, refusals[code].status, refusals[code].retryable]).toEqual([code, 422, false]);
});

test('the codes of the ledger are known, in its order of checking', () => {
  expect(ledgerRefusals).toEqual([
    'account_not_found',
    'same_account',
    'account_kind_not_allowed',
    'currency_mismatch',
    'account_closed',
    'account_frozen',
    'amount_too_large',
    'insufficient_funds',
  ]);
});

test('an outcome is plain JSON, so it passes through Temporal unchanged', () => {
  for (const outcome of [ok({ id: 'x' }), refused('insufficient_funds'), refused('state_conflict', 'Too long.')]) {
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  }
  expect(refused('not_found').refusal).not.toHaveProperty('detail');
});
