import { check } from '../../domain/check.ts';
import { fill } from './fill.ts';
import type { LocaleFormat } from './locales.ts';

/**
 * Every function here takes an instant as a document has it, `2026-11-03T14:05:00.000+01:00`: what stands before the offset is the day and
 * the time in the zone of the statement.
 */
const instant = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}):(\d{2}\.\d{3})/;

/** `3 November 2026` */
export const formatDate = (at: string, format: LocaleFormat): string => inWords(format.date, dayOf(at), format);

/** `3 Nov 2026`, for a column. */
export const formatShortDate = (at: string, format: LocaleFormat): string =>
  inWords(format.shortDate, dayOf(at), format);

/** `3 November 2026, 14:05` */
export const formatTime = (at: string, format: LocaleFormat): string =>
  `${formatDate(at, format)}${format.beforeTime}${timeOf(at)}`;

/** The first and the last day of [from, to); an end within a day is written with its time. */
export function formatPeriod({ from, to }: { from: string; to: string }, format: LocaleFormat): string {
  const first = isMidnight(from) ? formatDate(from, format) : formatTime(from, format);
  const last = isMidnight(to) ? inWords(format.date, dayBefore(dayOf(to)), format) : formatTime(to, format);
  return first === last ? first : `${first} – ${last}`;
}

/** Whether two instants are on the same day. */
export const isSameDay = (a: string, b: string): boolean => a.slice(0, 10) === b.slice(0, 10);

type Day = { year: number; month: number; day: number };

function partsOf(at: string): RegExpExecArray {
  const parts = instant.exec(at);
  check(parts, `not an instant: ${at.slice(0, 40)}`);
  return parts;
}

function dayOf(at: string): Day {
  const [, year, month, day] = partsOf(at);
  return { year: Number(year), month: Number(month), day: Number(day) };
}

const timeOf = (at: string): string => partsOf(at)[4] ?? '';
const isMidnight = (at: string): boolean => timeOf(at) === '00:00' && partsOf(at)[5] === '00.000';

function dayBefore({ year, month, day }: Day): Day {
  const before = new Date(Date.UTC(year, month - 1, day - 1));
  return { year: before.getUTCFullYear(), month: before.getUTCMonth() + 1, day: before.getUTCDate() };
}

function inWords(pattern: string, { year, month, day }: Day, { months, shortMonths, first }: LocaleFormat): string {
  return fill(pattern, {
    d: day === 1 && first !== undefined ? first : day,
    dd: String(day).padStart(2, '0'),
    mm: String(month).padStart(2, '0'),
    month: months[month - 1] ?? '',
    short: shortMonths[month - 1] ?? '',
    y: year,
  });
}
