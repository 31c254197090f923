import { z } from 'zod';
import { time } from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

/** A month by its first day, and as clients write it. */
const monthForm = /^(19[0-9]{2}|2[0-9]{3})-(0[1-9]|1[0-2])$/;

export const periodPath = z.strictObject({
  month: z
    .string()
    .regex(monthForm, 'must be a month, such as 2026-05')
    .meta({
      description: 'A month by UTC, such as `2026-05`.',
      examples: ['2026-05'],
    }),
});

/** A period as clients see it. */
export const period = z
  .strictObject({
    object: z.literal('period'),
    month: z
      .string()
      .regex(monthForm)
      .meta({ description: 'The month, by UTC.', examples: ['2026-05'] }),
    status: z.enum(['open', 'closed']).meta({ description: 'What is closed is never opened again.' }),
    starts_at: time.meta({ description: 'Its first instant.' }),
    ends_at: time.meta({ description: 'The first instant after it.' }),
    closed_at: time.nullable().meta({ description: 'When it was closed, with a later month or by itself.' }),
    closed_by: z
      .string()
      .nullable()
      .meta({ description: 'The API key (`ak_…`) that closed it, with a later month or by itself.' }),
  })
  .meta({ id: 'Period', description: 'A month of the book. A closed one takes no more entries.' });

export type PeriodView = z.infer<typeof period>;

/** The parameters of `GET /v1/periods`. */
export const periodQuery = z.strictObject(pageOf('periods'));
