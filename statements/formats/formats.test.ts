import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Bug } from '../../domain/check.ts';
import { type StatementLocale, statementLocales } from '../../domain/statement.ts';
import { words } from '../words/index.ts';
import { formatAmount, formatCount, formatMoney } from './amounts.ts';
import { formatDate, formatPeriod, formatShortDate, formatTime, isSameDay } from './dates.ts';
import { formats, formatsVersion } from './locales.ts';

test.each<[StatementLocale, bigint, number, string, string]>([
  ['en-GB', 123_456_789n, 2, '1,234,567.89', 'EUR\u00a01,234,567.89'],
  ['en-US', -5n, 2, '−0.05', 'EUR\u00a0−0.05'],
  ['en-US', 0n, 0, '0', 'EUR\u00a00'],
  ['de-DE', -1_234_567n, 2, '−12.345,67', '−12.345,67\u00a0EUR'],
  ['fr-FR', 123_456n, 2, '1\u202f234,56', '1\u202f234,56\u00a0EUR'],
  ['fr-FR', 999n, 0, '999', '999\u00a0EUR'],
  ['pl-PL', -1_000n, 3, '−1,000', '−1,000\u00a0EUR'],
  [
    'pl-PL',
    9_223_372_036_854_775_807n,
    3,
    '9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775,807',
    '9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775,807\u00a0EUR',
  ],
])('in %s %d with %d decimals is %s', (locale, minor, exponent, amount, money) => {
  expect(formatAmount(minor, exponent, formats[locale])).toBe(amount);
  expect(formatMoney(minor, { currency: 'EUR', exponent }, formats[locale])).toBe(money);
});

test('what is counted is grouped', () => {
  expect(statementLocales.map((locale) => formatCount(5_000, formats[locale]))).toEqual([
    ...['5,000', '5,000', '5.000', '5\u202f000', '5\u00a0000'],
  ]);
});

const first = '2026-11-01T00:00:00.000+01:00';
const third = '2026-03-03T14:05:59.999-05:00';
test.each<[StatementLocale, string, string, string, string]>([
  ['en-GB', '1 November 2026', '1 Nov 2026', '3 March 2026', '3 March 2026, 14:05'],
  ['en-US', 'November 1, 2026', 'Nov 1, 2026', 'March 3, 2026', 'March 3, 2026, 14:05'],
  ['de-DE', '1. November 2026', '01.11.2026', '3. März 2026', '3. März 2026, 14:05'],
  ['fr-FR', '1er novembre 2026', '01/11/2026', '3 mars 2026', '3 mars 2026 à 14:05'],
  ['pl-PL', '1 listopada 2026', '01.11.2026', '3 marca 2026', '3 marca 2026, 14:05'],
])('dates in %s', (locale, date, short, other, time) => {
  const format = formats[locale];
  expect([formatDate(first, format), formatShortDate(first, format)]).toEqual([date, short]);
  expect([formatDate(third, format), formatTime(third, format)]).toEqual([other, time]);
});

test.each([
  ['a month', first, '2026-12-01T00:00:00.000+01:00', '1 November 2026 – 30 November 2026'],
  [
    'a month with another offset at its end',
    '2026-10-01T00:00:00.000+02:00',
    '2026-11-01T00:00:00.000+01:00',
    '1 October 2026 – 31 October 2026',
  ],
  ['a year', '2026-01-01T00:00:00.000+00:00', '2027-01-01T00:00:00.000+00:00', '1 January 2026 – 31 December 2026'],
  [
    'February of a leap year',
    '2028-02-01T00:00:00.000+00:00',
    '2028-03-01T00:00:00.000+00:00',
    '1 February 2028 – 29 February 2028',
  ],
  ['an end within a day', first, '2026-11-17T14:03:22.123+01:00', '1 November 2026 – 17 November 2026, 14:03'],
  [
    'a beginning within a day',
    '2026-11-17T14:03:22.123+01:00',
    '2026-12-01T00:00:00.000+01:00',
    '17 November 2026, 14:03 – 30 November 2026',
  ],
  [
    'a day without midnight',
    '2026-09-06T01:00:00.000-03:00',
    '2026-10-01T00:00:00.000-03:00',
    '6 September 2026, 01:00 – 30 September 2026',
  ],
  ['one day', first, '2026-11-02T00:00:00.000+01:00', '1 November 2026'],
])('the period of %s', (_, from, to, period) => {
  expect(formatPeriod({ from, to }, formats['en-GB'])).toBe(period);
});

test('a day is that of the zone', () => {
  expect(isSameDay('2026-11-01T23:59:59.999+01:00', '2026-11-01T00:00:00.000+01:00')).toBe(true);
  expect(isSameDay('2026-11-01T23:59:59.999+01:00', '2026-11-02T00:00:00.000+01:00')).toBe(false);
  expect(() => formatDate('yesterday', formats['en-GB'])).toThrow(Bug);
});

test.each(statementLocales)('%s has twelve months and a pattern for everything', (locale) => {
  const { months, shortMonths, date, shortDate } = formats[locale];
  expect([new Set(months).size, new Set(shortMonths).size]).toEqual([12, 12]);
  expect(date).toMatch(/\{d\}.*\{month\}|\{month\}.*\{d\}/);
  expect(shortDate).toMatch(/\{y\}/);
});

test.each(Object.keys(words))('no sentence in %s lacks what another language fills in', (language) => {
  const places = (own: object) =>
    Object.fromEntries(
      Object.entries(own).map(([name, text]) => [name, (String(text).match(/\{\w+\}/g) ?? []).toSorted()]),
    );
  const own = Object.entries(words).find(([name]) => name === language)?.[1] ?? {};
  expect(places(own)).toEqual(places(words.en));
  expect(Object.values(own).filter((text) => text === '')).toEqual([]);
});

/** A change here makes other PDFs of the same documents: it raises formatsVersion, and this hash follows. */
test('the tables of this version', () => {
  const hash = createHash('sha256')
    .update(JSON.stringify([formats, words]))
    .digest('hex')
    .slice(0, 16);
  expect([formatsVersion, hash]).toEqual([1, '711934852fc4d56a']);
});
