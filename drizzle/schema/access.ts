import { boolean, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { bytea, count, exactInstant, instant, ledger, xid8 } from './columns.ts';

export const tenant = ledger.table('tenant', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
  rateLimit: integer('rate_limit'),
  disabledAt: instant('disabled_at'),
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
  createdBy: uuid('created_by'),
  accountIds: uuid('account_ids').array(),
  amountMax: count('amount_max'),
  addresses: text('addresses').array(),
  replacesId: uuid('replaces_id'),
  lastUsedAt: instant('last_used_at'),
  version: integer('version').notNull(),
});

export const apiKeySeal = ledger.table('api_key_seal', {
  onlyRow: boolean('only_row').primaryKey(),
  seal: bytea('seal').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const audit = ledger.table('audit', {
  id: uuid('id').primaryKey(),
  tenantId: uuid('tenant_id'),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  detail: jsonb('detail').notNull(),
  createdAt: exactInstant('created_at').notNull(),
  xid: xid8('xid').notNull(),
});
