import { text } from 'drizzle-orm/pg-core';
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
