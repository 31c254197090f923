import type pg from 'pg';
import type { DetachRefusal } from '../../domain/detaching.ts';
import { call } from '../call.ts';

/**
 * A month of entries, postings and events. `entries`: how many it has, once they were counted. `refusals`: why it may not be detached now, which is
 * looked at for the oldest that is attached; empty for one that is detached.
 */
export type ListedMonth = {
  month: string;
  status: 'attached' | 'keeping' | 'kept' | 'detached';
  detached_at: string | null;
  entries: string | null;
  refusals: DetachRefusal[];
};

/** The months up to this one, oldest first. `keep`: how many whole months before this one stay attached. */
export const ledgerMonths = (pool: pg.Pool, keep: number): Promise<ListedMonth[]> =>
  call(pool, 'select ledger.list_months($1) as answer', [keep]);
