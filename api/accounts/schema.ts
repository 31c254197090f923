import { z } from 'zod';
import { type AccountKind, accountKinds, accountStatuses } from '../../domain/account.ts';
import {
  currency,
  currencyCode,
  idOf,
  instant,
  metadata,
  metadataChange,
  newMetadata,
  optional,
  publicId,
  reference,
  referenceShown,
  sequence,
  sum,
  text,
  time,
} from '../http/fields.ts';
import { versionCondition } from '../http/if-match.ts';
import { pageOf } from '../http/pagination.ts';
import { readOnly } from '../http/read-only.ts';

const kinds = Object.keys(accountKinds) as [AccountKind, ...AccountKind[]]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the keys of a constant

/** The balance of an account. A past balance has no held and available: they are null. */
export const balance = z
  .strictObject({
    object: z.literal('balance'),
    account_id: publicId('account'),
    currency: currencyCode,
    posted: sum,
    held: sum.nullable(),
    available: sum.nullable(),
    seq: sequence.meta({ description: "The account's number of its last posting, without gaps." }),
    as_of: time.meta({ description: 'The instant that it is of.' }),
  })
  .meta({
    id: 'Balance',
    description:
      'posted: final. held: reserved for what is not final. available = posted - held. For a past instant held and available are null.',
  });

export type BalanceView = z.infer<typeof balance>;

/** An account as clients see it. */
export const account = z
  .strictObject({
    id: publicId('account'),
    object: z.literal('account'),
    name: z.string(),
    currency: currencyCode,
    kind: z.enum(kinds).meta({
      description: 'You open `customer` and `funding` accounts; the platform keeps the others.',
    }),
    status: z.enum(accountStatuses).meta({
      description: 'frozen: nothing new; what is on its way continues. closed: final, and empty.',
    }),
    overdraft_limit: sum.nullable().meta({ description: 'How far below zero it may go. Null: no limit.' }),
    reference: referenceShown,
    metadata,
    balance,
    version: z
      .int()
      .meta({ description: 'Changes with each change of the account, not with its balance. Also its `ETag`.' }),
    created_at: time,
    updated_at: time.meta({ description: 'When it was last changed; its balance has times of its own.' }),
  })
  .meta({ id: 'Account', description: 'What holds money of one currency, with its balance.' });

export type AccountView = z.infer<typeof account>;

const overdraftLimit = z
  .string('must be a string of digits')
  .regex(/^(0|[1-9][0-9]{0,17})$/, 'must be minor units: up to 18 digits');

const newKind = z
  .enum(['customer', 'funding'])
  .meta({ id: 'NewAccountKind', description: 'A kind of account that a client opens.' });

/** The body of `POST /v1/accounts`. */
export const newAccount = z
  .strictObject({
    name: text(200),
    currency,
    kind: newKind
      .nullish()
      .transform((kind) => kind ?? ('customer' as const))
      .meta({
        description:
          '`funding` stands for the outside, where customer money comes from; it needs `accounts:admin`. `customer` unless given.',
      }),
    overdraft_limit: optional(overdraftLimit).meta({
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
  .meta({ id: 'NewAccount', description: 'An account to open.' });

/** What a change of an account cannot change. Its balance and the time of its last change move by themselves. */
export const accountReadOnly = ['id', 'object', 'currency', 'kind', 'created_at'] as const;

/** The body of `PATCH /v1/accounts/{id}`. */
export const accountChange = z
  .strictObject({
    status: z.enum(accountStatuses).optional(),
    name: text(200).optional(),
    reference: reference.nullish().meta({ description: 'Null removes it.' }),
    metadata: metadataChange.optional(),
    overdraft_limit: overdraftLimit.nullish().meta({
      description: 'Another limit needs `accounts:admin`. Null, as a funding account has it, changes nothing.',
    }),
    version: versionCondition,
    id: readOnly(publicId('account')),
    object: readOnly(z.literal('account')),
    currency: readOnly(currencyCode),
    kind: readOnly(z.enum(kinds)),
    balance: readOnly(balance),
    created_at: readOnly(time),
    updated_at: readOnly(time),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({
    id: 'AccountChange',
    override: { minProperties: 1 },
    description: 'frozen: nothing new; what is on its way continues. closed: final, and only when empty.',
  });

/** The parameters of `GET /v1/accounts`. */
export const accountQuery = z.strictObject({
  ...pageOf('accounts'),
  reference: reference.optional().meta({ description: 'Accounts with exactly this reference.' }),
  status: z.enum(accountStatuses).optional().meta({ description: 'Accounts with this status.' }),
  kind: z.enum(kinds).optional().meta({ description: 'Accounts of this kind.' }),
});

/** The parameters of `GET /v1/accounts/{id}/balance`. */
export const balanceQuery = z.strictObject({
  at: instant
    .refine((date) => date.getTime() <= Date.now(), 'must not be in the future')
    .optional()
    // A commit has the time at which it began, and is visible when it ends: at most three seconds later, the statement timeout.
    .meta({
      description:
        'The balance of what was posted up to that instant, by `created_at`: an entry that is dated back changes no past balance. Once that instant is 5 s ago, the answer no longer changes.',
    }),
});

/** The parameters of `GET /v1/accounts/{id}/postings`. */
export const postingQuery = z.strictObject({
  ...pageOf('postings'),
  from: instant.optional().meta({ description: 'Postings made at this instant or later.' }),
  to: instant.optional().meta({ description: 'Postings made before this instant.' }),
});

/** What one leg of an entry did to one account. */
export const posting = z
  .strictObject({
    id: publicId('posting'),
    object: z.literal('posting'),
    account_id: publicId('account'),
    entry_id: publicId('entry'),
    transfer_id: publicId('transfer').nullable(),
    seq: sequence.meta({ description: "The account's number of this posting, without gaps." }),
    amount: sum.meta({ description: "Positive where it raised the account's balance." }),
    balance_after: sum.meta({ description: 'What was posted on the account after it.' }),
    effective_at: time,
    created_at: time,
  })
  .meta({ id: 'Posting', description: 'What one leg of an entry did to one account.' });

/** Account ids in paths. */
export const accountPath = z.strictObject({ id: idOf('account') });
