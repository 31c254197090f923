import type { z } from 'zod';
import { entryRefusals, type Leg } from '../../domain/entry.ts';
import { operation } from '../http/operation.ts';
import { mayDebit } from './may-debit.ts';
import { postEntry } from './post.ts';
import { entry, newEntry } from './schema.ts';

type NewEntryBody = z.infer<typeof newEntry>;

/** `POST /v1/entries`: posts balanced legs in one commit, all or none, without a workflow. */
export const createEntry = operation({
  id: 'postEntry',
  summary: 'Post an entry',
  description:
    'Posts all legs in one commit, or none. The answer is what the ledger decided, and never changes for its key. 422: refused, for the whole entry; the detail names the leg. To debit a funding account the key also needs the scope `funding:write`.',
  body: newEntry,
  needsKey: true,
  status: 201,
  success: 'The entry as it was posted.',
  hasLedgerToken: true,
  response: entry,
  refusals: [...entryRefusals, 'idempotency_key_reused'],
  permit: ({ body, caller }, deps) => mayDebit(toLegs(body), caller, deps),
  run: (input, deps) => postEntry({ input, legs: toLegs(input.body), reversesId: null }, deps),
});

const toLegs = ({ legs }: NewEntryBody): Leg[] =>
  legs.map((leg) => ({
    debitAccountId: leg.debit_account_id,
    creditAccountId: leg.credit_account_id,
    amount: leg.amount,
    currency: leg.currency,
  }));
