import { expect, test } from '@jest/globals';
import { ledgerRefusals, domainRefusals as refusals } from './refusals.ts';

test('what the ledger refuses is 422 and final: the same key gets the same answer', () => {
  for (const code of ledgerRefusals)
    expect([code, refusals[code].status, refusals[code].retryable]).toEqual([code, 422, false]);
});
