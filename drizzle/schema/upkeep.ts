import { text, uuid } from 'drizzle-orm/pg-core';
import { instant, ledger } from './columns.ts';

export const upkeepRun = ledger.table('upkeep_run', {
  name: text('name').primaryKey(),
  finishedAt: instant('finished_at').notNull(),
  steadySince: instant('steady_since').notNull(),
});

export const workerQueue = ledger.table('worker_queue', {
  name: text('name').primaryKey(),
  seenAt: instant('seen_at').notNull(),
});

export const acknowledgement = ledger.table('acknowledgement', {
  transferId: uuid('transfer_id').notNull(),
  reason: text('reason').notNull(),
  tenantId: uuid('tenant_id').notNull(),
  actor: text('actor').notNull(),
  why: text('why').notNull(),
  at: instant('at').notNull(),
});
