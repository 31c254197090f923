import { z } from 'zod';
import { effectiveAheadMaxMs, legsMax } from '../../domain/entry.ts';
import {
  amount,
  currency,
  currencyCode,
  idOf,
  instant,
  metadata,
  newMetadata,
  optional,
  publicId,
  text,
  time,
} from '../http/fields.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { pageOf } from '../http/pagination.ts';

const leg = z
  .strictObject({ debit_account_id: idOf('account'), credit_account_id: idOf('account'), amount, currency })
  .meta({
    id: 'NewLeg',
    description: 'One amount from the debited account to the credited one. Both have its currency.',
  });

// A past instant is never refused here, so a request that is repeated later is still the same.
const effectiveAt = instant
  .refine((date) => date.getTime() <= Date.now() + effectiveAheadMaxMs, 'must be at most a minute ahead')
  .meta({ description: 'The date that the entry counts for, at most a minute ahead. Absent: when it is posted.' });

/** What every new entry may have. */
export const remarks = {
  description: optional(text(500)),
  effective_at: optional(effectiveAt),
  metadata: optional(newMetadata),
};

/** The body of `POST /v1/entries`. */
export const newEntry = z
  .strictObject({
    legs: z
      .array(leg, 'must be a list of legs')
      .min(1, 'must have a leg')
      .max(legsMax, `must have at most ${legsMax} legs`)
      .meta({
        description: 'All are posted, or none. Each has one currency; limits of accounts hold for all legs together.',
      }),
    ...remarks,
  })
  .meta({ id: 'NewEntry', description: 'What is to be posted.' });

/** An entry as clients see it. */
export const entry = z
  .strictObject({
    id: publicId('entry'),
    object: z.literal('entry'),
    legs: z.array(
      z
        .strictObject({
          debit_account_id: publicId('account'),
          credit_account_id: publicId('account'),
          amount,
          currency: currencyCode,
        })
        .meta({ id: 'Leg', description: 'One amount from the debited account to the credited one.' }),
    ),
    transfer_id: publicId('transfer')
      .nullable()
      .meta({ description: 'The transfer that it completed, or that it is about.' }),
    reverses_id: publicId('entry').nullable().meta({ description: 'The entry whose legs it turns.' }),
    reversed_by_id: publicId('entry').nullable().meta({ description: 'The entry that reversed it.' }),
    description: z.string().nullable().meta({ description: 'As it was sent.' }),
    effective_at: time.meta({ description: 'The date that it counts for.' }),
    metadata,
    created_at: time.meta({ description: 'When it was posted. Balances of a past instant go by it.' }),
  })
  .meta({
    id: 'Entry',
    description: 'Balanced legs that were posted in one commit. It never changes; what reverses it is another entry.',
  });

export type EntryView = z.infer<typeof entry>;

/** The parameters of `GET /v1/entries`. */
export const entryQuery = z.strictObject({
  ...pageOf('entries'),
  account_id: idOf('account').optional(),
  transfer_id: idOf('transfer').optional(),
  idempotency_key: idempotencyKey
    .optional()
    .meta({ description: 'The one entry that this key made, if any: bare or in quotes, as in the header.' }),
  created_from: instant.optional().meta({ description: 'Entries posted at this instant or later.' }),
  created_to: instant.optional().meta({ description: 'Entries posted before this instant.' }),
  effective_from: instant.optional().meta({ description: 'Entries dated at this instant or later.' }),
  effective_to: instant.optional().meta({ description: 'Entries dated before this instant.' }),
});
