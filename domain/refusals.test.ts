import { expect, test } from '@jest/globals';
import { ledgerRefusals, refusals } from './refusals.ts';
import { ok, refused } from './result.ts';

const rows = Object.entries(refusals);

test.each(rows)('%s has a status, a sentence and something to do', (code, { status, title, action }) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(title).toMatch(/^[A-Z].*\.$/);
  expect(action).toMatch(/^[A-Z].*\.$/);
});

test.each(rows)('%s: a server error may be retried with the same key', (_, { status, retryable }) => {
  if (status >= 500) expect(retryable).toBe(true);
});

test('what the ledger refuses is 422 and final: the same key gets the same answer', () => {
  for (const code of ledgerRefusals)
    expect([code, refusals[code].status, refusals[code].retryable]).toEqual([code, 422, false]);
});

test('the ledger checks in the order of the table', () => {
  const order = rows.map(([code]) => code).filter((code) => (ledgerRefusals as readonly string[]).includes(code));
  expect(order).toEqual([...ledgerRefusals]);
});

test('every sentence is used once', () => {
  const titles = rows.map(([, { title }]) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('an outcome is plain JSON, so it passes through Temporal unchanged', () => {
  for (const outcome of [ok({ id: 'x' }), refused('insufficient_funds'), refused('validation_failed', 'Too long.')]) {
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  }
  expect(refused('not_found').refusal).not.toHaveProperty('detail');
});
