import { expect, test } from '@jest/globals';
import { retentionFrom } from './retention.ts';

test.each([
  ['2026-11-01T00:00:00.000Z', 7, '2033-11-01T00:00:00.000Z'],
  ['2024-02-29T23:00:00.000Z', 1, '2025-03-01T23:00:00.000Z'],
  ['2024-02-29T23:00:00.000Z', 4, '2028-02-29T23:00:00.000Z'],
])('what ended at %s is kept for %d years, until %s', (end, years, until) => {
  const ended = new Date(end);
  expect(retentionFrom(ended, { mode: 'governance', years })).toEqual({ mode: 'governance', until: new Date(until) });
  expect(ended).toEqual(new Date(end));
});
