import { text } from 'drizzle-orm/pg-core';
import { instant, ledger } from './columns.ts';

/** What the database has of the files of ledger, for `npm run migrate`. */
export const source = ledger.table('source', {
  path: text('path').primaryKey(),
  hash: text('hash').notNull(),
  functions: text('functions').array().notNull(),
  appliedAt: instant('applied_at').notNull(),
});
