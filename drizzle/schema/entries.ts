import { bigint, date, integer, jsonb, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { SubjectType } from '../../domain/event.ts';
import { count, instant, ledger, xid8 } from './columns.ts';

export const batch = ledger.table('batch', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  xid: xid8('xid').notNull(),
  createdAt: instant('created_at').notNull(),
  commands: integer('commands').notNull(),
  entries: integer('entries').notNull(),
});

export const entry = ledger.table(
  'entry',
  {
    id: uuid('id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    transferId: uuid('transfer_id'),
    reversesId: uuid('reverses_id'),
    description: text('description'),
    metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
    effectiveAt: instant('effective_at').notNull(),
    batchId: count('batch_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.createdAt] })],
);

/** A month that a tenant closed. `month`: its first day. */
export const period = ledger.table(
  'period',
  {
    tenantId: uuid('tenant_id').notNull(),
    month: date('month').notNull(),
    closedBy: text('closed_by').notNull(),
    batchId: count('batch_id').notNull(),
    closedAt: instant('closed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.month] })],
);

/** What a request asked for, by the id of the entry that it made, or would have made. */
export const entryRequest = ledger.table('entry_request', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  reversesId: uuid('reverses_id'),
  refusalCode: text('refusal_code'),
  refusalLeg: smallint('refusal_leg'),
  createdAt: instant('created_at').notNull(),
});

export const posting = ledger.table(
  'posting',
  {
    accountId: uuid('account_id').notNull(),
    seq: count('seq').notNull(),
    id: uuid('id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    entryId: uuid('entry_id').notNull(),
    transferId: uuid('transfer_id'),
    leg: smallint('leg').notNull(),
    side: text('side').$type<'debit' | 'credit'>().notNull(),
    currency: text('currency').notNull(),
    amount: count('amount').notNull(),
    signed: count('signed').notNull(),
    balanceAfter: count('balance_after').notNull(),
    effectiveAt: instant('effective_at').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.createdAt, table.seq] })],
);

export const event = ledger.table(
  'event',
  {
    id: uuid('id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    version: integer('version').notNull(),
    fromState: text('from_state'),
    cause: text('cause').notNull(),
    toState: text('to_state').notNull(),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    batchId: count('batch_id').notNull(),
    createdAt: instant('created_at').notNull(),
    subjectType: text('subject_type').$type<SubjectType>().notNull(),
    xid: xid8('xid').notNull(),
  },
  (table) => [primaryKey({ columns: [table.subjectId, table.version, table.createdAt] })],
);
