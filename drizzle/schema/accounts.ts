import { integer, jsonb, numeric, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { AccountKind, AccountStatus } from '../../domain/account.ts';
import type { RailName } from '../../domain/rail.ts';
import { count, exactInstant, instant, ledger } from './columns.ts';

export const account = ledger.table('account', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  name: text('name').notNull(),
  kind: text('kind').$type<AccountKind>().notNull(),
  currency: text('currency').notNull(),
  rail: text('rail').$type<RailName>(),
  reference: text('reference'),
  metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  version: integer('version').notNull(),
});

export const balance = ledger.table('balance', {
  accountId: uuid('account_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  kind: text('kind').$type<AccountKind>().notNull(),
  currency: text('currency').notNull(),
  status: text('status').$type<AccountStatus>().notNull(),
  normal: smallint('normal').notNull(),
  floor: count('floor'),
  debitPosted: count('debit_posted').notNull(),
  creditPosted: count('credit_posted').notNull(),
  debitHeld: count('debit_held').notNull(),
  creditHeld: count('credit_held').notNull(),
  seq: count('seq').notNull(),
  version: count('version').notNull(),
  /** `-infinity` until the first posting, which no Date can hold. */
  lastAt: exactInstant('last_at').notNull(),
  createdAt: instant('created_at').notNull(),
});

/** What all accounts of a tenant, currency and kind took in and gave out: the sum over the stripes. */
export const postedTotal = ledger.table(
  'posted_total',
  {
    tenantId: uuid('tenant_id').notNull(),
    currency: text('currency').notNull(),
    kind: text('kind').$type<AccountKind>().notNull(),
    stripe: count('stripe').generatedAlwaysAsIdentity().notNull(),
    debits: numeric('debits').notNull(),
    credits: numeric('credits').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.currency, table.kind, table.stripe] })],
);
