import {
  bigint,
  customType,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AccountKind, AccountStatus } from '../domain/account.ts';
import type { RailName } from '../domain/rail.ts';
import type { TransferState, WaitingFor } from '../domain/transfer.ts';

/** The tables that the migrations make, for reading; a test compares the two. Amounts are bigint, times are Dates. */
export const ledger = pgSchema('ledger');

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });
/** Milliseconds are what our commits have, so a JS Date loses nothing. */
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** Has microseconds, which a Date would lose and a page's cursor needs: the text that Postgres prints. */
const exactInstant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
const count = (name: string) => bigint(name, { mode: 'bigint' });

/** What the database has of the files of ledger, for `npm run migrate`. */
export const source = ledger.table('source', {
  path: text('path').primaryKey(),
  hash: text('hash').notNull(),
  functions: text('functions').array().notNull(),
  appliedAt: instant('applied_at').notNull(),
});

export const tenant = ledger.table('tenant', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const apiKey = ledger.table('api_key', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  name: text('name').notNull(),
  hash: bytea('hash').notNull(),
  last4: text('last4').notNull(),
  scopes: text('scopes').array().notNull(),
  rateLimit: integer('rate_limit'),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
  createdAt: exactInstant('created_at').notNull(),
});

export const audit = ledger.table('audit', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id'),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  detail: jsonb('detail').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const rail = ledger.table('rail', {
  name: text('name').$type<RailName>().primaryKey(),
  breaker: text('breaker').$type<'closed' | 'open'>().notNull(),
  probeAt: instant('probe_at'),
  heldBy: text('held_by'),
  windowStartedAt: instant('window_started_at').notNull(),
  good: integer('good').notNull(),
  bad: integer('bad').notNull(),
  badSources: text('bad_sources').array().notNull(),
  probedTenants: text('probed_tenants').array().notNull(),
  probedBanks: text('probed_banks').array().notNull(),
  changedAt: instant('changed_at').notNull(),
  takenAt: instant('taken_at').notNull(),
});

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
  debitPending: count('debit_pending').notNull(),
  creditPending: count('credit_pending').notNull(),
  seq: count('seq').notNull(),
  version: count('version').notNull(),
  /** `-infinity` until the first posting, which no Date can hold. */
  lastAt: exactInstant('last_at').notNull(),
});

export const transferKey = ledger.table(
  'transfer_key',
  {
    tenantId: uuid('tenant_id').notNull(),
    key: text('key').notNull(),
    fingerprint: bytea('fingerprint').notNull(),
    transferId: uuid('transfer_id'),
    entryId: uuid('entry_id'),
    thingId: uuid('thing_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.tenantId, table.key] })],
);

/** A bank account as the writer functions store it. */
export type StoredBank = { routingNumber: string; accountNumber: string; name: string };

export const transfer = ledger.table('transfer', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  state: text('state').$type<TransferState>().notNull(),
  event: text('event').notNull(),
  version: integer('version').notNull(),
  amount: count('amount').notNull(),
  currency: text('currency').notNull(),
  rail: text('rail').$type<RailName>().notNull(),
  sourceAccountId: uuid('source_account_id'),
  destinationAccountId: uuid('destination_account_id'),
  destinationBank: jsonb('destination_bank').$type<StoredBank>(),
  idempotencyKey: text('idempotency_key').notNull(),
  reference: text('reference'),
  description: text('description'),
  metadata: jsonb('metadata').$type<Record<string, string>>().notNull(),
  executeAt: instant('execute_at'),
  refusalCode: text('refusal_code'),
  refusalDetail: text('refusal_detail'),
  attentionReason: text('attention_reason'),
  attentionSince: instant('attention_since'),
  nextWhat: text('next_what'),
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
});

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
  },
  (table) => [primaryKey({ columns: [table.transferId, table.attemptN, table.n] })],
);

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
    transferId: uuid('transfer_id').notNull(),
    version: integer('version').notNull(),
    fromState: text('from_state').$type<TransferState>(),
    event: text('event').notNull(),
    toState: text('to_state').$type<TransferState>().notNull(),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    batchId: count('batch_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.transferId, table.version, table.createdAt] })],
);

export const webhookEndpoint = ledger.table('webhook_endpoint', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  url: text('url').notNull(),
  description: text('description'),
  secret: text('secret').notNull(),
  status: text('status').$type<'enabled' | 'disabled'>().notNull(),
  disabledReason: text('disabled_reason'),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

export const noticeDue = ledger.table(
  'notice_due',
  {
    endpointId: uuid('endpoint_id').notNull(),
    eventId: uuid('event_id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    transferId: uuid('transfer_id').notNull(),
    version: integer('version').notNull(),
    tries: integer('tries').notNull(),
    nextAt: instant('next_at').notNull(),
    eventAt: instant('event_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.endpointId, table.transferId, table.version] })],
);

export const delivery = ledger.table('delivery', {
  id: uuid('id').primaryKey(),
  endpointId: uuid('endpoint_id').notNull(),
  eventId: uuid('event_id').notNull(),
  tenantId: uuid('tenant_id').notNull(),
  transferId: uuid('transfer_id').notNull(),
  try: integer('try').notNull(),
  outcome: text('outcome').$type<'delivered' | 'failed' | 'given_up'>().notNull(),
  status: integer('status'),
  error: text('error'),
  tookMs: integer('took_ms').notNull(),
  createdAt: exactInstant('created_at').notNull(),
});

export const transition = ledger.table(
  'transition',
  {
    fromState: text('from_state').notNull(),
    event: text('event').notNull(),
    toState: text('to_state').notNull(),
  },
  (table) => [primaryKey({ columns: [table.fromState, table.event, table.toState] })],
);
