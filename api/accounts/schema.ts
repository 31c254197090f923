import { z } from 'zod';
import { type AccountKind, accountKinds, accountStatuses } from '../../domain/account.ts';
import {
  currency,
  idOf,
  instant,
  metadata,
  metadataChange,
  newMetadata,
  optional,
  reference,
  sum,
  text,
  time,
} from '../http/fields.ts';
import { pageOf } from '../http/pagination.ts';

const kinds = Object.keys(accountKinds) as [AccountKind, ...AccountKind[]]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant

/** The balance of an account. A past balance has no held and available: they are null. */
export const balance = z
  .strictObject({
    object: z.literal('balance'),
    account_id: z.string(),
    currency: z.string(),
    posted: sum,
    held: sum.nullable(),
    available: sum.nullable(),
    seq: z.string().meta({ description: "The account's number of its last posting, without gaps." }),
    as_of: time,
  })
  .meta({
    id: 'Balance',
    description: 'posted: final. held: reserved for transfers that are not final. available = posted - held.',
  });

export type BalanceView = z.infer<typeof balance>;

/** An account as clients see it. */
export const account = z
  .strictObject({
    id: z.string(),
    object: z.literal('account'),
    name: z.string(),
    currency: z.string(),
    kind: z.enum(kinds),
    status: z.enum(accountStatuses),
    overdraft_limit: sum.nullable().meta({ description: 'How far below zero it may go. Null: no limit.' }),
    reference: z.string().nullable(),
    metadata,
    balance,
    created_at: time,
  })
  .meta({ id: 'Account' });

export type AccountView = z.infer<typeof account>;

/** The body of `POST /v1/accounts`. */
export const newAccount = z
  .strictObject({
    name: text(200),
    currency,
    kind: z
      .enum(['customer', 'funding'])
      .nullish()
      .transform((kind) => kind ?? ('customer' as const))
      .meta({
        description:
          '`funding` stands for the outside, where customer money comes from; it needs `accounts:admin`. `customer` unless given.',
      }),
    overdraft_limit: optional(
      z.string('must be a string of digits').regex(/^(0|[1-9][0-9]{0,17})$/, 'must be minor units: up to 18 digits'),
    ).meta({
      description:
        'How far below zero a customer account may go; above 0 it needs `accounts:admin`. A funding account has no limit, so it takes none.',
    }),
    reference: optional(reference),
    metadata: optional(newMetadata),
  })
  .refine(({ kind, overdraft_limit: limit }) => kind === 'customer' || limit === undefined, {
    path: ['overdraft_limit'],
    error: 'must be absent for a funding account, which has no limit',
  })
  .meta({ id: 'NewAccount' });

/** The body of `PATCH /v1/accounts/{id}`. */
export const accountChange = z
  .strictObject({
    status: z.enum(accountStatuses).optional(),
    name: text(200).optional(),
    metadata: metadataChange.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({
    id: 'AccountChange',
    description: 'frozen: no new transfers; those on their way continue. closed: final, and only when empty.',
  });

/** The parameters of `GET /v1/accounts`. */
export const accountQuery = z.strictObject({
  ...pageOf('accounts'),
  reference: reference.optional(),
  status: z.enum(accountStatuses).optional(),
});

/** The parameters of `GET /v1/accounts/{id}/balance`. */
export const balanceQuery = z.strictObject({
  at: instant
    .refine((date) => date.getTime() <= Date.now(), 'must not be in the future')
    .optional()
    // A commit has the time at which it began, and is visible when it ends: at most three seconds later, the statement timeout.
    .meta({
      description:
        'The balance as it was posted at that instant. Once that instant is 5 s ago, the answer no longer changes.',
    }),
});

/** The parameters of `GET /v1/accounts/{id}/postings`. */
export const postingQuery = z.strictObject({
  ...pageOf('postings'),
  from: instant.optional(),
  to: instant.optional().meta({ description: 'Not included.' }),
});

/** What one leg of an entry did to one account. */
export const posting = z
  .strictObject({
    id: z.string(),
    object: z.literal('posting'),
    account_id: z.string(),
    entry_id: z.string(),
    transfer_id: z.string().nullable(),
    seq: z.string(),
    amount: sum.meta({ description: "Positive where it raised the account's balance." }),
    balance_after: sum,
    effective_at: time,
    created_at: time,
  })
  .meta({ id: 'Posting' });

/** Account ids in paths. */
export const accountPath = z.strictObject({ id: idOf('account') });
