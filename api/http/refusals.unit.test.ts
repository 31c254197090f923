import { expect, test } from '@jest/globals';
import { domainRefusals } from '../../domain/refusals.ts';
import { refusals } from './refusals.ts';

const rows = Object.entries(refusals);

test.each(rows)('%s has a status, a sentence and something to do', (code, { status, title, action }) => {
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(600);
  expect(title).toMatch(/^[A-Z].*\.$/);
  expect(action).toMatch(/^[A-Z].*\.$/);
});

test.each(rows)('%s may be repeated only where waiting alone helps', (_, { status, retryable }) => {
  expect(retryable).toBe([408, 429, 503].includes(status));
});

test('every sentence is used once', () => {
  const titles = rows.map(([, { title }]) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('the refusals of the domain stand in the table, in their order', () => {
  const order = rows.map(([code]) => code).filter((code) => code in domainRefusals);
  expect(order).toEqual(Object.keys(domainRefusals));
});
