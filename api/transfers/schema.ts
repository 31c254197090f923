import { z } from 'zod';
import { attentionReasons, nextSteps, waiters } from '../../domain/next-step.ts';
import { transferStates } from '../../domain/transfer.ts';
import type { RailDefinition } from '../../rails/definition.ts';
import { networks, railNames } from '../../rails/index.ts';
import {
  amount,
  currency,
  currencyCode,
  flag,
  idOf,
  instant,
  metadata,
  newMetadata,
  optional,
  ownAccount,
  publicId,
  reference,
  referenceShown,
  severalOf,
  text,
  time,
} from '../http/fields.ts';
import { idempotencyKey } from '../http/idempotency-key.ts';
import { pageOf } from '../http/pagination.ts';
import { refusalCode } from '../openapi/problems.ts';
import { bankAccountOf, bankAccountView, toComponent } from './bank-account.ts';

/** How far ahead a transfer may be dated. */
const executeAtDaysMax = 90;
const dayMs = 86_400_000;

// A past instant is the ledger's to refuse, once: a request that is repeated later must still be the same.
const executeAt = instant
  .refine(
    (date) => date.getTime() <= Date.now() + executeAtDaysMax * dayMs,
    `must be at most ${executeAtDaysMax} days ahead`,
  )
  .meta({
    description: `When to send it, at most ${executeAtDaysMax} days ahead; its funds are held at once. Absent: immediately. More than a minute past is declined.`,
  });

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

const bookDestination = ownAccount
  .extend({ bank: absent })
  .meta({ id: 'NewBookDestination', description: 'The account of this ledger that a transfer goes to.' });

/** A new transfer on the book. */
export const newBookTransfer = z
  .strictObject({ rail: z.literal('book'), destination: bookDestination, ...terms })
  .meta({ id: 'NewBookTransfer', description: 'A transfer to another account of this ledger.' });

const bankDestination = ({ name, destinations }: RailDefinition) =>
  z.strictObject({ bank: bankAccountOf(destinations), account_id: absent }).meta({
    id: `New${toComponent(name)}Destination`,
    description: `The account at a bank that a transfer over the rail ${name} goes to.`,
  });

const newBankTransfer = (definition: RailDefinition) =>
  z.strictObject({ rail: z.literal(definition.name), destination: bankDestination(definition), ...terms }).meta({
    id: `New${toComponent(definition.name)}Transfer`,
    description: `A transfer to an account at a bank, over the rail ${definition.name}.`,
  });

/** A new transfer over each of the networks. */
export const newBankTransfers = networks.map((definition) => ({
  rail: definition.name,
  schema: newBankTransfer(definition),
}));

/** The body of `POST /v1/transfers`, of each rail. */
export const newTransfer = z
  .discriminatedUnion(
    'rail',
    [newBookTransfer, ...newBankTransfers.map(({ schema }) => schema)],
    `must be one of: ${railNames.join(', ')}`,
  )
  .meta({ id: 'NewTransfer', description: 'A transfer to make. `rail` says which kind.' });

export type NewTransfer = z.infer<typeof newTransfer>;

const described = (words: Readonly<Record<string, string>>): string =>
  Object.entries(words)
    .map(([word, meaning]) => `\`${word}\`: ${meaning}`)
    .join('\n\n');

/** A word of a table of the domain, with what each of them means. */
const wordOf = <Word extends string>(words: Readonly<Record<Word, string>>, id: string) =>
  z
    // The keys of a constant.
    .enum(Object.keys(words) as [Word, ...Word[]]) // oxlint-disable-line typescript/no-unsafe-type-assertion
    .meta({ id, description: `Words may be added.\n\n${described(words)}` });

const nextWhat = wordOf(nextSteps, 'NextStep');
const waitingFor = wordOf(waiters, 'WaitingFor');
const attentionReason = wordOf(attentionReasons, 'AttentionReason');

/** Where a transfer stands. */
export const transferStatus = z
  .enum(transferStates)
  .meta({ id: 'TransferStatus', description: 'Where it stands: see [the states](/states). States may be added.' });

/** One of our accounts, where a transfer comes from or goes to. */
const accountShown = z.strictObject({ account_id: publicId('account').nullable() }).meta({
  id: 'AccountShown',
  description: 'An account of this ledger; null when it was declined because there is none.',
});

/** One at a bank, where a transfer goes to. */
const bankAccountShown = z
  .strictObject({ bank: bankAccountView })
  .meta({ id: 'BankAccountShown', description: 'An account at a bank.' });

/** Why a transfer was declined, or rejected. */
export const refusalShown = z
  .strictObject({ code: refusalCode, detail: z.string().nullable() })
  .meta({ id: 'TransferRefusal', description: 'Why a transfer was declined, or rejected.' })
  .nullable();

const next = z
  .strictObject({ what: nextWhat, at: time, waiting_for: waitingFor })
  .meta({ id: 'TransferNext', description: 'What happens next, when, and what it waits for.' });

/** What a transfer does next. */
export const nextShown = next.nullable().meta({
  description:
    'What happens next, when, and what it waits for. Null when nothing does. `at` is never in the past of a read: what is due and not done yet shows the time of the read. The answer to a repeated request has that of the first answer.',
});

const attention = z
  .strictObject({ reason: attentionReason, since: time })
  .meta({ id: 'TransferAttention', description: 'Why a person should look at a transfer, and since when.' });

const workflow = z
  .strictObject({ id: z.string(), url: z.string() })
  .meta({ id: 'TransferWorkflow', description: 'The workflow of a transfer, as an operator finds it.' });

/** A transfer as clients see it. */
export const transfer = z
  .strictObject({
    id: publicId('transfer'),
    object: z.literal('transfer'),
    status: transferStatus,
    amount,
    currency: currencyCode,
    rail: z.enum(railNames),
    source: accountShown,
    destination: z.union([accountShown, bankAccountShown]),
    reference: referenceShown,
    description: z.string().nullable(),
    execute_at: time.nullable(),
    metadata,
    refusal: refusalShown,
    attention: attention.nullable().meta({ description: 'A person should look at it.' }),
    next: nextShown,
    entry_ids: z.array(publicId('entry')).meta({ description: 'The entries that it posted.' }),
    reverses_id: publicId('transfer').nullable().meta({ description: 'The transfer that this one undoes, or null.' }),
    reversed_by_id: publicId('transfer').nullable().meta({ description: 'The transfer that undid this one, or null.' }),
    version: z.int().meta({ description: 'Counts its events, from 1.' }),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    workflow: workflow
      .optional()
      .meta({ description: 'Where an operator sees its workflow. Only with the scope `operations`.' }),
  })
  .meta({ id: 'Transfer', description: 'Money on its way, or where it went.' });

export type TransferView = z.infer<typeof transfer>;

/** The parameters of `GET /v1/transfers`. */
export const transferQuery = z.strictObject({
  ...pageOf('transfers'),
  status: severalOf(transferStates, 'states').meta({
    description: 'Transfers in one of these states: separated by commas, or the parameter once for each.',
  }),
  account_id: idOf('account').optional().meta({ description: 'Transfers from or to this account.' }),
  rail: z.enum(railNames).optional().meta({ description: 'Transfers over this rail.' }),
  reference: reference.optional().meta({ description: 'Transfers with exactly this reference.' }),
  attention: flag
    .optional()
    .meta({ description: 'true: only those that a person should look at. false: only others.' }),
  idempotency_key: idempotencyKey
    .optional()
    .meta({ description: 'The one transfer that this key made, if any: bare or in quotes, as in the header.' }),
  created_from: instant.optional().meta({ description: 'Transfers created at this instant or later.' }),
  created_to: instant.optional().meta({ description: 'Transfers created before this instant.' }),
});

const sendOutcome = z
  .enum(['accepted', 'rejected', 'not_taken', 'not_sent', 'unknown'])
  .meta({ id: 'SendOutcome', description: 'What came of putting it on the network.' });

const attemptSend = z
  .strictObject({
    n: z.int(),
    granted_at: time,
    outcome: sendOutcome.nullable(),
    code: z.string().nullable().meta({ description: 'What the outcome was made from, such as connection_reset.' }),
    rail_reference: z.string().nullable(),
    answered_at: time.nullable(),
  })
  .meta({ id: 'AttemptSend', description: 'One grant to put an attempt on the network, and what came of it.' });

const attemptOutcome = z
  .enum(['accepted', 'rejected'])
  .meta({ id: 'AttemptOutcome', description: 'What the rail decided.' });

/** A submission to a rail under one rail key, with every grant to put it on the network. */
export const attempt = z
  .strictObject({
    id: z.string().meta({ description: 'The transfer and the number of the attempt: `tr_…/1`.' }),
    object: z.literal('attempt'),
    rail: z.enum(railNames),
    rail_key: z.string().meta({ description: 'What names the attempt on the rail; it never changes.' }),
    outcome: attemptOutcome.nullable(),
    rail_reference: z.string().nullable(),
    code: z.string().nullable(),
    sends: z.array(attemptSend),
  })
  .meta({ id: 'Attempt', description: 'A submission to a rail under one rail key.' });

/** A list in one page. */
export const allOf = (id: string, thing: z.ZodType) =>
  z.strictObject({ data: z.array(thing), next_cursor: z.null() }).meta({ id, description: 'All of them.' });
