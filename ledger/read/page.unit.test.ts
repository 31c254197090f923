import { expect, test } from '@jest/globals';
import { PgDialect } from 'drizzle-orm/pg-core';
import { transfer } from '../../drizzle/schema/transfers.ts';
import { after, type Place } from './page.ts';

const dialect = new PgDialect();
const tiebreak = '01990000-0005-7000-8000-000000000001';
const at = (time: string): Place => ({ time, tiebreak });
const noon = new Date('2026-11-29T12:00:00Z');

/** The values of the condition: one for a time alone, two for a place. */
const valuesOf = (place: Place | null, to?: Date): unknown[] => {
  const condition = after(place, transfer.createdAt, transfer.id, to);
  return condition ? dialect.sqlToQuery(condition).params : [];
};

// Times as drizzle and as Postgres write them.
test.each([
  ['neither', null, undefined, []],
  ['an end without a place', null, noon, [noon.toISOString()]],
  ['a place without an end', at('2026-11-29T11:00:00.000Z'), undefined, ['2026-11-29T11:00:00.000Z', tiebreak]],
  ['a place before the end', at('2026-11-29T11:59:59.999Z'), noon, ['2026-11-29T11:59:59.999Z', tiebreak]],
  ['a place at the end', at('2026-11-29T12:00:00.000Z'), noon, [noon.toISOString()]],
  ['a place after the end', at('2026-11-29T13:00:00.000Z'), noon, [noon.toISOString()]],
  [
    'microseconds before the end',
    at('2026-11-29 11:59:59.999999+00'),
    noon,
    ['2026-11-29 11:59:59.999999+00', tiebreak],
  ],
  ['microseconds after the end', at('2026-11-29 12:00:00.000001+00'), noon, [noon.toISOString()]],
])('a page goes on behind the narrower of place and end: %s', (_, place, to, values) => {
  expect(valuesOf(place, to)).toEqual(values);
});
