import { z } from 'zod';
import { transferStates, type WaitingFor } from '../../domain/transfer.ts';
import type { RailDefinition } from '../../rails/definition.ts';
import { networks, railNames } from '../../rails/index.ts';
import {
  amount,
  currency,
  idOf,
  instant,
  metadata,
  newMetadata,
  optional,
  reference,
  text,
  time,
} from '../http/fields.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { pageOf } from '../http/pagination.ts';
import { refusals } from '../http/refusals.ts';
import { bankAccountOf, bankAccountView, toComponent } from './bank-account.ts';

/** How far ahead a transfer may be dated. */
const executeAtDaysMax = 90;
const dayMs = 86_400_000;

// A past instant means immediately, and is not refused: a request that is repeated later must still be the same.
const executeAt = instant
  .refine(
    (date) => date.getTime() <= Date.now() + executeAtDaysMax * dayMs,
    `must be at most ${executeAtDaysMax} days ahead`,
  )
  .meta({ description: `When to send it, at most ${executeAtDaysMax} days ahead. Absent or past: immediately.` });

const ownAccount = z.strictObject({ account_id: idOf('account') }).meta({ id: 'OwnAccount' });

const terms = {
  amount,
  currency,
  source: ownAccount,
  reference: optional(reference),
  description: optional(text(500)),
  execute_at: optional(executeAt),
  metadata: optional(newMetadata),
};

/** A typed client names both kinds of destination and leaves one null. */
const absent = z.null().optional();

const newBookTransfer = z
  .strictObject({ rail: z.literal('book'), destination: ownAccount.extend({ bank: absent }), ...terms })
  .meta({ id: 'NewBookTransfer' });

const newBankTransfer = ({ name, destinations }: RailDefinition) =>
  z
    .strictObject({
      rail: z.literal(name),
      destination: z.strictObject({ bank: bankAccountOf(destinations), account_id: absent }),
      ...terms,
    })
    .meta({ id: `New${toComponent(name)}Transfer` });

/** The body of `POST /v1/transfers`, of each rail. */
export const newTransfer = z
  .discriminatedUnion(
    'rail',
    [newBookTransfer, ...networks.map(newBankTransfer)],
    `must be one of: ${railNames.join(', ')}`,
  )
  .meta({ id: 'NewTransfer' });

export type NewTransfer = z.infer<typeof newTransfer>;

const refusalCode = z.enum(Object.keys(refusals) as [string, ...string[]]); // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant

/** What a transfer may wait for. */
export const waiters = ['date', 'rail', 'bank', 'worker', 'answer', 'person'] as const satisfies readonly WaitingFor[];

/** A transfer as clients see it. */
export const transfer = z
  .strictObject({
    id: z.string(),
    object: z.literal('transfer'),
    status: z.enum(transferStates),
    amount,
    currency: z.string(),
    rail: z.enum(railNames),
    source: z.strictObject({ account_id: z.string().nullable() }),
    destination: z.union([
      z.strictObject({ account_id: z.string().nullable() }),
      z.strictObject({ bank: bankAccountView }),
    ]),
    reference: z.string().nullable(),
    description: z.string().nullable(),
    execute_at: time.nullable(),
    metadata,
    refusal: z.strictObject({ code: refusalCode, detail: z.string().nullable() }).nullable(),
    attention: z
      .strictObject({ reason: z.string(), since: time })
      .nullable()
      .meta({ description: 'A person should look at it.' }),
    next: z
      .strictObject({ what: z.string(), at: time, waiting_for: z.enum(waiters) })
      .nullable()
      .meta({ description: 'What happens next, when, and what it waits for. Null when nothing does.' }),
    entry_ids: z.array(z.string()),
    reverses_id: z.string().nullable(),
    reversed_by_id: z.string().nullable(),
    version: z.int(),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    workflow: z
      .strictObject({ id: z.string(), url: z.string() })
      .optional()
      .meta({ description: 'Where an operator sees its workflow. Only with the scope `operations`.' }),
  })
  .meta({ id: 'Transfer' });

export type TransferView = z.infer<typeof transfer>;

/** The parameters of `GET /v1/transfers`. */
export const transferQuery = z.strictObject({
  ...pageOf('transfers'),
  status: z
    .string()
    .transform((list) => list.split(','))
    .pipe(
      z
        .array(z.enum(transferStates, 'must be a list of states, separated by commas'))
        .min(1)
        .max(transferStates.length),
    )
    .optional()
    .meta({ description: 'One or more states, separated by commas.', examples: ['submitting,unknown'] }),
  account_id: idOf('account').optional(),
  rail: z.enum(railNames).optional(),
  reference: reference.optional(),
  attention: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  idempotency_key: idempotencyKey
    .optional()
    .meta({ description: 'The one transfer that this key made, if any: bare or in quotes, as in the header.' }),
  created_from: instant.optional().meta({ description: 'Transfers created at this instant or later.' }),
  created_to: instant.optional().meta({ description: 'Transfers created before this instant.' }),
});

/** One step of a transfer's story. */
export const event = z
  .strictObject({
    id: z.string(),
    object: z.literal('event'),
    transfer_id: z.string(),
    version: z.int(),
    type: z.string().meta({ examples: ['transfer.completed'] }),
    from: z.enum(transferStates).nullable(),
    to: z.enum(transferStates),
    cause: z.string().meta({ description: 'What happened: book_posted, reserved, accepted, no_answer, …' }),
    evidence: z.record(z.string(), z.unknown()).meta({
      description: 'The evidence. `source`: request, ledger, dispatch, reply, inquiry, report, carrier or sweep.',
    }),
    created_at: time,
  })
  .meta({ id: 'Event' });

/** A submission to a rail under one rail key, with every grant to put it on the network. */
export const attempt = z
  .strictObject({
    id: z.string(),
    object: z.literal('attempt'),
    rail: z.enum(railNames),
    rail_key: z.string(),
    outcome: z.enum(['accepted', 'rejected']).nullable(),
    rail_reference: z.string().nullable(),
    code: z.string().nullable(),
    sends: z.array(
      z.strictObject({
        n: z.int(),
        granted_at: time,
        outcome: z.enum(['accepted', 'rejected', 'not_taken', 'not_sent', 'unknown']).nullable(),
        code: z.string().nullable().meta({ description: 'What the outcome was made from, such as connection_reset.' }),
        rail_reference: z.string().nullable(),
        answered_at: time.nullable(),
      }),
    ),
  })
  .meta({ id: 'Attempt' });

/** A list in one page. */
export const allOf = (id: string, thing: z.ZodType) =>
  z.strictObject({ data: z.array(thing), next_cursor: z.null() }).meta({ id, description: 'All of them.' });
