import { expect, test } from '@jest/globals';
import { retryAfterMs } from './retry-after.ts';

const now = Date.parse('2026-11-28T12:00:00Z');

test.each([
  ['25', 25_000],
  [' 25 ', 25_000],
  ['0', 0],
  ['Sat, 28 Nov 2026 12:00:30 GMT', 30_000],
  ['Saturday, 28-Nov-26 12:00:30 GMT', 30_000],
  ['Sat Nov 28 12:00:30 2026', 30_000],
  ['Sat, 28 Nov 2026 11:00:00 GMT', 0],
  ['', null],
  ['soon', null],
  ['-5', null],
  ['1.5', null],
  ['9999999999', null],
  ['2026-11-28T12:00:30Z', null],
  ['Sat, 99 Nov 2026 12:00:30 GMT', null],
])('%j asks for %p ms', (value, expected) => {
  expect(retryAfterMs({ 'retry-after': value }, now)).toBe(expected);
});

test('an absent one asks for nothing', () => expect(retryAfterMs({}, now)).toBeNull());

test('a date is read against the clock of the answer, when that has one', () => {
  const headers = { date: 'Sat, 28 Nov 2026 09:00:00 GMT', 'retry-after': 'Sat, 28 Nov 2026 09:00:20 GMT' };
  expect(retryAfterMs(headers, now)).toBe(20_000);
  expect(retryAfterMs({ ...headers, date: 'now' }, now)).toBe(0);
});
