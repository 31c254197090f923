import { integer, jsonb, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { HoldState } from '../../domain/hold.ts';
import { count, instant, ledger } from './columns.ts';

export const clientHold = ledger.table('client_hold', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  sourceAccountId: uuid('source_account_id').notNull(),
  destinationAccountId: uuid('destination_account_id').notNull(),
  currency: text('currency').notNull(),
  amount: count('amount').notNull(),
  capturedAmount: count('captured_amount').notNull(),
  captures: smallint('captures').notNull(),
  state: text('state').$type<HoldState>().notNull(),
  version: integer('version').notNull(),
  reference: text('reference'),
  metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
  releaseReason: text('release_reason'),
  expiresAt: instant('expires_at').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  closedAt: instant('closed_at'),
});

export const holdRequest = ledger.table('hold_request', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  holdId: uuid('hold_id').notNull(),
  act: text('act').$type<'create' | 'capture' | 'release'>().notNull(),
  refusalCode: text('refusal_code'),
  entryId: uuid('entry_id'),
  amount: count('amount'),
  capturedAmount: count('captured_amount'),
  holdState: text('hold_state').$type<'open' | 'captured'>(),
  createdAt: instant('created_at').notNull(),
});
