import { z } from 'zod';
import { capturesMax, holdDays, holdStates } from '../../domain/hold.ts';
import {
  amount,
  currency,
  currencyCode,
  idOf,
  instant,
  metadata,
  newMetadata,
  optional,
  ownAccount,
  publicId,
  reference,
  referenceShown,
  sum,
  text,
  time,
} from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

const accountOfHold = z
  .strictObject({ account_id: publicId('account') })
  .meta({ id: 'HoldAccount', description: 'An account that a hold is from or to.' });

/** A hold as clients see it. */
export const hold = z
  .strictObject({
    id: publicId('hold'),
    object: z.literal('hold'),
    status: z.enum(holdStates).meta({
      description:
        'open: held. captured: all of it, or a final capture gave the rest back. released: given back on request. expired: its time was over. A hold leaves `open` once.',
    }),
    source: accountOfHold,
    destination: accountOfHold,
    amount,
    currency: currencyCode,
    captured_amount: sum,
    held_amount: sum.meta({ description: 'What is held now: amount - captured_amount while it is open, else 0.' }),
    expires_at: time,
    reference: referenceShown,
    metadata,
    release_reason: z.string().nullable(),
    entry_ids: z.array(publicId('entry')).meta({ description: 'The entry of each capture, oldest first.' }),
    version: z.int().meta({ description: 'Counts its changes, from 1.' }),
    created_at: time,
    updated_at: time,
    closed_at: time.nullable(),
  })
  .meta({ id: 'Hold', description: 'Money that a client reserved, and what became of it.' });

export type HoldView = z.infer<typeof hold>;

/** The body of `POST /v1/holds`. */
export const newHold = z
  .strictObject({
    source: ownAccount,
    destination: ownAccount,
    amount,
    currency,
    // Whether it lies ahead is the ledger's to say: a request that is repeated after that time is still the same.
    expires_at: optional(instant).meta({
      description: `When what is left is given back by itself: ahead, at most ${holdDays.max} days. ${holdDays.default} days from now unless given.`,
    }),
    reference: optional(reference),
    metadata: optional(newMetadata),
  })
  .meta({ id: 'NewHold', description: 'Both accounts have the currency of the hold.' });

export type NewHoldBody = z.infer<typeof newHold>;

/** The body of `POST /v1/holds/{id}/captures`. */
export const newCapture = z
  .strictObject({
    amount: optional(amount).meta({ description: 'All that is left unless given.' }),
    final: z
      .boolean()
      .nullish()
      .transform((final) => final ?? false)
      .meta({ description: 'Whether the rest is given back and the hold is closed. False unless given.' }),
  })
  .meta({
    id: 'NewHoldCapture',
    description: `At most ${capturesMax} of one hold; the last takes the rest, or is final.`,
  });

/** A capture, as it was made. `hold_status` and `captured_amount` are those of the hold right after it. */
export const capture = z
  .strictObject({
    id: z.string(),
    object: z.literal('hold_capture'),
    hold_id: publicId('hold'),
    entry_id: publicId('entry'),
    amount,
    currency: currencyCode,
    captured_amount: sum.meta({ description: 'Of the hold, with this capture.' }),
    hold_status: z.enum(['open', 'captured']),
    created_at: time,
  })
  .meta({ id: 'HoldCapture', description: 'Money of a hold that was moved.' });

export type CaptureView = z.infer<typeof capture>;

/** The body of `POST /v1/holds/{id}/release`. */
export const newRelease = z
  .strictObject({ reason: optional(text(500)) })
  .meta({ id: 'HoldRelease', description: 'Why, for those who read the hold later.' });

/** The parameters of `GET /v1/holds`. */
export const holdQuery = z.strictObject({
  ...pageOf('holds'),
  account_id: idOf('account').optional().meta({ description: 'Holds from or to this account.' }),
  status: z.enum(holdStates).optional().meta({ description: 'Holds in this state.' }),
  reference: reference.optional().meta({ description: 'Holds with exactly this reference.' }),
});

/** Hold ids in paths. */
export const holdPath = z.strictObject({ id: idOf('hold') });
