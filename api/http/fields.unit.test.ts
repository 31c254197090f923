import { expect, test } from '@jest/globals';
import { instant } from './fields.ts';

test.each([
  ['2026-11-21T13:00:00Z', '2026-11-21T13:00:00.000Z'],
  ['2026-11-21t13:00:00z', '2026-11-21T13:00:00.000Z'],
  ['2026-11-21T13:00:00.123456789+01:30', '2026-11-21T11:30:00.123Z'],
  ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
])('%s is an instant', (text, read) => {
  expect(instant.parse(text).toISOString()).toBe(read);
});

test.each([
  ['a leap second', '2016-12-31T23:59:60Z'],
  ['no offset', '2026-11-21T13:00:00'],
  ['a space', '2026-11-21 13:00:00Z'],
  ['no seconds', '2026-11-21T13:00Z'],
  ['hour 24', '2026-11-21T24:00:00Z'],
  ['a day that is not there', '2026-02-29T00:00:00Z'],
  ['another that is not', '2026-11-31T00:00:00Z'],
  ['an offset of 24 hours', '2026-11-21T13:00:00+24:00'],
  ['a basic form', '20261121T130000Z'],
  ['before 1970', '1969-12-31T23:59:59Z'],
  ['beyond the years', '+12026-11-21T13:00:00Z'],
  ['a comma', '2026-11-21T13:00:00,5Z'],
])('%s is refused', (_, text) => {
  expect(instant.safeParse(text).success).toBe(false);
});
