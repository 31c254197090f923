import { bigint, date, integer, jsonb, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { count, instant, ledger, xid8 } from './columns.ts';

/** A month that is detached, is being detached, or was attached again. `month`: its first day. */
export const detachedMonth = ledger.table('detached_month', {
  month: date('month').primaryKey(),
  fromAt: instant('from_at').notNull(),
  toAt: instant('to_at').notNull(),
  status: text('status').$type<'keeping' | 'kept' | 'detached' | 'attached'>().notNull(),
  step: text('step').$type<'postings' | 'entries' | 'events' | 'statements' | 'whole'>().notNull(),
  afterId: uuid('after_id'),
  afterAt: instant('after_at'),
  afterSeq: bigint('after_seq', { mode: 'bigint' }),
  postings: count('postings').notNull(),
  entries: count('entries').notNull(),
  events: count('events').notNull(),
  ownXid: xid8('own_xid'),
  olderXid: xid8('older_xid'),
  begunAt: instant('begun_at').notNull(),
  detachedAt: instant('detached_at'),
});

/** Where an account stood after its last posting of a month. */
export const keptBalance = ledger.table(
  'kept_balance',
  {
    accountId: uuid('account_id').notNull(),
    month: date('month').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    currency: text('currency').notNull(),
    normal: smallint('normal').notNull(),
    seq: count('seq').notNull(),
    postedAt: instant('posted_at').notNull(),
    debitPosted: count('debit_posted').notNull(),
    creditPosted: count('credit_posted').notNull(),
    balanceAfter: count('balance_after').notNull(),
    changes: count('changes').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.month] })],
);

/** The first event of a transfer, and the one that cancelled it, as far as a repeated request is answered from them. */
export const keptEvent = ledger.table(
  'kept_event',
  {
    transferId: uuid('transfer_id').notNull(),
    version: integer('version').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    cause: text('cause').notNull(),
    toState: text('to_state').notNull(),
    evidence: jsonb('evidence').$type<Record<string, unknown>>(),
    balanceAfter: count('balance_after'),
  },
  (table) => [primaryKey({ columns: [table.transferId, table.version] })],
);

/** A leg as it is kept: amounts are numbers of JSON, and are read by the database. */
type KeptLeg = { leg: number; debit_account_id: string; credit_account_id: string; amount: number; currency: string };

/** What a repeated request for an entry is answered from: of those that were dated, or that somebody asked to reverse. */
export const keptEntry = ledger.table('kept_entry', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  effectiveAt: instant('effective_at').notNull(),
  legs: jsonb('legs').$type<KeptLeg[]>().notNull(),
});
