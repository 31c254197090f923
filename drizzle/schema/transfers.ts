import { integer, jsonb, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { BankAccount } from '../../domain/destination.ts';
import type { AttentionReason, NextWhat, WaitingFor } from '../../domain/next-step.ts';
import type { RailName } from '../../domain/rail.ts';
import type { TransferState } from '../../domain/transfer.ts';
import { bytea, count, instant, ledger } from './columns.ts';

export const idempotencyKey = ledger.table(
  'idempotency_key',
  {
    tenantId: uuid('tenant_id').notNull(),
    key: text('key').notNull(),
    fingerprint: bytea('fingerprint').notNull(),
    transferId: uuid('transfer_id'),
    entryId: uuid('entry_id'),
    resourceId: uuid('resource_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.key] })],
);

export const transfer = ledger.table('transfer', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  state: text('state').$type<TransferState>().notNull(),
  cause: text('cause').notNull(),
  version: integer('version').notNull(),
  amount: count('amount').notNull(),
  currency: text('currency').notNull(),
  rail: text('rail').$type<RailName>().notNull(),
  sourceAccountId: uuid('source_account_id'),
  destinationAccountId: uuid('destination_account_id'),
  destinationBank: jsonb('destination_bank').$type<BankAccount>(),
  idempotencyKey: text('idempotency_key').notNull(),
  reference: text('reference'),
  description: text('description'),
  metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
  executeAt: instant('execute_at'),
  refusalCode: text('refusal_code'),
  refusalDetail: text('refusal_detail'),
  attentionReason: text('attention_reason').$type<AttentionReason>(),
  attentionSince: instant('attention_since'),
  nextWhat: text('next_what').$type<NextWhat>(),
  nextAt: instant('next_at'),
  waitingFor: text('waiting_for').$type<WaitingFor>(),
  createdByGroup: uuid('created_by_group').notNull(),
  carrier: uuid('carrier'),
  entryId: uuid('entry_id'),
  reversesId: uuid('reverses_id'),
  reversedById: uuid('reversed_by_id'),
  traceparent: text('traceparent'),
  stateSince: instant('state_since').notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  completedAt: instant('completed_at'),
  attentionAcknowledgedAt: instant('attention_acknowledged_at'),
});

export const transition = ledger.table(
  'transition',
  {
    fromState: text('from_state').notNull(),
    cause: text('cause').notNull(),
    toState: text('to_state').notNull(),
  },
  (table) => [primaryKey({ columns: [table.fromState, table.cause, table.toState] })],
);

export const hold = ledger.table('hold', {
  transferId: uuid('transfer_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  accountId: uuid('account_id').notNull(),
  counterAccountId: uuid('counter_account_id').notNull(),
  amount: count('amount').notNull(),
  currency: text('currency').notNull(),
  state: text('state').$type<'active' | 'captured' | 'released'>().notNull(),
  createdAt: instant('created_at').notNull(),
  closedAt: instant('closed_at'),
});

export const attempt = ledger.table(
  'attempt',
  {
    transferId: uuid('transfer_id').notNull(),
    n: smallint('n').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    rail: text('rail').$type<RailName>().notNull(),
    railKey: text('rail_key').notNull(),
    clearingAccountId: uuid('clearing_account_id').notNull(),
    outcome: text('outcome').$type<'accepted' | 'rejected'>(),
    railReference: text('rail_reference'),
    code: text('code'),
    inquiries: integer('inquiries').notNull(),
    askedAt: instant('asked_at'),
    contradictedAt: instant('contradicted_at'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.transferId, table.n] })],
);

export const send = ledger.table(
  'send',
  {
    transferId: uuid('transfer_id').notNull(),
    attemptN: smallint('attempt_n').notNull(),
    n: smallint('n').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    sender: uuid('sender').notNull(),
    grantedAt: instant('granted_at').notNull(),
    leaseUntil: instant('lease_until').notNull(),
    outcome: text('outcome').$type<'accepted' | 'rejected' | 'not_taken' | 'not_sent' | 'unknown'>(),
    code: text('code'),
    answeredAt: instant('answered_at'),
    railReference: text('rail_reference'),
    correctedAt: instant('corrected_at'),
  },
  (table) => [primaryKey({ columns: [table.transferId, table.attemptN, table.n] })],
);

export const contradiction = ledger.table(
  'contradiction',
  {
    transferId: uuid('transfer_id').notNull(),
    attemptN: smallint('attempt_n').notNull(),
    outcome: text('outcome').$type<'accepted' | 'rejected'>().notNull(),
    railReference: text('rail_reference').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    rail: text('rail').$type<RailName>().notNull(),
    source: text('source').notNull(),
    sendN: smallint('send_n'),
    code: text('code'),
    entryId: uuid('entry_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.transferId, table.attemptN, table.outcome, table.railReference] })],
);
