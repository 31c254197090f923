import { z } from 'zod';
import { instant } from '../http/fields.ts';

/** A leap year: a year's books in one file. */
const periodDaysMax = 366;
const dayMs = 86_400_000;

/** The parameters of an export. */
export const exportQuery = z
  .strictObject({
    from: instant.meta({ description: 'What was made at this instant or later.' }),
    to: instant.meta({
      description: `And before this one: at most ${periodDaysMax} days later, and a minute ago or earlier.`,
    }),
  })
  .refine(({ from, to }) => to > from, { path: ['to'], error: 'must be later than from' })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= periodDaysMax * dayMs, {
    path: ['to'],
    error: `must be at most ${periodDaysMax} days after from`,
  });

/** What an export answers with. */
export const csvFile = z
  .string()
  .meta({ id: 'CsvFile', description: 'RFC 4180, UTF-8, the first line has the names of the columns.' });

/** The media type of such a file. */
export const csvType = 'text/csv; charset=utf-8; header=present';
