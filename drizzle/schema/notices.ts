import { boolean, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { SubjectType } from '../../domain/event.ts';
import { exactInstant, instant, ledger } from './columns.ts';

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
  failingSince: instant('failing_since'),
  pausedUntil: instant('paused_until'),
  pauses: integer('pauses').notNull(),
  isRestarting: boolean('is_restarting').notNull(),
  disabledAt: instant('disabled_at'),
  keptUntil: instant('kept_until'),
  keptCountedAt: instant('kept_counted_at').notNull(),
  version: integer('version').notNull(),
  eventTypes: text('event_types').array(),
  oldSecret: text('old_secret'),
  oldSecretUntil: instant('old_secret_until'),
});

export const noticeDue = ledger.table(
  'notice_due',
  {
    endpointId: uuid('endpoint_id').notNull(),
    eventId: uuid('event_id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    version: integer('version').notNull(),
    tries: integer('tries').notNull(),
    nextAt: instant('next_at').notNull(),
    eventAt: instant('event_at').notNull(),
    subjectType: text('subject_type').$type<SubjectType>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.endpointId, table.subjectId, table.version] })],
);

export const delivery = ledger.table(
  'delivery',
  {
    id: uuid('id').notNull(),
    endpointId: uuid('endpoint_id').notNull(),
    eventId: uuid('event_id').notNull(),
    tenantId: uuid('tenant_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    try: integer('try').notNull(),
    outcome: text('outcome').$type<'delivered' | 'failed' | 'given_up'>().notNull(),
    status: integer('status'),
    error: text('error'),
    tookMs: integer('took_ms').notNull(),
    createdAt: exactInstant('created_at').notNull(),
    subjectType: text('subject_type').$type<SubjectType>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.createdAt] })],
);

export const deletedEndpoint = ledger.table('deleted_endpoint', {
  endpointId: uuid('endpoint_id').primaryKey(),
  tenantId: uuid('tenant_id').notNull(),
  deletedAt: exactInstant('deleted_at').notNull(),
});
