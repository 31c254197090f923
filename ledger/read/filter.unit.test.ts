import { expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { narrowing } from './filter.ts';

type Filter = { currency?: string | undefined; status?: string | undefined };
const conditions = {
  currency: (value: string) => sql`currency = ${value}`,
  status: (value: string) => sql`state = ${value}`,
};

test('a parameter that is given narrows the list, and an absent one does not', () => {
  const filter: Filter = { currency: 'USD', status: undefined };
  const [currency, status] = narrowing(filter, conditions);
  expect([currency === undefined, status]).toEqual([false, undefined]);
});

test('a parameter without a condition is a bug, not an unfiltered list', () => {
  const filter = { currency: 'USD', shape: 'round' };
  expect(() => narrowing<Filter>(filter, conditions)).toThrow('the filter shape has a condition');
});
